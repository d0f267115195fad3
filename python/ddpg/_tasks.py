"""Environments of Gymnasium as tasks that ddpg trains on."""

from __future__ import annotations

import importlib.util
from typing import Any, Callable

import numpy as np

from ddpg import _core
from ddpg._core import UsageError
from ddpg._goals import goals_of
from ddpg._spaces import Flatten, action_bounds, action_function, flattened

PREFIX = "gymnasium/"


def _gymnasium() -> Any:
    try:
        import gymnasium
    except ImportError as error:
        raise ImportError("this environment is Gymnasium's, which is not there: pip install gymnasium") from error
    return gymnasium


def is_native(env: Any, native: bool | None) -> bool:
    """Whether ddpg's own task is meant, which runs without the interpreter."""
    if native is False or not isinstance(env, str):
        if native:
            raise UsageError("native=True: give the id of a task; an environment that is an object lives in Python")
        return False
    if native or env not in _core.environments():
        return bool(native)
    why = _core.why_unavailable(env)
    if why and importlib.util.find_spec("gymnasium") is None:
        raise ImportError(why)
    return why == ""


def is_environment(source: Any) -> bool:
    """Whether it has what an environment of Gymnasium has."""
    return not isinstance(source, type) and all(hasattr(source, name) for name in ("reset", "step", "observation_space", "action_space"))


def id_of(env: Any) -> str:
    """The id that Gymnasium knows an environment by; "" where it knows none."""
    return env if isinstance(env, str) else getattr(getattr(env, "spec", None), "id", "")


def _time_limit(env: Any) -> int:
    try:
        return int(env.get_wrapper_attr("_max_episode_steps") or 0)
    except (AttributeError, TypeError):
        return 0


def task_functions(env: Any, flatten: Flatten | None) -> tuple[Callable[[int], Any], Callable[[Any], Any]]:
    """reset(seed) and step(action) of one environment, as C++ calls them."""
    step = action_function(env.action_space, env.step)
    if flatten is None:
        return lambda seed: env.reset(seed=seed)[0], step

    def flat_step(action: np.ndarray) -> tuple[Any, ...]:
        observation, *rest = step(action)
        return (flatten(observation), *rest)

    return lambda seed: flatten(env.reset(seed=seed)[0]), flat_step


class GymnasiumTask:
    """A task of Gymnasium: by id, as a function that makes it, or as one object.

    Training needs `environments` copies, and one more in which evaluations play, so that they touch nothing of the training. Where the
    task is one object, that copy is made from its `spec`, where it has one.
    """

    def __init__(self, source: Any, eval_env: Any = None, settings: dict[str, Any] | None = None):
        self._copies: dict[int, Any] = {}
        self._own: list[Any] = []
        settings = settings or {}
        spec = None
        if isinstance(source, str):
            self._maker: Callable[..., Any] | None = lambda **given: _gymnasium().make(source, **given)
        elif is_environment(source):
            self._copies[1] = source
            spec = getattr(source, "spec", None)
            self._maker = None if spec is None else lambda **_: _gymnasium().make(spec)
        elif callable(source):
            self._maker = source
        else:
            raise TypeError(
                f"env: expected the id of a task, an environment of Gymnasium, or a function that makes one, not {type(source).__name__}"
            )
        if eval_env is not None:
            self._copies[0] = eval_env() if callable(eval_env) and not is_environment(eval_env) else eval_env
        self._settings = settings
        first = self.copy(1)
        self.observation_space, self.action_space = first.observation_space, first.action_space
        size, self.flatten = flattened(self.observation_space)
        low, high = action_bounds(self.action_space)
        name = source if isinstance(source, str) else id_of(first) or type(getattr(first, "unwrapped", first)).__name__
        self.specification = _core.Specification(PREFIX + name, size, low, high, _time_limit(first))
        goals = goals_of(first, self.observation_space)
        if goals is not None:
            self.specification.goals = goals

    @property
    def core(self) -> _core.PythonTask:
        """The task as C++ sees it, made anew for each use: kept here, the two would keep each other alive."""
        return _core.PythonTask(self.specification, self._functions)

    def can_evaluate(self) -> bool:
        return 0 in self._copies or self._maker is not None

    def copy(self, number: int, again: bool = False) -> Any:
        """Copy 0 is the one that evaluations play. Again: another in its place, where one can be made."""
        if number not in self._copies or (again and self._maker is not None):
            if self._maker is None:
                raise UsageError(
                    "[gymnasium] one object is one copy of the world, and another is needed: give the id of the task or a function that "
                    "makes it, or, for evaluations, eval_env=..."
                )
            self._copies[number] = self._maker(**self._settings)
            self._own.append(self._copies[number])
        return self._copies[number]

    def _functions(self, number: int, _settings: dict[str, Any], again: bool = False) -> tuple[Callable[[int], Any], Callable[[Any], Any]]:
        if number == 0 and not self.can_evaluate():
            return nothing_to_evaluate, nothing_to_evaluate
        return task_functions(self.copy(number, again), self.flatten)

    def close(self) -> None:
        """Closes the environments that were made here."""
        for env in self._own:
            env.close()
        self._own.clear()


def nothing_to_evaluate(_: Any) -> Any:
    raise UsageError("[gymnasium] there is no environment to evaluate in: give eval_env=...")
