"""Policies as callables, in files, in pickles."""

from __future__ import annotations

import copy
import pickle
import re
import threading

import numpy as np
import pytest

import ddpg


@pytest.fixture(scope="module")
def policy():
    return ddpg.DDPG("Pendulum-v1", actor_hidden=[32, 32]).policy


def test_single_and_batched_observations_give_the_same_actions(policy):
    observations = np.random.default_rng(0).normal(size=(7, 3))
    many = policy(observations)
    assert many.shape == (7, 1) and many.dtype == np.float32
    np.testing.assert_array_equal(many, [policy(row) for row in observations])
    np.testing.assert_array_equal(policy(list(observations[0])), many[0])
    strided = np.repeat(observations, 2, axis=1)[:, ::2]
    np.testing.assert_array_equal(policy(strided), many)
    out = np.empty((7, 1), np.float32)
    assert policy(observations, out=out) is out
    np.testing.assert_array_equal(out, many)


@pytest.mark.parametrize("wrong", [np.zeros(2), np.zeros((2, 4)), np.zeros((1, 1, 3)), np.zeros((3, 4)), np.zeros((6, 1)), np.zeros((2, 6))], ids=lambda wrong: str(wrong.shape))
def test_wrong_sizes_are_refused(policy, wrong):
    with pytest.raises(ValueError, match=rf"expected an observation of shape \(3,\).*found {re.escape(str(wrong.shape))}"):
        policy(wrong)


def test_what_is_not_finite_is_refused(policy):
    with pytest.raises(RuntimeError):
        policy([np.nan, 0, 0])
    with pytest.raises(TypeError, match="float32"):
        policy(np.zeros(3), out=np.zeros(1))


def test_pickles_copies_and_files_act_alike(policy, tmp_path):
    observations = np.random.default_rng(1).normal(size=(20, 3))
    policy.save(str(tmp_path / "policy.ddpg"))
    others = [
        pickle.loads(pickle.dumps(policy)),
        copy.copy(policy),
        copy.deepcopy(policy),
        ddpg.load_policy(str(tmp_path / "policy.ddpg")),
    ]
    for other in others:
        np.testing.assert_array_equal(other(observations), policy(observations))
        assert str(other.provenance) == str(policy.provenance)


def test_files_that_are_none_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.ddpg"):
        ddpg.load_policy(str(tmp_path / "nothing.ddpg"))
    (tmp_path / "wrong.ddpg").write_bytes(b"wrong")
    with pytest.raises(RuntimeError, match="wrong.ddpg"):
        ddpg.load_policy(str(tmp_path / "wrong.ddpg"))
    with pytest.raises(FileNotFoundError, match="no such run"):
        ddpg.DDPG.load(tmp_path / "nothing")


def test_several_threads_may_call_one_policy(policy):
    observations = np.random.default_rng(2).normal(size=(2000, 3))
    expected, found = policy(observations), {}

    def work(name):
        found[name] = [policy(observations) for _ in range(5)]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in range(4):
        for actions in found[name]:
            np.testing.assert_array_equal(actions, expected)


def test_play_does_the_wrappers_that_the_policy_carries():
    env = {"wrap.frame_stack": 3, "wrap.last_actions": 1}
    agent = ddpg.DDPG("Pendulum-v1", env_kwargs=env, actor_hidden=[16], critic_hidden=[16], seed=1)
    seen = []
    agent.learn(20, callback=lambda row: seen.append(row["policy"].sensor_size))
    policy = agent.policy
    assert policy.sensor_size == 3 and policy.observation_size == 12 and set(seen) == {3}
    observations = np.random.default_rng(2).normal(size=(5, 3))
    played = [policy.play(row) for row in observations]
    assert not np.array_equal(played[0], policy.play(observations[0]))  # it remembers
    policy.reset()
    again = copy.copy(policy)
    for row, action in zip(observations, played):
        np.testing.assert_array_equal(policy.play(row), action)
        np.testing.assert_array_equal(again.play(row), action)
    with pytest.raises(ValueError, match=r"one observation at a time, of shape \(3,\)"):
        policy.play(observations)
    with pytest.raises(RuntimeError, match="finite"):
        policy.play([np.nan, 0, 0])


def test_without_wrappers_play_is_the_network(policy):
    observation = np.array([0.5, -0.5, 1.0])
    np.testing.assert_array_equal(policy.play(observation), policy(observation))
    assert policy.sensor_size == policy.observation_size
