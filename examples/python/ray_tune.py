"""A search over options with Ray Tune, on one machine or on Ray's cluster: pip install ddpg "ray[tune]".

Each trial is a run folder. A trial that is killed, with its process or with its machine, is begun again by Ray and goes on from its last
checkpoint, to the bits of one that was never disturbed; so is everything when the script is called again. --kill shows it: it kills each
trial once on its way.

    python ray_tune.py --runs search --steps 20000
"""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from ray import tune

import ddpg


def folder_of(config: dict) -> Path:
    return Path(config["runs"]) / f"sigma-{config['sigma']}-seed{config['seed']}"


def trial(config: dict) -> None:
    run = folder_of(config)
    if (run / "config.toml").exists():
        agent = ddpg.DDPG.load(run)
    else:
        agent = ddpg.DDPG(
            "Pendulum-v1",
            run=run,
            seed=config["seed"],
            steps=config["steps"],
            exploration_sigma=config["sigma"],
            evaluation_interval=config["steps"] // 10,
            checkpoint_interval=config["steps"] // 10,
        )

    def report(row: dict) -> None:
        if row["evaluation_episodes"] > 0:
            tune.report({"mean_return": row["evaluation_mean_return"], "step": row["step"]})
        mark = run / "killed"
        if config["kill"] and row["step"] > config["steps"] // 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    if agent.num_timesteps < config["steps"]:
        agent.learn(callback=report)
    tune.report({"mean_return": agent.evaluate(20).mean_return, "step": agent.num_timesteps})


def main() -> None:
    parser = argparse.ArgumentParser(description="A search with Ray Tune whose trials are runs of ddpg.")
    parser.add_argument("--runs", type=Path, default=Path("runs/ray"), help="where the runs are; of a cluster: where all its machines see them")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--kill", action="store_true", help="kill each trial once on its way")
    asked = parser.parse_args()
    tuner = tune.Tuner(
        tune.with_resources(trial, {"cpu": 1}),
        param_space={
            "sigma": tune.grid_search([0.05, 0.1, 0.2]),
            "seed": tune.grid_search([0, 1]),
            "steps": asked.steps,
            "runs": str(asked.runs.absolute()),
            "kill": asked.kill,
        },
        tune_config=tune.TuneConfig(metric="mean_return", mode="max"),
        run_config=tune.RunConfig(failure_config=tune.FailureConfig(max_failures=3)),
    )
    best = tuner.fit().get_best_result()
    print(f"best: sigma {best.config['sigma']}, mean return {best.metrics['mean_return']:.1f}, policy {folder_of(best.config) / 'policy.ddpg'}")


if __name__ == "__main__":
    main()
