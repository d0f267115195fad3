"""What another implementation's DDPG learns with the settings of our preset `our-ddpg`, on Gymnasium's own task:

    python3 learning_curve.py sb3|sbx TASK STEPS SEED OUT.csv

The protocol is that of bench/results/table: 10 test episodes without noise every 5,000 steps, as many random steps as our row of the task
takes; each row of the file says how many. The file is written at the end, after OUT.json, which says of what versions and processor it is.
SBX begins with the weights that PyTorch would draw, as the others do: those of its own library, Flax, have another distribution.
"""

import csv
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
import tomllib

import gymnasium
import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.noise import NormalActionNoise

INTERVAL, EPISODES = 5_000, 10
LIST = pathlib.Path(__file__).resolve().parents[1] / "results/list.toml"


def random_steps(task):
    """As many as the first entry of our list that has the task adds to `our-ddpg`, or the preset's own 10,000."""
    entries = tomllib.loads(LIST.read_text())["rows"]
    ours = next((entry for entry in entries if entry["preset"] == "our-ddpg" and task in entry["tasks"]), {})
    return ours.get("settings", {}).get("learning_starts", 10_000)


class Evaluations(BaseCallback):
    """Plays the test episodes, in an environment of their own with seeds of their own."""

    def __init__(self, task, seed):
        super().__init__()
        self.random_steps = random_steps(task)
        self.environment, self.seed, self.rows = gymnasium.make(task), 1_000_000 * (seed + 1), []

    def play(self):
        self.seed += 1
        observation, _ = self.environment.reset(seed=self.seed)
        total, done = 0.0, False
        while not done:
            action, _ = self.model.predict(observation, deterministic=True)
            observation, reward, terminated, truncated, _ = self.environment.step(action)
            total, done = total + float(reward), terminated or truncated
        return total

    def evaluate(self):
        returns = [self.play() for _ in range(EPISODES)]
        self.rows.append([self.num_timesteps, self.random_steps, EPISODES, float(np.mean(returns)), float(np.std(returns, ddof=1))])
        print(f"{self.num_timesteps}: {np.mean(returns):.1f}", flush=True)

    def _on_training_start(self):
        self.evaluate()

    def _on_step(self):
        if self.num_timesteps % INTERVAL == 0:
            self.evaluate()
        return True


def stable_baselines3(settings):
    import stable_baselines3
    import torch

    torch.set_num_threads(1)
    return stable_baselines3.DDPG(**settings, device="cpu")


def sbx(settings):
    os.environ["NPROC"] = "1"  # the threads of XLA, read when JAX is imported
    import sbx

    model = sbx.DDPG(**settings, qf_learning_rate=settings["learning_rate"])
    generator = np.random.default_rng(settings["seed"])
    for name in "actor_state", "qf_state":
        state = getattr(model.policy, name)
        weights = as_pytorch_draws(state.params, generator)
        setattr(model.policy, name, state.replace(params=weights, target_params=weights))
    return model


def as_pytorch_draws(weights, generator):
    """The tree of Flax's weights with every layer's kernel, [..., in, out], and bias uniform within 1/sqrt(in)."""
    if "kernel" not in weights:
        return {name: as_pytorch_draws(of, generator) for name, of in weights.items()}
    bound = weights["kernel"].shape[-2] ** -0.5
    return {name: generator.uniform(-bound, bound, of.shape).astype(np.float32) for name, of in weights.items()}


MAKERS = {"sb3": stable_baselines3, "sbx": sbx}


def made_by(implementation, task, steps, seed):
    """What row.json is to a row of ours."""
    packages = ["stable_baselines3", *(["sbx-rl", "jax"] if implementation == "sbx" else ["torch"]), "gymnasium", "mujoco-core"]
    cpuinfo = pathlib.Path("/proc/cpuinfo")  # of Linux
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return {
        "command": f"bench/peers/run curves {implementation} {task} {steps} {seed}",
        "versions": {package: importlib.metadata.version(package) for package in packages},
        "processor": next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor() or "unknown"),
    }


def main():
    implementation, task, steps, seed, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    facts = made_by(implementation, task, steps, seed)  # first: what is missing is said before an hour of training
    environment = gymnasium.make(task)
    actions = environment.action_space.shape[0]
    evaluations = Evaluations(task, seed)
    settings = {
        "policy": "MlpPolicy",
        "env": environment,
        "learning_rate": 1e-3,
        "buffer_size": 1_000_000,
        "learning_starts": evaluations.random_steps,
        "batch_size": 100,
        "tau": 0.005,
        "gamma": 0.99,
        "train_freq": 1,
        "gradient_steps": 1,
        "action_noise": NormalActionNoise(np.zeros(actions), np.full(actions, 0.1)),
        "policy_kwargs": {"net_arch": [400, 300]},
        "seed": seed,
    }
    model = MAKERS[implementation](settings)
    model.learn(steps, callback=evaluations)
    pathlib.Path(out).with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n")
    with open(out + ".part", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["step", "random_steps", "evaluation_episodes", "evaluation_mean_return", "evaluation_std_return"])
        rows.writerows(evaluations.rows)
    os.replace(out + ".part", out)


if __name__ == "__main__":
    main()
