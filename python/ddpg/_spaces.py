"""Spaces of Gymnasium as rows of numbers: what can be taken, and why the rest cannot."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ddpg._core import UsageError

Flatten = Callable[[Any], np.ndarray]


def _name(space: Any) -> str:
    return type(space).__name__


def _refuse(what: str, cure: str) -> UsageError:
    return UsageError(f"[gymnasium] {what}. {cure}")


def flattened(space: Any, where: str = "observations") -> tuple[int, Flatten | None]:
    """How many numbers an observation of `space` has, and the function that lays them in a row; None: it is one already.

    The parts of a Dict come in the order of its keys as the space has them (Gymnasium sorts them by name), those of a Tuple in theirs;
    of each part its numbers in C order.
    """
    kind = _name(space)
    if kind == "Dict":
        return _joined([(key, *flattened(part, f"{where}[{key!r}]")) for key, part in space.spaces.items()])
    if kind == "Tuple":
        return _joined([(i, *flattened(part, f"{where}[{i}]")) for i, part in enumerate(space.spaces)])
    if kind != "Box":
        raise _refuse(
            f"the {where} are {space}; ddpg observes numbers",
            "gymnasium.wrappers.FlattenObservation(env) makes a row of numbers of it",
        )
    if space.dtype == np.uint8 and len(space.shape) >= 2:
        raise _refuse(
            f"the {where} are images of shape {space.shape}; the networks of ddpg see rows of numbers",
            "Choose a task that observes its state, or let a wrapper compute features of the image",
        )
    size = int(np.prod(space.shape))
    if size == 0:
        raise _refuse(f"the {where} have shape {space.shape}, which holds no number", "ddpg needs at least one")
    return size, None


def _joined(parts: list[tuple[Any, int, Flatten | None]]) -> tuple[int, Flatten]:
    def flatten(observation: Any) -> np.ndarray:
        rows = []
        for key, _, inner in parts:
            part = observation[key]
            rows.append(np.ravel(part if inner is None else inner(part)))
        return np.concatenate(rows, dtype=np.float64)

    return sum(size for _, size, _ in parts), flatten


def action_bounds(space: Any) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of the actions, one for each of their numbers."""
    kind = _name(space)
    if kind in ("Discrete", "MultiDiscrete", "MultiBinary"):
        raise _refuse(
            f"the actions are {space}, and those of DDPG are continuous: a Box",
            "Choose the continuous variant of the task where there is one (such as continuous=True of LunarLander-v3), "
            "or an algorithm for discrete actions",
        )
    if kind != "Box":
        raise _refuse(f"the actions are {space}, expected a Box", "A wrapper with one Box for all actions makes it one")
    low, high = np.ravel(space.low), np.ravel(space.high)
    if not (np.all(np.isfinite(low)) and np.all(np.isfinite(high))):
        raise _refuse(
            f"the actions have no bounds: {space}",
            "ddpg explores within bounds: gymnasium.wrappers.TransformAction(env, lambda action: action, "
            "gymnasium.spaces.Box(low, high)) tells which",
        )
    if not np.issubdtype(space.dtype, np.floating):
        raise _refuse(f"the actions are whole numbers: {space}", "A wrapper that rounds actions of a Box of float32 makes it continuous")
    return low.astype(np.float32), high.astype(np.float32)


def as_actions(space: Any, actions: np.ndarray) -> np.ndarray:
    """Actions of ddpg, one or rows of them, of the space's own shape and type; that type may round them past its bounds."""
    if space.dtype == np.float32 and len(space.shape) == 1:
        return actions
    shaped = actions.astype(space.dtype).reshape(*actions.shape[:-1], *space.shape)
    clipped: np.ndarray = np.clip(shaped, space.low, space.high)
    return clipped


def action_function(space: Any, step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`step`, called with actions of the space's own shape and type; `step` itself where ddpg's are such already."""
    if space.dtype == np.float32 and len(space.shape) == 1:
        return step
    return lambda action: step(as_actions(space, action))
