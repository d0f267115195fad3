#!/usr/bin/env python3
"""Makes data_*.npz: data sets as NumPy writes them, which tests/data/npz_test.cpp reads.

    python3 -m venv venv && venv/bin/pip install numpy==2.2.6 && venv/bin/python tests/golden/make_data_golden.py

Row i has the observation [i, i + 0.25], the action [i % 2, 0.5] and the reward i / 2. Episodes end after rows 4 (terminated), 8 (truncated)
and, without an end, 11.
"""
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
ROWS = 12


def columns(rows):
    i = np.arange(rows)
    observations = np.stack([i, i + 0.25], axis=1)
    terminals, timeouts = i == 4, i == 8
    next_observations = observations + 1
    return observations, np.stack([i % 2, np.full(rows, 0.5)], axis=1), i / 2, next_observations, terminals, timeouts


s, a, r, s2, terminals, timeouts = columns(ROWS)
# as D4RL's, in 32 bits and compressed, with arrays that say nothing to us
np.savez_compressed(HERE / "data_d4rl.npz", observations=s.astype("<f4"), actions=a.astype("<f4"), rewards=r.astype("<f4"),
                    next_observations=s2.astype("<f4"), terminals=terminals, timeouts=timeouts,
                    **{"infos/qpos": np.zeros((ROWS, 5)), "metadata": np.array("a text")})
# without what followed, in other types, not compressed
np.savez(HERE / "data_types.npz", states=s, acts=a.astype("<f8"), reward=(2 * r).astype("<i4"), terminations=terminals.astype("u1"),
         truncations=timeouts.astype("<i8"), episode_ids=np.array([0] * 5 + [1] * 4 + [2] * 3, dtype="<u2"))
# one episode as Minari keeps it: an observation more
np.savez(HERE / "data_minari.npz", observations=np.concatenate([s[:5], s2[4:5]]), actions=a[:5], rewards=r[:5], terminations=terminals[:5],
         truncations=timeouts[:5])
# longer than what is read at once
long = 20_000
i = np.arange(long) % 5
np.savez_compressed(HERE / "data_long.npz", observations=np.stack([i, i + 0.25], axis=1), actions=np.zeros((long, 2), "<f4"), rewards=i / 2,
                    terminals=i == 4, timeouts=np.zeros(long, bool))
