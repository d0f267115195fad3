"""Writes tests/golden/statistics.json: what rliable, scipy and numpy make of samples of scores. Needs rliable 1.2.0 with pandas
below 3, which its arch 7 needs (they bring scipy and numpy). The intervals are computed twice: with rliable's own random resamples, which agree but for their noise, and by numpy
from the very resamples that the project's RandomStream draws (make_random_golden.py), which agree to rounding."""
import json
import pathlib

import numpy as np
import scipy.stats
from rliable import library, metrics

from make_random_golden import Stream

HERE = pathlib.Path(__file__).parent


def iqm(values):
    return float(scipy.stats.trim_mean(values, 0.25))


def own_interval(values, repetitions):
    stream = Stream(0, "bootstrap", 0)
    n = len(values)
    means = [iqm([values[stream.below(n)] for _ in range(n)]) for _ in range(repetitions)]
    return [float(q) for q in np.quantile(means, [0.025, 0.975])]


def rliable_interval(values, repetitions):
    scores = {"x": np.array(values).reshape(-1, 1)}  # runs x tasks
    _, intervals = library.get_interval_estimates(
        scores, lambda x: np.array([metrics.aggregate_iqm(x)]), reps=repetitions, random_state=np.random.RandomState(1))
    return [float(intervals["x"][0][0]), float(intervals["x"][1][0])]


def improvement(x, y):
    pair = {"x,y": (np.array(x).reshape(-1, 1), np.array(y).reshape(-1, 1))}
    _, intervals = library.get_interval_estimates(
        pair, lambda a, b: np.array([metrics.probability_of_improvement(a, b)]), reps=20000, random_state=np.random.RandomState(2))
    return {"x": x, "y": y, "probability": float(metrics.probability_of_improvement(*pair["x,y"])),
            "rliable_interval": [float(intervals["x,y"][0][0]), float(intervals["x,y"][1][0])]}


def main():
    random = np.random.default_rng(20150909)
    samples = [[-147.25], [3.0, 1.0], [1.0, 2.0, 4.0], [1.0, 2.0, 3.0, 100.0], [5.0, -1.0, 0.5, 2.0, 8.0],
               [float(v) for v in random.normal(-150, 20, 10)], [float(v) for v in random.standard_cauchy(11)],
               [float(v) for v in random.integers(0, 4, 23)]]
    golden = {"samples": [], "improvement": []}
    for values in samples:
        entry = {"values": values, "iqm": iqm(values), "mean": float(np.mean(values)),
                 "quantiles": [float(q) for q in np.quantile(values, [0, 0.025, 0.3, 0.5, 0.975, 1])]}
        if len(values) > 1:
            entry["std"] = float(np.std(values, ddof=1))
            entry["interval"] = own_interval(values, 2000)
            entry["rliable_interval"] = rliable_interval(values, 50000)
        golden["samples"].append(entry)
    golden["improvement"] = [improvement(samples[5], [v + 10 for v in samples[5][::-1]]), improvement(samples[7], samples[7][:9]),
                             improvement([1.0, 2.0], [0.0, 0.5, 0.9]), improvement([0.0, 1.0, 1.0], [1.0, 1.0])]
    (HERE / "statistics.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
