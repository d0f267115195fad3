/* An exported header on whatever processor this is compiled for: its actions at recorded observations against those of
   the trained policy. Prints the largest difference as a share of the action's range.
   POLICY(x), NAME_x, and COUNT(x), the same in capitals, come from the script, with -include NAME.h and ROWS. */
#include "io.h"

#define OBSERVATIONS COUNT(OBSERVATIONS)
#define ACTIONS COUNT(ACTIONS)

int main(void) {
  float observation[OBSERVATIONS], expected[ACTIONS], action[ACTIONS], largest = 0.0f;
  long rows = 0, same = 0;
  int i;
  if (!open_files()) return 1;
  while (rows < ROWS && read_observation(observation, (long)sizeof observation) &&
         read_action(expected, (long)sizeof expected)) {
    POLICY(act)(observation, action);
    for (i = 0; i < ACTIONS; i++) {
      float d = action[i] - expected[i];
      d = (d < 0.0f ? -d : d) / (POLICY(action_high)[i] - POLICY(action_low)[i]);
      if (!(d <= 1.0f)) d = 1.0f;
      if (d > largest) largest = d;
      same += action[i] == expected[i];
    }
    rows++;
  }
  tell("observations", rows);
  tell("numbers the same to the bit, in a million", rows > 0 ? (long)(1e6f * (float)same / (float)(rows * ACTIONS)) : 0);
  tell("largest difference, in 1e-9 of the range", (long)(largest * 1e9f));
  tell("check pairs within their limit", POLICY(check)() <= COUNT(CHECK_LIMIT));
  return 0;
}
