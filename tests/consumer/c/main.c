/* Links the installed policy library in C: what it says of itself, and of a file that is not there. */
#include <ddpg_policy.h>
#include <stdio.h>

int main(void) {
  ddpg_policy* policy = NULL;
  char message[200];
  const int32_t code = ddpg_policy_load("nothing.ddpg", &policy, message, sizeof message);
  printf("ddpg %s: %s\n", ddpg_policy_version(), message);
  return code == DDPG_POLICY_CANNOT_READ ? 0 : 1;
}
