"""ddpg's own tasks in Gymnasium's registry."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

import ddpg


@pytest.fixture(scope="module", autouse=True)
def registered():
    ddpg.register_envs()
    ddpg.register_envs()  # nothing new


@pytest.mark.parametrize("name", ["Pendulum-v1", "MountainCarContinuous-v0", "LinearQuadratic-v0"])
def test_the_checker_passes(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(gymnasium.make(f"ddpg/{name}").unwrapped, skip_render_check=True)


def test_a_training_on_a_task_of_gymnasium_lists_nothing(small):
    before = ddpg.environments()
    ddpg.DDPG("Pendulum-v1", native=False, **small).learn(10)
    assert ddpg.environments() == before and "Pendulum-v1" in before


def test_it_plays_as_gymnasium_does():
    ours, theirs = gymnasium.make("ddpg/Pendulum-v1").unwrapped, gymnasium.make("Pendulum-v1").unwrapped
    observation, _ = ours.reset(seed=3)
    theirs.reset(seed=3)
    theirs.state = np.array([np.arctan2(observation[1], observation[0]), observation[2]])
    for action in np.random.default_rng(0).uniform(-2, 2, (50, 1)).astype(np.float32):
        mine, his = ours.step(action), theirs.step(action)
        np.testing.assert_allclose(mine[0], his[0], atol=1e-4)
        np.testing.assert_allclose(mine[1], his[1], atol=1e-3)


@pytest.mark.parametrize("mode", list(AutoresetMode), ids=lambda mode: mode.value)
def test_a_vector_is_trained_on_in_each_mode(small, mode):
    world = gymnasium.make_vec("ddpg/Pendulum-v1", num_envs=2, autoreset_mode=mode)
    first, _ = world.reset(seed=5)
    np.testing.assert_array_equal(first, world.reset(seed=5)[0])
    agent = ddpg.DDPG(world, eval_env=lambda: gymnasium.make("ddpg/Pendulum-v1"), **small).learn(500)
    assert agent.num_timesteps == 500 and agent.result["after"].episodes == 1
