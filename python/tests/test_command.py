"""The command `ddpg` of the package, and what Stable-Baselines3's scripts give."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import ddpg


def command(*words, cwd=None):
    return subprocess.run([sys.executable, "-m", "ddpg", *map(str, words)], capture_output=True, text=True, cwd=cwd)


def test_the_command_has_the_verbs():
    version = command("version", "--json")
    assert version.returncode == 0 and json.loads(version.stdout.splitlines()[-1])["version"] == ddpg.__version__
    assert "Pendulum-v1" in command("envs").stdout
    wrong = command("train", "Pendulumm-v1")
    assert wrong.returncode == 2 and "Pendulum-v1" in wrong.stderr


def test_a_run_on_a_task_of_gymnasium_is_evaluated_and_resumed_by_the_command(small, tmp_path):
    ddpg.DDPG("Pendulum-v1", native=False, run=tmp_path / "run", **small).learn(300)
    found = command("evaluate", tmp_path / "run", "--episodes", 2, "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout.splitlines()[-1])["episodes"] == 2
    resumed = command("resume", tmp_path / "run", "--steps", 400, "--quiet")
    assert resumed.returncode == 0, resumed.stderr
    assert ddpg.DDPG.load(tmp_path / "run").num_timesteps == 400


@pytest.mark.parametrize("task", ["Pendulum-v1", "gymnasium/Pendulum-v1"])
def test_an_experiment_starts_the_command_for_each_of_its_trainings(tmp_path, task):
    words = ["--steps", 200, "--jobs", 2, "--run", tmp_path / "both", "--set", "evaluation_episodes=1", "--set", "learning_starts=100"]
    found = command("train", task, "--seeds", 2, *words, "--set", "replay_capacity=1000", "--json")
    logs = "".join(file.read_text() for file in (tmp_path / "both").glob("*.log"))
    assert found.returncode == 0, found.stderr + logs
    assert (tmp_path / "both" / "summary.json").exists()
    resumed = command("resume", tmp_path / "both", "--steps", 250, "--quiet")
    assert resumed.returncode == 0, resumed.stderr


def test_a_folder_with_a_config_of_something_else_keeps_no_verb_from_working(tmp_path):
    (tmp_path / "config.toml").write_bytes(b'environment = ["\xff')
    (tmp_path / "options.toml").write_text("[tool]\nenvironment = 3\n")
    for words in (["version"], ["envs"], ["runs", "."], ["runs", "x" * 300], ["presets", "--json"]):
        found = command(*words, cwd=tmp_path)
        assert "Traceback" not in found.stderr and found.returncode in (0, 1, 2), found.stderr
    assert command("version", cwd=tmp_path).returncode == 0


def test_keywords_of_stable_baselines3_are_understood():
    noise = ddpg.OrnsteinUhlenbeckActionNoise(mean=np.zeros(1), sigma=0.4 * np.ones(1), theta=0.2)
    agent = ddpg.DDPG(
        "MlpPolicy",
        "Pendulum-v1",
        learning_rate=2e-3,
        buffer_size=5000,
        learning_starts=50,
        batch_size=32,
        tau=0.01,
        gamma=0.98,
        train_freq=(4, "step"),
        gradient_steps=2,
        action_noise=noise,
        policy_kwargs={"net_arch": [40, 30]},
        verbose=0,
        device="auto",
    )
    expected = {
        "actor.learning_rate": 2e-3,
        "critic.learning_rate": 2e-3,
        "replay_capacity": 5000,
        "learning_starts": 50,
        "warmup_steps": 50,
        "batch_size": 32,
        "tau": 0.01,
        "discount": 0.98,
        "update_interval": 4,
        "updates_per_step": 0.5,
        "exploration.noise": "ornstein-uhlenbeck",
        "exploration.sigma": 0.2,  # of the half-range, which is 2
        "exploration.theta": 0.2,
        "actor.hidden": [40, 30],
        "critic.hidden": [40, 30],
    }
    assert {key: agent.options[key] for key in expected} == expected


@pytest.mark.parametrize(
    "given, text",
    [
        ({"policy": "CnnPolicy"}, "rows of numbers"),
        ({"device": "cuda"}, "processor"),
        ({"train_freq": (1, "episode")}, "episodes"),
        ({"policy_kwargs": {"activation_fn": None}}, "activation_fn"),
        ({"action_noise": ddpg.NormalActionNoise([1.0], [0.1])}, "mean"),
        ({"learning_rate": lambda share: share}, "schedule"),
        ({"optimize_memory_usage": True}, "unknown option"),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else None,
)
def test_what_differs_from_stable_baselines3_is_said(given, text):
    with pytest.raises(ValueError, match=text):
        ddpg.DDPG(env="Pendulum-v1", **given)


def test_wrong_environments_are_type_errors():
    for wrong in (lambda: ddpg.DDPG(), lambda: ddpg.DDPG(3), lambda: ddpg.DDPG("MlpPolicy", "Pendulum-v1", 1e-3)):
        with pytest.raises(TypeError):
            wrong()


def test_the_table_of_options_is_whole():
    rows = ddpg.option_table()
    assert {row["name"] for row in rows} == set(ddpg.Options().keys())
    assert len({row["keyword"] for row in rows}) == len(rows) and all(row["doc"] for row in rows)
    assert all(f"{row['keyword']}: {row['doc']}" in ddpg.DDPG.__doc__ for row in rows)
    for preset in ddpg.presets():
        assert ddpg.Options(preset)["preset"] == preset
