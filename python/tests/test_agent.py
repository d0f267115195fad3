"""The agent whose loop is the caller's: wrong use, files, memory."""

from __future__ import annotations

import resource
import sys
import threading

import numpy as np
import pytest

import ddpg


def made(actors=1, **more):
    options = ddpg.Options(batch_size=8, replay_capacity=500, warmup_steps=10, learning_starts=10, actor_hidden=[8], critic_hidden=[8], **more)
    return ddpg.Agent(options, ddpg.Specification("world", 3, [-1, -2], [1, 2]), actors)


def live(agent, steps, seed=0):
    random = np.random.default_rng(seed)
    for actor in range(agent.actors):
        if not agent.in_episode(actor):
            agent.begin_episode(actor, random.normal(size=3))
    for _ in range(steps):
        actions = agent.act(None)
        n = agent.actors
        agent.observe_many(actions, random.normal(size=n), np.zeros(n, bool), np.zeros(n, bool), random.normal(size=(n, 3)))
        agent.learn()


def test_several_actors_act_by_one_pass_and_observe_at_once():
    agent = made(actors=3)
    live(agent, 20)
    assert agent.steps == 60 and agent.updates > 0 and agent.updates_due == 0 and agent.transitions > 0
    assert agent.act([0, 2]).shape == (2, 2) and agent.act(1).shape == (2,)
    assert np.all(np.abs(agent.act(None)) <= [1, 2])


def test_several_actors_are_named_by_any_sequence():
    agent = made(actors=3)
    live(agent, 5)
    for actors in ([0, 2], (0, 2), np.array([0, 2])):
        assert agent.act(actors).shape == (2, 2)
    for actor in (1, np.int64(1), np.array(1)):
        assert agent.act(actor).shape == (2,)
    assert agent.act(np.array([1])).shape == (1, 2)


def test_where_one_row_is_wrong_none_is_observed():
    agent = made(actors=3)
    live(agent, 5)
    following = np.zeros((3, 3))
    following[2, 1] = np.nan
    steps, transitions = agent.steps, agent.transitions
    with pytest.raises(ddpg.UsageError, match="finite"):
        agent.observe_many(agent.act(None), np.zeros(3), np.zeros(3), np.zeros(3), following)
    assert (agent.steps, agent.transitions) == (steps, transitions)


def test_one_by_one_and_at_once_are_the_same():
    one, many = made(actors=2), made(actors=2)
    random = np.random.default_rng(0)
    for actor in range(2):
        observation = random.normal(size=3)
        one.begin_episode(actor, observation)
        many.begin_episode(actor, observation)
    for _ in range(40):
        actions, rewards, following = one.act(None), random.normal(size=2), random.normal(size=(2, 3))
        np.testing.assert_array_equal(actions, many.act(range(2)))
        many.observe_many(actions, rewards, [False, False], [False, False], following)
        for actor in range(2):
            one.observe(actor, actions[actor], rewards[actor], False, False, following[actor])
        assert one.learn() == many.learn()
    np.testing.assert_array_equal(one.policy()(following), many.policy()(following))


def test_a_saved_agent_goes_on_to_the_same_bits(tmp_path):
    agent = made()
    live(agent, 30)
    agent.save(str(tmp_path / "agent"))
    loaded = ddpg.Agent.load(str(tmp_path / "agent"))
    for one in (agent, loaded):
        live(one, 30, seed=1)
    observation = np.ones(3)
    np.testing.assert_array_equal(agent.policy()(observation), loaded.policy()(observation))
    assert agent.value(observation, [0, 0]) == loaded.value(observation, [0, 0])
    with pytest.raises(FileNotFoundError):
        ddpg.Agent.load(str(tmp_path / "nothing"))


WRONG = {
    "no episode": (lambda agent: agent.act(0), "episode"),
    "an actor that is not there": (lambda agent: agent.begin_episode(4, np.zeros(3)), "actor 4"),
    "a short observation": (lambda agent: agent.begin_episode(0, np.zeros(2)), "3"),
    "a number that is not finite": (lambda agent: agent.begin_episode(0, [0, np.inf, 0]), "finite"),
    "too few transitions": (lambda agent: agent.update(1), "batch_size"),
    "rows of different numbers": (lambda agent: agent.add(np.zeros((2, 3)), np.zeros((1, 2)), [0, 0], np.zeros((2, 3)), [0, 0], [0, 0]), r"actions of shape \(2, 2\), found \(1, 2\)"),
    "a transposed array": (
        lambda agent: agent.add(np.zeros((3, 4)), np.zeros((4, 2)), np.zeros(4), np.zeros((4, 3)), np.zeros(4), np.zeros(4)),
        r"observations of shape \(4, 3\), found \(3, 4\)",
    ),
    "transposed actions": (
        lambda agent: agent.observe_many(np.zeros((2, 1)), [0], [0], [0], np.zeros((1, 3))),
        r"observe_many: expected actions of shape \(1, 2\) or \(2,\), found \(2, 1\)",
    ),
    "an unknown option": (lambda agent: ddpg.Options(tauu=1), "tau"),
    "an option out of range": (lambda agent: made(tau=2.0), "tau = 2"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_a_value_error_that_says_what_is_wrong(case):
    use, text = WRONG[case]
    with pytest.raises(ValueError, match=text) as caught:
        use(made())
    assert isinstance(caught.value, ddpg.UsageError)


def test_options_are_set_and_read_by_either_name():
    options = ddpg.Options("td3", exploration_sigma=np.float32(0.25), exploration={"theta": 0.5}, actor_hidden=(4, 5), overlap=True)
    options["critic.count"] = np.int64(3)
    assert (options["exploration.sigma"], options["exploration_theta"], options["actor.hidden"]) == (0.25, 0.5, [4, 5])
    assert options["overlap"] is True and options["critic.count"] == 3 and options["preset"] == "td3"
    assert ddpg.Options.from_toml(options.to_toml()) == options
    with pytest.raises(KeyError):
        options["nonsense"]
    with pytest.raises(TypeError):
        options["tau"] = object()


def test_an_agent_at_work_is_not_shared():
    agent = made()
    live(agent, 20)
    failed = []

    def work():
        try:
            for _ in range(200):
                agent.update(20)
        except ddpg.Error as error:
            failed.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) <= 1 and all("one thread at a time" in text for text in failed)


def test_nothing_is_leaked_by_making_and_dropping():
    def memory():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    observation, specification = np.zeros(3), ddpg.Specification("world", 3, [-1], [1])
    options = ddpg.Options(batch_size=8, replay_capacity=50, actor_hidden=[8], critic_hidden=[8])
    policy = ddpg.Agent(options, specification).policy()
    before = [sys.getrefcount(one) for one in (observation, specification, options, policy)]

    def round():
        for _ in range(2000):
            agent = ddpg.Agent(options, specification)
            agent.begin_episode(0, observation)
            policy(observation)
        for _ in range(8000):
            ddpg.Options(tau=0.01)

    round()
    settled = memory()
    round()
    assert memory() - settled < 8000  # kB; each object that stays would take at least one
    assert before == [sys.getrefcount(one) for one in (observation, specification, options, policy)]
