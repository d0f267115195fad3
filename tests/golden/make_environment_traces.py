"""Records step-by-step traces of Gymnasium's environments for tests/envs/classic/*_test.cpp.

    python3 tests/golden/make_environment_traces.py        # writes tests/golden/environments/*.trace

Needs gymnasium (the committed files are from 1.4.0 with NumPy 2.4.6). For each task: 20 rollouts from random states over the
whole state space, 1,000 random actions each, uniform over 1.5 times the action range so that a third lies beyond the bounds. The
bare environment is stepped, without a time limit, and never reset: where it terminates, the trace says so and goes on.

A file is little-endian and packed. For each rollout: the state injected (float64 x 2), then 1,000 records of
    action float32 | observation float32 x n | reward float64 | state after the step float64 x 2 | terminated uint8
"""

import pathlib
import struct

import gymnasium
import numpy as np

ROLLOUTS = 20
STEPS = 1000
# task: bounds of the states injected (low, high)
TASKS = {
    "Pendulum-v1": ([-10.0, -8.0], [10.0, 8.0]),
    "MountainCarContinuous-v0": ([-1.2, -0.07], [0.6, 0.07]),
}


def record_rollout(environment, start, random):
    """The bytes of one rollout from the state `start`."""
    half_range = environment.action_space.high[0]
    environment.state = start.copy()
    parts = [struct.pack("<2d", *start)]
    for _ in range(STEPS):
        action = random.uniform(-1.5 * half_range, 1.5 * half_range, size=1).astype(np.float32)
        observation, reward, terminated, _, _ = environment.step(action)
        assert observation.dtype == np.float32
        parts.append(struct.pack("<f", action[0]) + observation.astype("<f4").tobytes())
        parts.append(struct.pack("<3dB", reward, *environment.state, terminated))
    return b"".join(parts)


def main():
    folder = pathlib.Path(__file__).parent / "environments"
    folder.mkdir(exist_ok=True)
    for name, (low, high) in TASKS.items():
        random = np.random.default_rng(20)
        environment = gymnasium.make(name).unwrapped
        environment.reset(seed=0)
        rollouts = [record_rollout(environment, random.uniform(low, high), random) for _ in range(ROLLOUTS)]
        path = folder / f"{name}.trace"
        path.write_bytes(b"".join(rollouts))
        print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
