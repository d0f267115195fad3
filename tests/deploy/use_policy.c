/* The C interface from C. Compiled by tests/policy_library.sh with a C compiler and linked with the policy library,
 * built in several ways: use_policy POLICY OBSERVATIONS ACTIONS reads numbers from the two files (`ddpg act` made the
 * second from the first) and compares bit by bit. */
#include <ddpg_policy.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kMost = 64 };

static int failures = 0;

static void check(int good, const char* what) {
  if (good) return;
  fprintf(stderr, "use_policy: %s\n", what);
  failures++;
}

static void check_errors(const char* path) {
  ddpg_policy* none = NULL;
  char message[200];
  float number = 0;
  check(ddpg_policy_load("no such file", &none, message, sizeof message) == DDPG_POLICY_CANNOT_READ, "missing file");
  check(none == NULL && strstr(message, "no such file") != NULL, "message of a missing file");
  check(ddpg_policy_load("no such file", &none, message, 4) == DDPG_POLICY_CANNOT_READ && strlen(message) == 3,
        "short message");
  check(ddpg_policy_load(NULL, &none, NULL, 0) == DDPG_POLICY_CANNOT_READ, "no path");
  check(ddpg_policy_load(path, NULL, NULL, 0) == DDPG_POLICY_WRONG_SIZE, "nowhere to put it");
  check(ddpg_policy_load_memory("DDPGPOL\n", 8, &none, NULL, 0) == DDPG_POLICY_TRUNCATED, "truncated");
  check(ddpg_policy_load_memory(NULL, 100, &none, NULL, 0) == DDPG_POLICY_TRUNCATED, "no bytes");
  check(ddpg_policy_load_memory("something else", 14, &none, NULL, 0) == DDPG_POLICY_NOT_A_POLICY, "not a policy");
  check(ddpg_policy_act(NULL, &number, 1, &number, 1) == DDPG_POLICY_NOT_LOADED, "act without a policy");
  check(ddpg_policy_verify(NULL, NULL, message, sizeof message) == DDPG_POLICY_NOT_LOADED, "verify without a policy");
  check(ddpg_policy_observation_size(NULL) == 0 && ddpg_policy_environment(NULL)[0] == '\0', "sizes without a policy");
  ddpg_policy_free(NULL);
}

static void check_facts(ddpg_policy* policy) {
  double largest = 1;
  check(ddpg_policy_verify(policy, &largest, NULL, 0) == DDPG_POLICY_OK && !(largest > 0), "verify");
  check(strcmp(ddpg_policy_environment(policy), "Pendulum-v1") == 0, "environment");
  check(strcmp(ddpg_policy_preset(policy), "default") == 0, "preset");
  check(strcmp(ddpg_policy_trained_by(policy), ddpg_policy_version()) == 0, "version");
  check(ddpg_policy_newest_format() == 4, "format");
  check(strcmp(ddpg_policy_observation_name(policy, 2), "angular velocity") == 0, "name");
  check(strcmp(ddpg_policy_observation_unit(policy, 2), "rad/s") == 0, "unit");
  check(strcmp(ddpg_policy_action_name(policy, 0), "torque") == 0, "action's name");
  check(strcmp(ddpg_policy_action_unit(policy, 1), "") == 0, "unit that is not there");
  check(fabs(ddpg_policy_control_period(policy) - 0.05) < 1e-12 && ddpg_policy_time_limit(policy) == 200,
        "specification");
  check(fabsf(ddpg_policy_action_low(policy, 0) + 2) < 1e-6f && fabsf(ddpg_policy_action_high(policy, 0) - 2) < 1e-6f,
        "bounds");
  check(ddpg_policy_seed(policy) == 3 && ddpg_policy_step(policy) > 0, "provenance");
  check(ddpg_policy_mean_return(policy) < 0, "return");
}

static void check_wrong_calls(ddpg_policy* policy, int32_t from, int32_t to) {
  float observation[kMost] = {0}, action[kMost] = {0};
  check(ddpg_policy_act(policy, observation, from + 1, action, to) == DDPG_POLICY_WRONG_SIZE, "too many observations");
  check(ddpg_policy_act(policy, observation, from, action, -1) == DDPG_POLICY_WRONG_SIZE, "negative size");
  check(ddpg_policy_act(policy, NULL, from, action, to) == DDPG_POLICY_WRONG_SIZE, "no observation");
  check(ddpg_policy_act_batch(policy, observation, from, action, to, -1) == DDPG_POLICY_WRONG_SIZE, "negative rows");
  observation[0] = (float)HUGE_VAL;
  check(ddpg_policy_act(policy, observation, from, action, to) == DDPG_POLICY_NOT_FINITE, "infinite observation");
}

static int read_numbers(FILE* file, double* numbers, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (fscanf(file, "%lf", &numbers[i]) != 1) return 0;
  return 1;
}

static long compare(ddpg_policy* policy, FILE* observations, FILE* actions) {
  const int32_t from = ddpg_policy_observation_size(policy), to = ddpg_policy_action_size(policy);
  double observation[kMost], expected[kMost];
  float action[kMost];
  long rows = 0;
  for (; from <= kMost && to <= kMost && read_numbers(observations, observation, from); rows++) {
    if (!read_numbers(actions, expected, to)) break;
    check(ddpg_policy_act_double(policy, observation, from, action, to) == DDPG_POLICY_OK, "act");
    for (int32_t i = 0; i < to; i++) {
      const float wanted = (float)expected[i];
      check(memcmp(&wanted, &action[i], sizeof wanted) == 0, "other bits than ddpg act");
    }
  }
  return rows;
}

int main(int argc, char** argv) {
  ddpg_policy* policy = NULL;
  char message[500];
  FILE *observations, *actions;
  if (argc != 4) return 2;
  check_errors(argv[1]);
  if (ddpg_policy_load(argv[1], &policy, message, sizeof message) != DDPG_POLICY_OK) {
    fprintf(stderr, "use_policy: %s\n", message);
    return 1;
  }
  check_facts(policy);
  check_wrong_calls(policy, ddpg_policy_observation_size(policy), ddpg_policy_action_size(policy));
  observations = fopen(argv[2], "r");
  actions = fopen(argv[3], "r");
  if (observations && actions) printf("%ld rows, ", compare(policy, observations, actions));
  if (observations) fclose(observations);
  if (actions) fclose(actions);
  ddpg_policy_free(policy);
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
