"""Tasks with goals as Gymnasium-Robotics has them: where they stand in a row of numbers, and what steps are worth by them."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ddpg import _core
from ddpg._spaces import flattened

KEYS = ("achieved_goal", "desired_goal")


def _method(env: Any, name: str) -> Callable[..., Any] | None:
    method = getattr(getattr(env, "unwrapped", env), name, None)
    return method if callable(method) else None


class _Judge:
    """compute_reward(achieved, desired, info) and compute_terminated of an environment, for many rows at once."""

    def __init__(self, reward: Callable[..., Any], terminated: Callable[..., Any] | None, space: Any):
        self._reward, self._terminated = reward, terminated
        self._shape, self._dtype = space.shape, space.dtype
        self._takes_rows: bool | None = None  # not known yet

    def __call__(self, achieved: np.ndarray, desired: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        achieved, desired = (rows.reshape(-1, *self._shape).astype(self._dtype, copy=False) for rows in (achieved, desired))
        pairs = list(zip(achieved, desired))
        if self._takes_rows is None and len(pairs) > 1:
            self._takes_rows = self._try_rows(achieved, desired, [float(self._reward(a, d, {})) for a, d in pairs])
        rewards = self._reward(achieved, desired, {}) if self._takes_rows else [self._reward(a, d, {}) for a, d in pairs]
        if self._terminated is None:
            terminated = np.zeros(len(pairs))
        else:
            terminated = np.array([bool(self._terminated(a, d, {})) for a, d in pairs], np.float64)
        return np.asarray(rewards, np.float64), terminated

    def _try_rows(self, achieved: np.ndarray, desired: np.ndarray, expected: list[float]) -> bool:
        """Whether it gives for rows what it gives for each of them."""
        try:
            return np.array_equal(np.asarray(self._reward(achieved, desired, {}), np.float64), expected)
        except Exception:  # whatever an environment does with rows that it does not know
            return False


def goals_of(env: Any, space: Any) -> _core.Goals | None:
    """The goals of an environment whose observations are a Dict with both, and which can compute rewards by them; None: it has none."""
    reward = _method(env, "compute_reward")
    if type(space).__name__ != "Dict" or reward is None or not all(key in space.spaces for key in KEYS):
        return None
    places, size = {}, 0
    for key, part in space.spaces.items():
        places[key] = size
        size += flattened(part)[0]
    goal, reached = space.spaces["desired_goal"], space.spaces["achieved_goal"]
    if type(goal).__name__ != "Box" or goal.shape != getattr(reached, "shape", None):
        return None
    judge = _Judge(reward, _method(env, "compute_terminated"), goal)
    return _core.Goals(int(np.prod(goal.shape)), places["achieved_goal"], places["desired_goal"], judge)
