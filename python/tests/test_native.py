"""Tasks of ddpg's own: the same bits as the command line gives, and as a loop of one's own."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import ddpg

STEPS = 700


def trained(small, run=None, steps=STEPS, **more):
    return ddpg.DDPG("Pendulum-v1", seed=3, run=run, **{**small, **more}).learn(steps)


def test_python_and_the_command_line_give_the_same_bits(small, tmp_path):
    agent = trained(small, tmp_path / "a")
    command = [sys.executable, "-m", "ddpg", "train", "--config", tmp_path / "a" / "config.toml", "--run", tmp_path / "b", "--quiet"]
    subprocess.run(command, check=True)
    assert (tmp_path / "a" / "policy.ddpg").read_bytes() == (tmp_path / "b" / "policy.ddpg").read_bytes()
    for name in ("step", "critic_loss", "evaluation_mean_return"):
        rows = np.genfromtxt(tmp_path / "b" / "progress.csv", delimiter=",", names=True)
        np.testing.assert_array_equal(agent.history[name], rows[name])


def test_a_loop_of_ones_own_gives_the_same_bits(small):
    agent = trained(small)
    world = ddpg.NativeEnvironment(agent.options, seed=3, autoreset="same_step")
    own = ddpg.Agent(agent.options, world.specification)
    own.begin_episode(0, world.reset()[0])
    while own.steps < STEPS:
        action = own.act(0)
        world.step(action)
        ended = world.terminated[0] or world.truncated[0]
        own.observe(0, action, world.rewards[0], world.terminated[0], world.truncated[0], world.next_observations[0])
        if ended:
            own.begin_episode(0, world.observations[0])
        own.learn()
    observations = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_array_equal(own.policy()(observations), agent.policy(observations))


def test_learning_twice_saving_and_loading_give_the_bits_of_learning_once(small, tmp_path):
    observations = np.random.default_rng(0).normal(size=(50, 3))
    expected = trained(small).policy(observations)
    twice = trained(small, steps=300)
    twice.save(tmp_path / "agent")
    twice.learn(STEPS - 300)
    loaded = ddpg.DDPG.load(tmp_path / "agent").learn(STEPS - 300)
    np.testing.assert_array_equal(twice.policy(observations), expected)
    np.testing.assert_array_equal(loaded.policy(observations), expected)
    assert loaded.num_timesteps == twice.num_timesteps == STEPS


def test_many_environments_on_several_threads_give_the_bits_of_one_thread(small):
    observations = np.random.default_rng(0).normal(size=(50, 3))
    one, two = (trained(small, environments=4, threads=threads).policy(observations) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_several_agents_learn_in_threads_as_one_after_the_other(small):
    observations = np.random.default_rng(0).normal(size=(50, 3))

    def learnt(native):
        return ddpg.DDPG("Pendulum-v1", native=native, seed=3, **small).learn(400).policy(observations)

    alone = {native: learnt(native) for native in (True, False)}
    with ThreadPoolExecutor(4) as threads:
        for native, found in [(native, threads.submit(learnt, native)) for native in (True, False, True, False)]:
            np.testing.assert_array_equal(found.result(), alone[native])


def test_a_run_that_is_there_is_not_overwritten(small, tmp_path):
    trained(small, tmp_path / "run", steps=150)
    with pytest.raises(ValueError, match="exists and is not empty"):
        trained(small, tmp_path / "run", steps=150)


def test_a_training_that_was_refused_leaves_the_run_that_is_there_to_its_owner(small, tmp_path):
    one = trained(small, tmp_path / "run", steps=150)
    before = {file: file.read_bytes() for file in (tmp_path / "run").rglob("*") if file.is_file()}
    two = ddpg.DDPG("Pendulum-v1", seed=3, run=tmp_path / "run", **small)
    for _ in range(2):
        with pytest.raises(ddpg.UsageError, match=r"ddpg.DDPG.load\('.*run'\) continues"):
            two.learn(300)
        assert two.run is None and two.history == {}
    with pytest.raises(ddpg.UsageError, match="nothing was learnt yet"):
        two.save(tmp_path / "two")
    with pytest.raises(ddpg.UsageError, match="no best policy yet"):
        two.best_policy
    assert {file: file.read_bytes() for file in before} == before
    assert one.learn(50).num_timesteps == 200


def test_a_training_that_a_callback_ended_goes_on_in_its_own_folder(small, tmp_path):
    def fails(row):
        agent.best_policy  # is there already
        raise LookupError("no")

    for place in ({"run": tmp_path / "run"}, {"tensorboard_log": str(tmp_path / "logs")}):
        agent = ddpg.DDPG("Pendulum-v1", seed=3, **place, **small)
        with pytest.raises(LookupError):
            agent.learn(400, callback=fails)
        folder = agent.run
        assert folder is not None and agent.learn(400).run == folder


def test_loading_takes_the_options_that_may_change(small, tmp_path):
    trained(small, tmp_path / "run", steps=150)
    agent = ddpg.DDPG.load(tmp_path / "run", threads=2, steps=220, verbose=0)
    assert agent.options["threads"] == 2
    assert agent.learn().num_timesteps == 220
    assert ddpg.DDPG.load(tmp_path / "run", tau=small.get("tau"), batch_size=small["batch_size"]).num_timesteps == 220  # as they are
    for given, text in (
        ({"exploration_sigma": 0.77}, "load: exploration_sigma: .*steps.*initial_run"),
        ({"seed": 9}, "load: seed: "),
        ({"learning_rate": 1e-5}, "load: actor_learning_rate, critic_learning_rate: "),
        ({"preset": "td3"}, "load: preset: "),
        ({"custom_objects": 1}, "unknown option"),
        ({"env_kwargs": {"g": 1.0}}, "env_kwargs: the run keeps its own"),
    ):
        with pytest.raises(ddpg.UsageError, match=text):
            ddpg.DDPG.load(tmp_path / "run", **given)


def test_evaluations_repeat(small):
    agent = trained(small, steps=150)
    assert agent.evaluate(3, seed=5) == agent.evaluate(3, seed=5)
    assert agent.evaluate(3, seed=5) != agent.evaluate(3, seed=6)


def test_settings_of_the_environment_are_options_of_the_run(small):
    agent = ddpg.DDPG("LinearQuadratic-v0", **small)
    assert agent.specification.action_size >= 1
    with pytest.raises(ValueError, match="nonsense is none of its settings"):
        ddpg.DDPG("Pendulum-v1", env_kwargs={"nonsense": 1})


@pytest.mark.parametrize("autoreset", ["next_step", "same_step", "disabled"])
def test_native_environments_reset_as_they_are_asked(autoreset):
    world = ddpg.NativeEnvironment(ddpg.Options(environment="Pendulum-v1"), copies=3, seed=1, autoreset=autoreset)
    first = world.reset(seed=7)
    with pytest.raises(ddpg.UsageError, match=r"actions of shape \(3, 1\) or \(3,\), found \(1, 3\)"):
        world.step(np.zeros((1, 3)))
    np.testing.assert_array_equal(first, world.reset(seed=7))
    for _ in range(200):
        world.step(np.zeros((3, 1)))
    assert world.truncated.all() and not world.terminated.any()
    same = np.array_equal(world.observations, world.next_observations)
    assert same == (autoreset != "same_step")
    if autoreset == "disabled":
        with pytest.raises(ValueError, match="has ended its episode"):
            world.step(np.zeros((3, 1)))
        world.reset_copy(0)


def test_saving_writes_where_a_link_leads_and_replaces_nothing_but_files(tmp_path):
    agent = ddpg.DDPG("Pendulum-v1", evaluation_episodes=0).learn(10)
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "kept.zip").write_bytes(b"older")
    (tmp_path / "link.zip").symlink_to("far/kept.zip")
    agent.save(tmp_path / "link.zip")
    assert (tmp_path / "link.zip").is_symlink()
    assert ddpg.DDPG.load(tmp_path / "far" / "kept.zip").num_timesteps == 10
    (tmp_path / "folder.zip").mkdir()
    os.mkfifo(tmp_path / "pipe.zip")
    for name in ("folder.zip", "pipe.zip"):
        with pytest.raises(ddpg.UsageError, match="expected a file or nothing there"):
            agent.save(tmp_path / name)
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["far", "folder.zip", "kept.zip", "link.zip", "pipe.zip"]


def test_a_saved_training_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    agent = ddpg.DDPG("Pendulum-v1", evaluation_episodes=0).learn(10)
    calls, sync, replace = [], os.fsync, os.replace

    def synced(number):
        place = os.readlink(f"/proc/self/fd/{number}")
        calls.append("folder" if place == str(tmp_path) else "file")
        assert place == str(tmp_path) or zipfile.is_zipfile(place)
        sync(number)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", lambda *names: (calls.append("name"), replace(*names)))
    agent.save(tmp_path / "kept")
    assert calls == ["file", "name", "folder"]


def test_what_is_no_saved_training_is_refused_by_name(tmp_path):
    (tmp_path / "text.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "b")
    ddpg.DDPG("Pendulum-v1").policy.save(str(tmp_path / "policy.ddpg"))
    for name, said in (("text.zip", "a .zip of a run"), ("other.zip", "without a config.toml"), ("policy.ddpg", "load_policy")):
        with pytest.raises(ddpg.Error, match=f"{name}.*{said}"):
            ddpg.DDPG.load(tmp_path / name)
    with pytest.raises(FileNotFoundError, match="no config.toml"):
        ddpg.DDPG.load(tmp_path)
