"""SBX, Stable-Baselines3 on JAX: python3 sbx_ddpg.py TASK THREADS. Prints one JSON object. What XLA compiles is compiled before."""

import json
import sys

import gymnasium
import jax
import numpy as np
import sbx
from stable_baselines3.common.noise import NormalActionNoise

from tasks import DISCOUNT, LEARNING_RATE, REPLAY_CAPACITY, SIGMA, TASKS, TAU, measure_speeds


def main():
    task, threads = sys.argv[1], int(sys.argv[2])
    make_environment, hidden, batch_size, steps = TASKS[task]
    environment = make_environment()
    actions = environment.action_space.shape[0]
    model = sbx.DDPG(
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
        action_noise=NormalActionNoise(np.zeros(actions), np.full(actions, SIGMA)),
        policy_kwargs={"net_arch": hidden},
        seed=0,
    )
    model.learn(batch_size + 200)
    speeds = measure_speeds(lambda n: model.learn(n, reset_num_timesteps=False), steps, threads)
    print(json.dumps({"speeds": speeds, "versions": {"sbx": sbx.__version__, "jax": jax.__version__, "gymnasium": gymnasium.__version__}}))


if __name__ == "__main__":
    main()
