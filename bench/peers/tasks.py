"""What all peers train on, and how a speed is measured. Everything else of them stands in their own files."""

import time

import gymnasium
import numpy as np

DISCOUNT = 0.99
TAU = 0.005
LEARNING_RATE = 1e-3
SIGMA = 0.1  # of the exploration noise, in half-ranges of the action
REPLAY_CAPACITY = 100_000


class RandomObservations(gymnasium.Env):
    """17 observations and 6 actions, as HalfCheetah-v5 has, at next to no cost: the observations were drawn beforehand."""

    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (17,), np.float32)
    action_space = gymnasium.spaces.Box(-1.0, 1.0, (6,), np.float32)

    def __init__(self):
        self.observations = np.random.default_rng(0).standard_normal((1000, 17), dtype=np.float32)
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.observations[0], {}

    def step(self, action):
        self.steps += 1
        observation = self.observations[self.steps % 1000]
        return observation, float(observation[0]), False, self.steps == 1000, {}


# name: environment, hidden widths, batch size, steps of a round
TASKS = {
    "small": (lambda: gymnasium.make("Pendulum-v1"), [64, 64], 100, 400),
    "large": (RandomObservations, [256, 256], 256, 150),
}


def measure_speeds(train_steps, steps, threads, rounds=4):
    """Steps a second in each round. One thread is timed by the processor time it got, so that other processes do not
    count; several threads by the clock on the wall."""
    clock = time.process_time if threads == 1 else time.perf_counter
    speeds = []
    for _ in range(rounds):
        start = clock()
        train_steps(steps)
        speeds.append(steps / (clock() - start))
    return speeds
