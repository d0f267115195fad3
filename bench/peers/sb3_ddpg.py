"""Stable-Baselines3's DDPG: python3 sb3_ddpg.py TASK THREADS. Prints one JSON object."""

import json
import sys

import gymnasium
import numpy as np
import stable_baselines3
import torch
from stable_baselines3.common.noise import NormalActionNoise

from tasks import DISCOUNT, LEARNING_RATE, REPLAY_CAPACITY, SIGMA, TASKS, TAU, measure_speeds


def main():
    task, threads = sys.argv[1], int(sys.argv[2])
    make_environment, hidden, batch_size, steps = TASKS[task]
    torch.set_num_threads(threads)
    environment = make_environment()
    actions = environment.action_space.shape[0]
    model = stable_baselines3.DDPG(
        "MlpPolicy",
        environment,
        learning_rate=LEARNING_RATE,
        buffer_size=REPLAY_CAPACITY,
        learning_starts=batch_size,
        batch_size=batch_size,
        tau=TAU,
        gamma=DISCOUNT,
        train_freq=1,
        gradient_steps=1,
        action_noise=NormalActionNoise(np.zeros(actions), np.full(actions, SIGMA)),  # added to actions scaled to [-1, 1]
        policy_kwargs={"net_arch": hidden},
        seed=0,
        device="cpu",
    )

    def train_steps(n):
        updates = model._n_updates
        model.learn(n, reset_num_timesteps=False)
        assert model._n_updates - updates == n, "one update a step"

    model.learn(batch_size + 50)
    speeds = measure_speeds(train_steps, steps, threads)
    versions = {
        "stable-baselines3": stable_baselines3.__version__,
        "torch": torch.__version__,
        "gymnasium": gymnasium.__version__,
    }
    print(json.dumps({"speeds": speeds, "versions": versions}))


if __name__ == "__main__":
    main()
