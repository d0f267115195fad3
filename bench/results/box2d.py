"""Trains a task of Gymnasium through the Python package over several seeds, and tests each seed's last policy on 100
fresh episodes: the rows of docs/results.md on Box2D. Continues where it stopped. Needs ddpg and gymnasium[box2d].

    python bench/results/box2d.py OUT.csv TASK STEPS SEEDS [option=value ...]    such as discount=0.98
"""
import csv
import json
import os
import sys
import time

import ddpg

EPISODES = 100
COLUMNS = ["environment", "steps", "seed", "episodes", "mean_return", "std_return", "seconds", "options"]


def rows(out):
    if not os.path.exists(out):
        return []
    with open(out, newline="") as file:
        return list(csv.DictReader(file))


def train(task, steps, seed, given):
    begun = time.time()
    options = {key: json.loads(value) for key, value in given}
    agent = ddpg.DDPG(task, seed=seed, evaluation_interval=20_000, evaluation_episodes=5, **options)
    agent.learn(steps)
    test = agent.evaluate(EPISODES)
    return [task, steps, seed, EPISODES, test.mean_return, test.std_return, round(time.time() - begun, 1)]


def main():
    out, task, steps, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    given = [argument.split("=", 1) for argument in sys.argv[5:]]
    text = " ".join(sys.argv[5:])
    done = {(row["environment"], int(row["steps"]), int(row["seed"]), row["options"]) for row in rows(out)}
    for seed in range(seeds):
        if (task, steps, seed, text) in done:
            continue
        row = train(task, steps, seed, given) + [text]
        new = not os.path.exists(out)
        with open(out, "a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(COLUMNS)
            writer.writerow(row)
    of_these = [row for row in rows(out) if (row["environment"], int(row["steps"]), row["options"]) == (task, steps, text)]
    means = [float(row["mean_return"]) for row in of_these]
    print(f"{task}, {steps} steps, {len(means)} seeds: mean {sum(means) / len(means):.1f}, worst {min(means):.1f}, best {max(means):.1f}")


if __name__ == "__main__":
    main()
