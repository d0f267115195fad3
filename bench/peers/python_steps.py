"""What a training costs for each step when it is started from Python: python3 python_steps.py [STEPS]. Prints one JSON object.

On Gymnasium's own Pendulum-v1, which is Python, that is the environment's time, the update's, and the rest: what lies between the two. On
ddpg's own Pendulum-v1 it is the speed of the command line, which is measured beside it. All by processor time, one thread; the best of
some rounds. The network and the minibatch are those of the other peers (tasks.py).
"""

import json
import subprocess
import sys
import tempfile
import time

import gymnasium
import numpy as np

import ddpg
from tasks import DISCOUNT, LEARNING_RATE, REPLAY_CAPACITY, SIGMA, TASKS, TAU

_, HIDDEN, BATCH_SIZE, _ = TASKS["small"]
OPTIONS = {
    "discount": DISCOUNT,
    "tau": TAU,
    "actor_learning_rate": LEARNING_RATE,
    "critic_learning_rate": LEARNING_RATE,
    "actor_hidden": HIDDEN,
    "critic_hidden": HIDDEN,
    "batch_size": BATCH_SIZE,
    "exploration_sigma": SIGMA,
    "exploration_sigma_final": SIGMA,
    "replay_capacity": REPLAY_CAPACITY,
    "warmup_steps": BATCH_SIZE,
    "learning_starts": BATCH_SIZE,
    "evaluation_episodes": 0,
}
ROUNDS = 5


def seconds_of(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def environment_step(steps):
    """Seconds of a step of Gymnasium's environment, resets with it."""
    env = gymnasium.make("Pendulum-v1")
    actions = np.random.default_rng(0).uniform(-2, 2, (steps, 1)).astype(np.float32)
    env.reset(seed=0)

    def play():
        for action in actions:
            *_, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset(seed=0)

    return seconds_of(play) / steps


def update(steps):
    """Seconds of an update, from a buffer as full as the training's is half way."""
    agent = ddpg.Agent(ddpg.Options(**OPTIONS), ddpg.Specification("Pendulum", 3, [-2], [2]))
    random = np.random.default_rng(0)
    ends = np.zeros(steps, bool)
    agent.add(random.normal(size=(steps, 3)), random.uniform(-2, 2, (steps, 1)), random.normal(size=steps), random.normal(size=(steps, 3)), ends, ends)
    agent.update(100)
    return seconds_of(lambda: agent.update(steps)) / steps


def training(steps, native):
    """Seconds of a step of learn(), without its beginning and its end: by the difference of a long and a short one."""

    def learn(n):
        agent = ddpg.DDPG("Pendulum-v1", native=native, **OPTIONS)
        taken = seconds_of(lambda: agent.learn(n))
        agent.close()
        return taken

    return (learn(2 * steps) - learn(steps)) / steps


def command_line(steps):
    """The same of the command `ddpg train`, where its path is given: on ddpg's own task."""

    def train(n):
        with tempfile.TemporaryDirectory() as folder:
            words = [part for key, value in ddpg.Options(**OPTIONS).items() for part in ("--set", f"{key}={json.dumps(value)}") if key in SETS]
            command = [PROGRAM, "train", "Pendulum-v1", "--steps", str(n), "--run", f"{folder}/run", "--quiet", *words]
            before = time.process_time(), *children()
            subprocess.run(command, check=True, capture_output=True)
            return sum(children()) - sum(before[1:])

    return (train(2 * steps) - train(steps)) / steps


def children():
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime, used.ru_stime


SETS = {key for key in ddpg.Options().keys() if key.replace(".", "_") in OPTIONS}
PROGRAM = sys.argv[2] if len(sys.argv) > 2 else ""


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    parts = {
        "environment": environment_step,
        "update": update,
        "learn": lambda n: training(n, False),
        "learn_native": lambda n: training(n, True),
    }
    if PROGRAM:
        parts["command_line"] = command_line
    found = {name: [] for name in parts}
    for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine meets all alike
        for name, measure in parts.items():
            found[name].append(1e6 * measure(steps))
    best = {name: min(values) for name, values in found.items()}
    best["between"] = best["learn"] - best["environment"] - best["update"]
    print(json.dumps({"microseconds": best, "rounds": found, "versions": {"ddpg": ddpg.__version__, "gymnasium": gymnasium.__version__}}))


if __name__ == "__main__":
    main()
