/* The policy library in C: loads policy.ddpg and acts, for programs in C, Rust, Go, Python or anything that calls C.
 * Functions and fixed-width types alone, so that the binary interface stays: a function, once here, keeps its meaning.
 * C++20 programs find the classes of ddpg_policy/policy.h and ddpg_policy/watchdog.h below. See docs/deploy.md.
 *
 * One policy is for one thread at a time: it holds its working memory. Functions that take a policy accept NULL: sizes
 * are 0 then, texts "", codes DDPG_POLICY_NOT_LOADED. */
#ifndef DDPG_POLICY_H_
#define DDPG_POLICY_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a call: one of these, returned as int32_t. */
#define DDPG_POLICY_OK 0
#define DDPG_POLICY_CANNOT_READ 1   /* the file: missing, a folder, unreadable */
#define DDPG_POLICY_NOT_A_POLICY 2  /* it begins with something else */
#define DDPG_POLICY_TRUNCATED 3     /* shorter than it says */
#define DDPG_POLICY_DAMAGED 4       /* a checksum does not match, or bytes follow the end */
#define DDPG_POLICY_TOO_NEW 5       /* written by a newer ddpg */
#define DDPG_POLICY_INVALID 6       /* its content is not a policy */
#define DDPG_POLICY_OUT_OF_MEMORY 7 /* the policy needs more than there is */
#define DDPG_POLICY_WRONG_SIZE 8    /* numbers in an observation or an action */
#define DDPG_POLICY_NOT_FINITE 9    /* an observation holds NaN or infinity, or an action would */
#define DDPG_POLICY_NO_CHECKS 10    /* the file holds no check pairs to verify by */
#define DDPG_POLICY_DIFFERS 11      /* an action is not the one that the file expects */
#define DDPG_POLICY_NOT_LOADED 12   /* there is no policy */

typedef struct ddpg_policy ddpg_policy;

/* Loads a policy and takes all memory that it will ever need; *policy is NULL when it fails. `message` may be NULL;
 * otherwise it receives one line, "" when all is well, cut to message_size bytes with the zero that ends it. */
int32_t ddpg_policy_load(const char* path, ddpg_policy** policy, char* message, uint64_t message_size);
int32_t ddpg_policy_load_memory(const void* bytes, uint64_t size, ddpg_policy** policy, char* message,
                                uint64_t message_size);
void ddpg_policy_free(ddpg_policy* policy);

/* A code as a few English words. */
const char* ddpg_policy_text(int32_t code);
/* The version of this library, such as "0.1.0", and the newest version of the file format that it reads. */
const char* ddpg_policy_version(void);
int32_t ddpg_policy_newest_format(void);

int32_t ddpg_policy_observation_size(const ddpg_policy* policy);
int32_t ddpg_policy_action_size(const ddpg_policy* policy);
/* Bounds of action i; 0 when i is out of range. */
float ddpg_policy_action_low(const ddpg_policy* policy, int32_t i);
float ddpg_policy_action_high(const ddpg_policy* policy, int32_t i);
/* Seconds from an action to the next, as trained; 0: unknown. */
double ddpg_policy_control_period(const ddpg_policy* policy);
/* Steps of an episode, as trained; 0: no limit. */
int32_t ddpg_policy_time_limit(const ddpg_policy* policy);
/* Names and units, "" where they are unknown. They live as long as the policy. */
const char* ddpg_policy_observation_name(const ddpg_policy* policy, int32_t i);
const char* ddpg_policy_observation_unit(const ddpg_policy* policy, int32_t i);
const char* ddpg_policy_action_name(const ddpg_policy* policy, int32_t i);
const char* ddpg_policy_action_unit(const ddpg_policy* policy, int32_t i);
/* Where it comes from. The return is of its last evaluation, NaN when there was none. */
const char* ddpg_policy_environment(const ddpg_policy* policy);
const char* ddpg_policy_preset(const ddpg_policy* policy);
const char* ddpg_policy_trained_by(const ddpg_policy* policy); /* the version of ddpg */
uint64_t ddpg_policy_seed(const ddpg_policy* policy);
int64_t ddpg_policy_step(const ddpg_policy* policy);
double ddpg_policy_mean_return(const ddpg_policy* policy);

/* action = mu(observation). Takes no memory. When it is not ok, action is left as it was. */
int32_t ddpg_policy_act(ddpg_policy* policy, const float* observation, int32_t observation_size, float* action,
                        int32_t action_size);
int32_t ddpg_policy_act_double(ddpg_policy* policy, const double* observation, int32_t observation_size, float* action,
                               int32_t action_size);
/* The same for `rows` observations, one after the other. When it is not ok, the rows before the wrong one are written.
 */
int32_t ddpg_policy_act_batch(ddpg_policy* policy, const float* observations, int32_t observation_size, float* actions,
                              int32_t action_size, int64_t rows);

/* What the policy does beside its network: frame stacking, last actions and the time left as observations, a low-pass
 * of its actions, as they were in training. ddpg_policy_play() does it all, and remembers; ddpg_policy_act() is the
 * network alone. Of a policy without such wrappers they are the same. Numbers that ddpg_policy_play() takes, the
 * robot's own observation, and their names and units. */
int32_t ddpg_policy_sensor_size(const ddpg_policy* policy);
const char* ddpg_policy_sensor_name(const ddpg_policy* policy, int32_t i);
const char* ddpg_policy_sensor_unit(const ddpg_policy* policy, int32_t i);
/* An episode begins: nothing was seen or done. So it is after loading, too. */
void ddpg_policy_reset(ddpg_policy* policy);
/* One control step: what is to be played for these sensors. When it is not ok, action is left as it was, and nothing is
 * remembered of the step. */
int32_t ddpg_policy_play(ddpg_policy* policy, const float* sensors, int32_t sensor_size, float* action,
                         int32_t action_size);
int32_t ddpg_policy_play_double(ddpg_policy* policy, const double* sensors, int32_t sensor_size, float* action,
                                int32_t action_size);

/* Acts on the file's check pairs and compares. `largest` may be NULL; otherwise it receives the largest difference, as
 * a share of the action's range. Ok when none is above 1e-6. */
int32_t ddpg_policy_verify(ddpg_policy* policy, double* largest, char* message, uint64_t message_size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#if defined(__cplusplus) && __cplusplus >= 202002L
#include "ddpg_policy/policy.h"
#include "ddpg_policy/watchdog.h"
#endif

#endif /* DDPG_POLICY_H_ */
