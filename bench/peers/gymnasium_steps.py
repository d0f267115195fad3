"""Steps a second of a Gymnasium task with random actions: python3 gymnasium_steps.py TASK. Prints one JSON object.

`speeds` is of the environment as gymnasium.make() gives it, `speeds_without_wrappers` of its `unwrapped`. Steps alone are timed, by the
processor time of this process: not the starts of episodes, not the drawing of actions.
"""

import json
import sys
import time

import gymnasium
import mujoco
import numpy as np

ROUNDS = 4
STEPS = 1000  # of a round


class Rounds:
    def __init__(self, environment, time_limit):
        self.environment = environment
        self.time_limit = time_limit
        space = environment.action_space
        self.actions = np.random.default_rng(0).uniform(space.low, space.high, (STEPS, *space.shape)).astype(np.float32)
        self.environment.reset(seed=0)
        self.elapsed = 0  # in this episode

    def episode(self, actions):
        """Plays until the episode or the actions end; the steps, and their seconds."""
        step = self.environment.step
        steps = 0
        start = time.process_time()
        for action in actions[: self.time_limit - self.elapsed]:
            _, _, terminated, truncated, _ = step(action)
            steps += 1
            if terminated or truncated:
                break
        seconds = time.process_time() - start
        self.elapsed += steps
        if terminated or self.elapsed == self.time_limit:
            self.environment.reset()
            self.elapsed = 0
        return steps, seconds

    def speed(self):
        done, seconds = 0, 0
        while done < STEPS:
            steps, took = self.episode(self.actions[done:])
            done += steps
            seconds += took
        return STEPS / seconds


def main():
    task = sys.argv[1]
    made = gymnasium.make(task)
    limit = made.spec.max_episode_steps
    wrapped, bare = Rounds(made, limit), Rounds(gymnasium.make(task).unwrapped, limit)
    speeds, speeds_without_wrappers = [], []
    for _ in range(ROUNDS):
        speeds.append(wrapped.speed())
        speeds_without_wrappers.append(bare.speed())
    versions = {"Gymnasium": gymnasium.__version__, "MuJoCo": mujoco.__version__}
    print(json.dumps({"speeds": speeds, "speeds_without_wrappers": speeds_without_wrappers, "versions": versions}))


if __name__ == "__main__":
    main()
