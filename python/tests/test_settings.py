"""Settings of Gymnasium's tasks: the world that is loaded, resumed and evaluated is the one that was trained on."""

from __future__ import annotations

import json
import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from conftest import Point
from gymnasium.wrappers import RescaleAction, TimeLimit

import ddpg


def gravity(agent, copy=1):
    return agent._task.copy(copy).unwrapped.g


def pendulum(**settings):
    return gymnasium.make("Pendulum-v1", **settings)


MADE = {
    "by id": lambda: {"env": "Pendulum-v1", "env_kwargs": {"g": 2.5}},
    "by id, with a number of NumPy": lambda: {"env": "Pendulum-v1", "env_kwargs": {"g": np.float32(2.5)}},
    "an object": lambda: {"env": pendulum(g=2.5)},
    "an object that is shown and counted": lambda: {"env": TimeLimit(pendulum(g=2.5, render_mode="rgb_array"), 200)},
    "a vector": lambda: {"env": gymnasium.make_vec("Pendulum-v1", num_envs=2, vectorization_mode="sync", g=2.5)},
}


@pytest.mark.parametrize("how", MADE)
def test_a_run_is_loaded_and_evaluated_in_the_world_that_it_was_trained_in(small, tmp_path, how):
    agent = ddpg.DDPG(native=False if how.startswith("by id") else None, run=tmp_path / "run", **MADE[how](), **small).learn(250)
    assert agent.options.env == {"g": 2.5}
    loaded = ddpg.DDPG.load(tmp_path / "run")
    assert gravity(loaded) == gravity(loaded, 0) == 2.5
    expected = agent.evaluate(2, seed=5)
    assert loaded.evaluate(2, seed=5) == expected
    if how == "a vector":  # it is played one copy at a time without it, but not trained on
        loaded = ddpg.DDPG.load(tmp_path / "run", env=MADE[how]()["env"])
    assert loaded.learn(20).num_timesteps == 270 and loaded.options.env == {"g": 2.5}


@pytest.mark.parametrize("settings", [{"render_mode": "rgb_array"}, {"max_episode_steps": 200}], ids=str)
def test_settings_that_change_nothing_keep_no_environment_out(small, tmp_path, settings):
    agent = ddpg.DDPG("Pendulum-v1", native=False, env_kwargs=settings, run=tmp_path / "run", **small).learn(250)
    assert "render_mode" not in agent.options.env
    assert ddpg.DDPG.load(tmp_path / "run", env=pendulum(**settings)).learn(20).num_timesteps == 270
    with pytest.raises(ddpg.UsageError, match="was made with"):
        ddpg.DDPG("Pendulum-v1", native=False, env_kwargs={"g": 2.5}, run=tmp_path / "light", **small).learn(250)
        ddpg.DDPG.load(tmp_path / "light", env=pendulum(**settings))


def test_the_command_plays_in_the_world_of_the_run(small, tmp_path):
    def evaluated(*words):
        done = subprocess.run(
            [sys.executable, "-m", "ddpg", "evaluate", *map(str, words), "--episodes", "2", "--json"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert "nanobind" not in done.stderr
        return json.loads(done.stdout.splitlines()[-1])["mean_return"]

    agent = ddpg.DDPG("Pendulum-v1", native=False, env_kwargs={"g": 2.5}, run=tmp_path / "run", **small).learn(250)
    run = tmp_path / "run"
    expected = agent.evaluate(2, seed=int(agent.options["seed"])).mean_return
    assert evaluated(run) == evaluated(run / "policy.ddpg") == pytest.approx(expected)
    assert evaluated(run, "--set", "env.g=10") != pytest.approx(expected)


def test_settings_may_change_how_the_task_looks(tmp_path):
    class Sized(Point):
        def __init__(self, size=2, scale=(1.0,)):
            super().__init__()
            self.observation_space = gymnasium.spaces.Box(-10, 10, (size,), np.float32)
            self.size, self.scale = size, scale

        def observe(self):
            return np.full(self.size, self.x * self.scale[0], np.float32)

    gymnasium.register("Sized-v0", entry_point=Sized)
    try:
        agent = ddpg.DDPG("Sized-v0", env_kwargs={"size": 5, "scale": (2.0, 3.0)}, run=tmp_path / "run", evaluation_episodes=0).learn(20)
        assert agent._task.copy(1).unwrapped.scale == (2.0, 3.0)  # as it was given
        loaded = ddpg.DDPG.load(tmp_path / "run")
        assert loaded.specification.observation_size == 5 and loaded._task.copy(1).unwrapped.scale == [2.0, 3.0]
        task = loaded._task
        functions = task.functions(1, {"size": 3, "scale": [1.0]})
        assert functions[0](0).shape == (3,) and functions[2].observation_size == 3
    finally:
        del gymnasium.registry["Sized-v0"]


@pytest.mark.parametrize("value", [None, {"a": 1}, object(), [[1.0]], ["a"], 2**60 + 1, [True]], ids=repr)
def test_what_a_config_cannot_keep_is_refused(value):
    with pytest.raises(ddpg.UsageError, match=r"env_kwargs: g=.*gymnasium.make\(..., g=...\)"):
        ddpg.DDPG("Pendulum-v1", native=False, env_kwargs={"g": value})


@pytest.mark.parametrize("text", ["5", "true", "a b", "[1]", ""])
def test_texts_stay_texts(text):
    from ddpg import _settings

    options = ddpg.Options()
    ddpg._core.set_option(options, "env.it", _settings.as_option(text))
    assert options.env == {"it": text} == ddpg.Options.from_toml(options.to_toml()).env


@pytest.mark.parametrize("env", [pendulum, lambda: gymnasium.make_vec("Pendulum-v1", num_envs=2, vectorization_mode="sync")], ids=["object", "vector"])
def test_an_object_is_made_already(env):
    with pytest.raises(ddpg.UsageError, match="env_kwargs: the environment is an object"):
        ddpg.DDPG(env(), env_kwargs={"g": 2.5})


BY_A_PROGRAM = {
    "a function": lambda: lambda: pendulum(g=2.5),
    "an object without a spec": Point,
    "an object in wrappers": lambda: RescaleAction(pendulum(), -1, 1),
    "an object whose setting g cannot": lambda: pendulum(g=np.array([[2.5]])),
}


@pytest.mark.parametrize("why", BY_A_PROGRAM)
def test_what_no_config_makes_again_is_asked_for(small, tmp_path, why):
    small["evaluation_episodes"] = 0
    make = BY_A_PROGRAM[why]
    run = tmp_path / "run"
    ddpg.DDPG(make(), run=run, **small).learn(120)
    with pytest.raises(ddpg.UsageError, match=rf"{why}.*load\(run, env=...\)"):
        ddpg.DDPG.load(run)
    done = subprocess.run([sys.executable, "-m", "ddpg", "evaluate", run], capture_output=True, text=True)
    assert done.returncode == 2 and why in done.stderr and "Traceback" not in done.stderr
    assert subprocess.run([sys.executable, "-m", "ddpg", "runs", tmp_path], capture_output=True).returncode == 0
    assert ddpg.DDPG.load(run, env=make()).learn(10).num_timesteps == 130


def test_an_object_with_other_settings_is_another_task(tmp_path):
    ddpg.DDPG(pendulum(g=2.5), run=tmp_path / "run", evaluation_episodes=0).learn(20)
    assert ddpg.DDPG.load(tmp_path / "run", env=pendulum(g=2.5)).num_timesteps == 20
    with pytest.raises(ddpg.UsageError, match="settings.*2.5"):
        ddpg.DDPG.load(tmp_path / "run", env=pendulum(g=3.0))


def test_what_evaluations_play_in_is_looked_at_first(small):
    one = ddpg.DDPG("Pendulum-v1", native=False, eval_env="Pendulum-v1", **small).learn(120)
    assert one.result["after"].episodes == 1
    with pytest.raises(ddpg.UsageError, match="native=False"):
        ddpg.DDPG("Pendulum-v1", eval_env=pendulum())
    vector = gymnasium.make_vec("Pendulum-v1", num_envs=2, vectorization_mode="sync")
    for env in ("Pendulum-v1", vector):
        for wrong, text in (
            (vector, "a vector of them"),
            (3, "found int"),
            ("MountainCarContinuous-v0", "observation_size is 2.* 3;"),
            (RescaleAction(pendulum(), -1, 1), "action_low"),
        ):
            with pytest.raises(ddpg.UsageError, match=f"eval_env: .*{text}"):
                ddpg.DDPG(env, native=None if env is vector else False, eval_env=wrong)
