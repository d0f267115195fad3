"""gymnasium.vector in each of its autoreset modes."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from conftest import Point
from gymnasium.spaces import Box, Dict
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv

import ddpg


class Told(Point):
    """Tells by its observation which episode it is and how many steps that has: what is stored can be checked."""

    def reset(self, **given):
        self.episode = getattr(self, "episode", -1) + 1
        return super().reset(**given)

    def observe(self):
        return np.array([self.episode, self.steps], np.float32)


def lengths(*of):
    return [lambda length=length: Told(length) for length in of]


@pytest.mark.parametrize("mode", list(AutoresetMode), ids=lambda mode: mode.value)
def test_each_autoreset_mode_stores_the_true_transitions(small, tmp_path, mode):
    world = SyncVectorEnv(lengths(7, 7, 10), autoreset_mode=mode)
    agent = ddpg.DDPG(world, run=tmp_path / "run", **small).learn(300)
    assert agent.options["environments"] == 3 and agent.num_timesteps == 300
    kept = ddpg.Agent(ddpg.Options(replay_capacity=1000, actor_hidden=[8], critic_hidden=[8]), agent.specification)
    seen = ddpg.read_transitions(tmp_path / "run", agent.specification)
    assert len(seen["rewards"]) > 250
    same_episode = seen["observations"][:, 0] == seen["next_observations"][:, 0]
    one_on = seen["next_observations"][:, 1] == seen["observations"][:, 1] + 1
    assert same_episode.all() and one_on.all()
    ends = seen["next_observations"][seen["truncated"].astype(bool), 1]
    under_way = ends[~np.isin(ends, (7, 10))]  # of each copy the last episode, which the end of the training cut
    assert len(under_way) <= 3 and len(ends) > 20
    kept.add(**seen)
    assert kept.transitions == len(seen["rewards"])


@pytest.mark.parametrize("mode", list(AutoresetMode), ids=lambda mode: mode.value)
def test_a_seed_repeats_a_training_and_it_goes_on(small, mode):
    def learnt(steps):
        world = SyncVectorEnv([lambda: Point(9)] * 2, autoreset_mode=mode)
        agent = ddpg.DDPG(world, seed=4, **small)
        for n in steps:
            agent.learn(n)
        assert agent.num_timesteps == sum(steps)
        return agent.policy(np.ones((1, 2)))

    np.testing.assert_array_equal(learnt([240]), learnt([240]))
    learnt([121, 77, 3])


def test_processes_and_dicts(small):
    class Parts(Point):
        observation_space = Dict(v=Box(-10, 10, (1,)), x=Box(-10, 10, ()))
        action_space = Box(-1, 1, (1,), np.float64)

        def observe(self):
            return {"x": np.float32(self.x), "v": np.array([self.v], np.float32)}

    world = AsyncVectorEnv([lambda: Parts(9)] * 2, autoreset_mode=AutoresetMode.SAME_STEP)
    try:
        agent = ddpg.DDPG(world, **small).learn(200)
        assert agent.result["after"].episodes == 1
        assert agent.predict({"x": np.float32(0), "v": np.zeros(1)})[0].shape == (1,)
    finally:
        world.close()


def test_an_exception_comes_back_as_it_was(small):
    class Boom(Point):
        def step(self, action):
            if len(self.actions) == 60:
                raise KeyError("boom")
            return super().step(action)

    with pytest.raises(KeyError, match="boom"):
        ddpg.DDPG(SyncVectorEnv([Boom] * 2), eval_env=Point, **small).learn(500)


@pytest.mark.parametrize("more", [{"step_timeout": 60}, {"on_breakdown": "end_episode"}, {"evaluate_on": "training"}], ids=str)
def test_what_concerns_one_copy_alone_is_refused(small, more):
    with pytest.raises(ValueError, match="stepped together by one simulator"):
        ddpg.DDPG(SyncVectorEnv(lengths(7, 7)), **{**small, **more}).learn(100)


def test_make_vec(small):
    world = gymnasium.make_vec("Pendulum-v1", num_envs=2, vectorization_mode="sync")
    assert ddpg.DDPG(world, **small).learn(250).specification.name == "gymnasium/Pendulum-v1"


def test_a_vector_with_a_specification_of_its_own_is_taken_and_a_partial_one_refused(small):
    """As EnvPool's are: a spec without an id, and, where it is asynchronous, a part of the copies at each step."""
    world = SyncVectorEnv([lambda: Point(9)] * 2)
    world.spec, world.is_async = object(), False
    agent = ddpg.DDPG(world, **{**small, "evaluation_episodes": 0}).learn(150)
    assert agent.specification.name == "gymnasium/SyncVectorEnv" and agent.num_timesteps == 150
    world.is_async = True
    with pytest.raises(ValueError, match="batch_size = num_envs"):
        ddpg.DDPG(world, **small)
