"""What the tests of the package share: a training of moments, and environments that misbehave."""

from __future__ import annotations

import importlib.util

import gymnasium
import numpy as np
import pytest

# several GB, so that tests/wheel.sh does not install it; where it is there its tests run
collect_ignore = [] if importlib.util.find_spec("torch") else ["test_torch.py"]

SMALL = {
    "batch_size": 16,
    "learning_starts": 100,
    "warmup_steps": 100,
    "replay_capacity": 2000,
    "log_interval": 200,
    "evaluation_interval": 300,
    "evaluation_episodes": 1,
    "actor_hidden": [16],
    "critic_hidden": [16],
}


@pytest.fixture
def small() -> dict:
    return dict(SMALL)


class Point(gymnasium.Env):
    """A point that is to stay at 0: quick, deterministic from its seed, and what the tests make of it."""

    observation_space = gymnasium.spaces.Box(-10, 10, (2,), np.float32)
    action_space = gymnasium.spaces.Box(-1, 1, (1,), np.float32)

    def __init__(self, length: int = 50):
        self.length, self.seeds, self.actions = length, [], []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.seeds.append(seed)
        self.x, self.v, self.steps = self.np_random.uniform(-1, 1), 0.0, 0
        return self.observe(), {}

    def observe(self):
        return np.array([self.x, self.v], np.float32)

    def step(self, action):
        self.actions.append(action)
        self.v += 0.1 * float(action[0])
        self.x += 0.1 * self.v
        self.steps += 1
        return self.observe(), -abs(self.x), False, self.steps >= self.length, {}
