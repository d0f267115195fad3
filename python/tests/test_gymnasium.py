"""Environments of Gymnasium: what is taken, what is refused and how, and how errors come back."""

from __future__ import annotations

import gc
import traceback
import weakref

import gymnasium
import numpy as np
import pytest
from conftest import Point
from gymnasium.spaces import Box, Dict, Discrete, Tuple

import ddpg

REFUSED = {
    "discrete actions": ({"action_space": Discrete(3)}, "Choose the continuous variant"),
    "actions without bounds": ({"action_space": Box(-np.inf, np.inf, (1,))}, "TransformAction"),
    "whole actions": ({"action_space": Box(0, 5, (1,), np.int64)}, "rounds actions"),
    "a dict of actions": ({"action_space": Dict(a=Box(-1, 1, (1,)))}, "one Box for all actions"),
    "discrete observations": ({"observation_space": Discrete(3)}, "FlattenObservation"),
    "images": ({"observation_space": Box(0, 255, (8, 8, 3), np.uint8)}, "images"),
    "an image in a dict": ({"observation_space": Dict(a=Box(0, 255, (8, 8), np.uint8))}, r"observations\['a'\] are images"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_refused_with_the_cure(case):
    spaces, text = REFUSED[case]
    world = Point()
    for name, space in spaces.items():
        setattr(world, name, space)
    with pytest.raises(ValueError, match=text):
        ddpg.DDPG(world)


class Parts(Point):
    """The same point, observed in parts, moved by an action of another shape and type."""

    observation_space = Dict(v=Box(-10, 10, (1, 1), np.float64), x=Tuple([Box(-10, 10, (), np.float32)]))
    action_space = Box(-1, 1, (1, 1), np.float64)

    def observe(self):
        return {"x": (np.float32(self.x),), "v": np.array([[self.v]])}

    def step(self, action):
        assert self.action_space.contains(action)
        return super().step(action[0])


class Turned(Point):
    """The same point, its numbers in the order that Parts has them."""

    def observe(self):
        return np.array([self.v, np.float32(self.x)], np.float64)


def test_observations_in_parts_are_learnt_from_in_their_order(small):
    agents = [ddpg.DDPG(kind, seed=1, **small).learn(400) for kind in (Parts, Turned)]
    observations = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_array_equal(agents[0].policy(observations), agents[1].policy(observations))
    action, state = agents[0].predict({"x": (0.1,), "v": [[0.2]]})
    assert action.shape == (1, 1) and state is None


def test_predicted_actions_lie_in_the_space(small):
    class Narrow(Point):
        action_space = Box(-0.1, 0.1, (1,), np.float64)  # whose bounds are no numbers of 32 bits

    agent = ddpg.DDPG(Narrow, actor_learning_rate=0.05, **small).learn(400)
    for observation in (np.full(2, 9.0), np.full(2, -9.0)):
        assert Narrow.action_space.contains(agent.predict(observation)[0])
    rows = agent.predict(np.array([[9.0, 9.0], [-9.0, -9.0], [0.0, 0.0]]))[0]
    assert rows.shape == (3, 1) and all(Narrow.action_space.contains(row) for row in rows)
    with pytest.raises(ddpg.UsageError, match=r"shape \(2,\), or rows of them, found \(2, 3\)"):
        agent.predict(np.zeros((2, 3)))


class Goals(Point):
    """The point and a goal for it, as Gymnasium-Robotics shows them."""

    observation_space = Dict(observation=Box(-10, 10, (2,)), desired_goal=Box(-2, 2, (1,)), achieved_goal=Box(-10, 10, (1,)))
    calls: list = []

    def observe(self):
        return {"observation": np.array([self.x, self.v]), "desired_goal": np.array([1.0]), "achieved_goal": np.array([self.x])}

    def step(self, action):
        observation, _, *rest = super().step(action)
        return observation, self.compute_reward(observation["achieved_goal"], observation["desired_goal"], {}), *rest

    def compute_reward(self, achieved, desired, info):
        self.calls.append(np.shape(achieved))
        return -(np.linalg.norm(achieved - desired, axis=-1) > 0.1).astype(np.float64)


class GoalsOneByOne(Goals):
    """It judges one step at a time."""

    def compute_reward(self, achieved, desired, info):
        return -1.0 if abs(achieved[0] - desired[0]) > 0.1 else 0.0


def test_tasks_with_goals_are_learnt_from_in_hindsight(small):
    small = small | {"replay_hindsight": 4}
    agents = [ddpg.DDPG(kind, seed=1, **small).learn(400) for kind in (Goals, Goals, GoalsOneByOne)]
    plain = ddpg.DDPG(Goals, seed=1, **(small | {"replay_hindsight": 0})).learn(400)
    observations = np.random.default_rng(0).normal(size=(20, 4))
    expected = agents[0].policy(observations)
    for agent in agents[1:]:
        np.testing.assert_array_equal(agent.policy(observations), expected)
    assert not np.array_equal(plain.policy(observations), expected)
    assert any(len(shape) == 2 and shape[0] > 2 for shape in Goals.calls)
    with pytest.raises(ddpg.UsageError, match="needs a task with goals"):
        ddpg.DDPG(Point, **small).learn(100)


def test_a_judge_of_goals_that_raises_is_heard(small):
    class Broken(Goals):
        def compute_reward(self, achieved, desired, info):
            return {}["no reward"] if np.ndim(achieved) == 1 and desired[0] != 1.0 else 0.0

    with pytest.raises(Exception, match="no reward"):
        ddpg.DDPG(Broken, replay_hindsight=4, **small).learn(400)


def test_a_seed_repeats_a_training(small):
    observations = np.random.default_rng(0).normal(size=(20, 2))
    first, same, other = (ddpg.DDPG(Point, seed=seed, **small).learn(400).policy(observations) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_each_episode_has_a_seed_and_actions_stay_within_the_bounds(small):
    world = Point(length=20)
    ddpg.DDPG(world, eval_env=Point, **small).learn(400)
    assert len(set(world.seeds)) == len(world.seeds) >= 20
    assert len(world.actions) == 400 and all(world.action_space.contains(action) for action in world.actions)


def test_one_object_without_a_spec_is_not_evaluated_unless_a_second_is_given(small):
    small.pop("evaluation_episodes")
    assert ddpg.DDPG(Point(), **small).options["evaluation_episodes"] == 0
    with pytest.raises(ValueError, match="eval_env"):
        ddpg.DDPG(Point(), evaluation_episodes=3, **small)
    agent = ddpg.DDPG(Point(), eval_env=Point(), **small).learn(200)
    assert agent.result["after"].episodes > 0


def test_one_object_is_enough_where_tests_play_on_the_one_that_is_trained_on(small):
    agent = ddpg.DDPG(Point(), evaluate_on="training", **small)
    assert agent.options["evaluation_episodes"] == 1
    assert agent.learn(200).result["after"].episodes == 1


def test_the_time_limit_of_a_wrapper_is_known():
    assert ddpg.DDPG("Pendulum-v1", native=False).specification.time_limit == 200
    assert ddpg.DDPG(gymnasium.wrappers.TimeLimit(Point(), 30)).specification.time_limit == 30
    rescaled = gymnasium.wrappers.RescaleAction(gymnasium.make("Pendulum-v1"), -1, 1)
    assert ddpg.DDPG(rescaled).specification.action_high == [1.0]


class Boom(Point):
    def step(self, action):
        if len(self.actions) == 150:
            raise KeyError("boom")
        return super().step(action)


@pytest.mark.parametrize("more", [{}, {"environments": 3}, {"environments": 3, "threads": 2}, {"step_timeout": 60}], ids=str)
def test_an_exception_of_the_environment_comes_back_as_it_was(small, tmp_path, more):
    agent = ddpg.DDPG(Boom, run=tmp_path / "run", **{**small, **more})
    with pytest.raises(KeyError, match="boom") as caught:
        agent.learn(1000)
    assert "self.actions) == 150" in "".join(traceback.format_tb(caught.value.__traceback__)) or "raise KeyError" in "".join(
        traceback.format_tb(caught.value.__traceback__)
    )
    assert any("step" in note for note in caught.value.__notes__)
    assert (tmp_path / "run" / "summary.json").exists() and (tmp_path / "run" / "policy.ddpg").exists()


def test_a_copy_that_cannot_begin_an_episode_is_replaced_by_one_of_its_own(small):
    made = []

    class Door(Point):
        def __init__(self):
            super().__init__(length=10)
            self.number = len(made)
            made.append(self)

        def reset(self, **given):
            if self.number == 2 and len(self.seeds) == 3:
                raise RuntimeError("the door is closed")
            return super().reset(**given)

    warnings = []
    more = {"environments": 3, "threads": 2, "step_timeout": 60, "on_breakdown": "end_episode"}
    agent = ddpg.DDPG(Door, **{**small, **more}).learn(600, callback=lambda row: warnings.append(row["warning"]))
    assert agent.num_timesteps == 600 and len(made) == 5  # for tests, three to train on, and one in the place of the third
    assert any("the door is closed" in warning for warning in warnings)
    assert len(made[2].actions) < 40 < len(made[4].actions)
    assert all(len(made[number].actions) >= 200 for number in (0, 3))


def test_an_exception_of_a_callback_comes_back_and_false_ends_the_training(small):
    def fails(row):
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        ddpg.DDPG(Point, **small).learn(500, callback=fails)
    rows = []
    agent = ddpg.DDPG(Point, **small).learn(5000, callback=lambda row: rows.append(row) or row["step"] < 400)
    assert 400 <= agent.num_timesteps <= 401 and agent.result["outcome"] == "interrupted"
    assert set(ddpg.metrics()) <= set(rows[-1]) and isinstance(rows[-1]["policy"], ddpg.Policy)


def test_what_is_no_step_is_named(small):
    class Old(Point):
        def step(self, action):
            return super().step(action)[:4]

    with pytest.raises(ddpg.Error, match="five things"):
        ddpg.DDPG(Old, **small).learn(300)

    class Longer(Point):
        def step(self, action):
            return (np.zeros(3), *super().step(action)[1:])

    with pytest.raises(ddpg.Error, match="has 3 numbers, expected 2"):
        ddpg.DDPG(Longer, **small).learn(300)


def test_nothing_stays_alive(small):
    world = Point()
    agent = ddpg.DDPG(world, eval_env=Point, **small).learn(200)
    gone = weakref.ref(world), weakref.ref(agent)
    del world, agent
    gc.collect()
    assert [one() for one in gone] == [None, None]
