"""Parts for programs of one's own: the replay buffer, noise, networks as data, arrays by DLPack."""

from __future__ import annotations

import numpy as np
import pytest

import ddpg


def episode(length, seed=0):
    """Observations that follow each other, and a row for each step."""
    random = np.random.default_rng(seed)
    observations = random.normal(size=(length + 1, 3)).astype(np.float32)
    ends = np.zeros(length, bool)
    ends[-1] = True
    return observations[:-1], random.normal(size=(length, 2)).astype(np.float32), random.normal(size=length), observations[1:], np.zeros(length, bool), ends


def test_a_replay_buffer_gives_back_what_was_stored():
    buffer = ddpg.ReplayBuffer(3, 2, capacity=10)
    rows = episode(15)
    buffer.add(*rows)
    assert len(buffer) == buffer.capacity == 10
    for i in (0, 4, -1):
        stored, at = buffer[i], 5 + i if i >= 0 else 15 + i
        for name, column in zip(("observation", "action", "reward", "next_observation", "terminated", "truncated"), rows):
            np.testing.assert_array_equal(stored[name], column.astype(np.float32)[at])
    with pytest.raises(IndexError):
        buffer[10]


def test_samples_are_of_what_was_stored_with_their_discounts():
    buffer = ddpg.ReplayBuffer(3, 2, capacity=100, seed=1)
    observations, actions, rewards, following, terminated, truncated = episode(20)
    terminated[-1], truncated[-1] = True, False
    buffer.add(observations, actions, rewards, following, terminated, truncated)
    found = buffer.sample(500, discount=0.9, n_step=3)
    assert {name: array.shape for name, array in found.items()} == {
        "observations": (500, 3), "actions": (500, 2), "rewards": (500,), "next_observations": (500, 3), "discounts": (500,)
    }
    seen = set()
    for i in range(500):
        (t,) = np.flatnonzero((observations == found["observations"][i]).all(axis=1))
        last = min(t + 2, 19)
        seen.add(t)
        np.testing.assert_array_equal(found["actions"][i], actions[t])
        np.testing.assert_array_equal(found["next_observations"][i], following[last])
        np.testing.assert_allclose(found["rewards"][i], sum(0.9**k * rewards[t + k] for k in range(last - t + 1)), rtol=1e-5)
        np.testing.assert_allclose(found["discounts"][i], 0.0 if last == 19 else 0.9**3, rtol=1e-6)
    assert len(seen) == 20


def test_copies_of_the_world_are_stored_beside_each_other():
    buffer = ddpg.ReplayBuffer(3, 2, capacity=100, copies=2)
    one, two = episode(5, 1), episode(5, 2)
    for i in range(5):
        buffer.add(*(np.stack([a[i], b[i]]) for a, b in zip(one, two)), copy=None)
    assert len(buffer) == 10
    np.testing.assert_array_equal(buffer[3]["next_observation"], two[3][1])


WRONG = {
    "no rows": (lambda b: b.sample(4), "empty"),
    "a short row": (lambda b: b.add(np.zeros(2), np.zeros(2), 0.0, np.zeros(3), False, False), r"observations of shape \(1, 3\) or \(3,\), found \(2,\)"),
    "a transposed array": (
        lambda b: b.add(np.zeros((3, 4)), np.zeros((4, 2)), np.zeros(4), np.zeros((4, 3)), np.zeros(4), np.zeros(4)),
        r"observations of shape \(4, 3\), found \(3, 4\)",
    ),
    "a number that is not finite": (lambda b: b.add(np.full(3, np.nan), np.zeros(2), 0.0, np.zeros(3), False, False), "observations hold a number"),
    "a copy that is not there": (lambda b: b.add(np.zeros(3), np.zeros(2), 0.0, np.zeros(3), False, False, copy=1), "no copy 1"),
    "a discount above 1": (lambda b: b.sample(4, discount=1.5), "discount"),
    "no capacity": (lambda b: ddpg.ReplayBuffer(3, 2, 0), "capacity"),
    "no numbers": (lambda b: ddpg.ReplayBuffer(0, 2), "observation_size >= 1"),
    "noise for no action": (lambda b: ddpg.Exploration(ddpg.Options(), 0), "action_size >= 1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_of_parts_is_a_value_error(case):
    use, text = WRONG[case]
    with pytest.raises(ValueError, match=text):
        use(ddpg.ReplayBuffer(3, 2, 10))


def test_noise_repeats_by_its_seed_and_follows_the_options():
    def drawn(seed, **given):
        noise = ddpg.Exploration(ddpg.Options(**given), 2, seed=seed)
        return np.array([noise() for _ in range(2000)])

    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert not np.array_equal(drawn(1), drawn(2))
    white, walk = drawn(1, exploration_sigma=0.3, exploration_sigma_final=0.3), drawn(1, exploration_noise="ornstein-uhlenbeck")
    assert abs(white.std() - 0.3) < 0.02 and abs(np.corrcoef(white[1:, 0], white[:-1, 0])[0, 1]) < 0.1
    assert np.corrcoef(walk[1:, 0], walk[:-1, 0])[0, 1] > 0.7
    decays = ddpg.Exploration(ddpg.Options(exploration_sigma=1.0, exploration_sigma_final=0.0, exploration_decay_steps=10), 1)
    assert [decays.sigma, decays() is None, decays.sigma] == [1.0, False, 0.9]


@pytest.mark.parametrize("noise", [ddpg.NormalActionNoise(np.full(2, 5.0), np.full(2, 0.1)), ddpg.OrnsteinUhlenbeckActionNoise(np.full(2, 5.0), np.full(2, 0.1), dt=1.0, theta=0.5)])
def test_the_noises_of_stable_baselines3_are_callables_too(noise):
    noise.reset()
    drawn = np.array([noise() for _ in range(300)])
    assert drawn.shape == (300, 2) and np.all(np.abs(drawn[50:].mean(axis=0) - 5.0) < 0.1)


def computed(policy, observation):
    """A policy's network, step by step, by NumPy."""
    network = ddpg._core.network_of(policy)
    x = np.asarray(observation, np.float64)
    if network["normalise"]:
        x = np.clip((x - network["mean"]) / network["deviation"], -network["clip"], network["clip"])
    values = [x]
    for step in network["steps"]:
        tensors, x = step["tensors"], values[-1]
        if step["kind"] == "dense":
            x = x @ tensors["weight"].T + tensors.get("bias", 0.0)
        elif step["kind"] == "layer_norm":
            x = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5) * tensors["weight"] + tensors["bias"]
        elif step["kind"] == "batch_norm":
            x = (x - tensors["running_mean"]) / np.sqrt(tensors["running_var"] + 1e-5) * tensors["weight"] + tensors["bias"]
        elif step["kind"] == "activate":
            x = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "elu": lambda x: np.where(x > 0, x, np.expm1(x))}[step["activation"]](x)
        elif step["kind"] == "avg_l1_norm":
            x = x / np.abs(x).mean(axis=-1, keepdims=True)
        elif step["kind"] == "recall":
            x = values[step["value"]]
        elif step["kind"] == "append":
            x = np.concatenate([x, values[step["value"]]], axis=-1)
        else:
            assert step["kind"] == "add"
            x = x + values[step["value"]]
        values.append(x)
    low, high = policy.action_low, policy.action_high
    return (low + high) / 2 + (high - low) / 2 * values[-1]


NETWORKS = {
    "perceptron": {},
    "layer norm, elu": {"actor_layer_norm": True, "actor_activation": "elu"},
    "batch norm": {"actor_batch_norm": True},
    "residual": {"actor_body": "simba"},
    "layer norm and tanh first": {"actor_body": "layer-norm-tanh"},
    "encoder": {
        "actor_body": "avg-l1-norm",
        "actor_hidden": [16, 12],
        "encoder_kind": "sale",
        "encoder_size": 7,
        "hard_update_interval": 50,
    },
    "normalised observations": {"normalise_observations": True},
}


def trained_policy(name, small):
    return ddpg.DDPG("Pendulum-v1", **{**small, "evaluation_episodes": 0, **NETWORKS[name]}).learn(200).policy


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_as_data_is_what_the_policy_computes(name, small):
    policy = trained_policy(name, small)
    observations = np.random.default_rng(0).normal(size=(20, 3))
    np.testing.assert_allclose(computed(policy, observations), policy(observations), atol=1e-5)


class Foreign:
    """An array of another library: it has DLPack's two methods and nothing of NumPy."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **given):
        return self.array.__dlpack__(**given)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


def test_arrays_of_other_libraries_are_read_and_written_where_they_are():
    policy = ddpg.DDPG("Pendulum-v1").policy
    observations = np.random.default_rng(0).normal(size=(5, 3))
    expected = policy(observations)
    np.testing.assert_array_equal(policy(Foreign(observations)), expected)
    out = np.empty((5, 1), np.float32)
    assert np.shares_memory(np.from_dlpack(Foreign(out)), out)
    policy(Foreign(observations), out=Foreign(out))
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(np.from_dlpack(policy(observations)), expected)  # and those of ddpg speak it
