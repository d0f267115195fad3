"""Environments of Gymnasium that one object steps together (gymnasium.vector, EnvPool), as a task."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ddpg import _core
from ddpg._core import UsageError
from ddpg._goals import goals_of
from ddpg._settings import of_object
from ddpg._spaces import action_bounds, as_actions, flattened
from ddpg._tasks import PREFIX, evaluation_environment, id_of, nothing_to_evaluate, task_functions

MODES = {"NextStep": "next_step", "SameStep": "same_step", "Disabled": "disabled"}


def _rows(space: Any, batch: Any) -> np.ndarray:
    """Observations of all copies, a row each, in the order of flattened()."""
    kind = type(space).__name__
    if kind == "Dict":
        return np.concatenate([_rows(part, batch[key]) for key, part in space.spaces.items()], axis=1)
    if kind == "Tuple":
        return np.concatenate([_rows(part, batch[i]) for i, part in enumerate(space.spaces)], axis=1)
    rows: np.ndarray = np.asarray(batch)
    return rows.reshape(len(rows), -1)


class VectorTask:
    """A vector of environments, in each of its autoreset modes."""

    def __init__(self, env: Any, eval_env: Any = None):
        self._env = env
        self.environments = int(env.num_envs)
        mode = env.metadata.get("autoreset_mode", "NextStep")
        self.autoreset = MODES.get(getattr(mode, "value", mode), "")
        if not self.autoreset:
            raise UsageError(f"[gymnasium] autoreset_mode {mode!r}: expected one of {', '.join(MODES)}")
        self.observation_space, self.action_space = env.single_observation_space, env.single_action_space
        size, self.flatten = flattened(self.observation_space)
        low, high = action_bounds(self.action_space)
        if getattr(env, "is_async", False):  # EnvPool with a batch_size of its own
            raise UsageError("[gymnasium] this vector gives a part of its copies at each step: make it with batch_size = num_envs")
        name = id_of(env) or type(env).__name__  # EnvPool's has none
        self.specification = _core.Specification(PREFIX + name, size, low, high)
        goals = goals_of((getattr(env, "envs", None) or [env])[0], self.observation_space)
        if goals is not None:
            self.specification.goals = goals
        self.recorded = of_object(env)
        self._own: list[Any] = []
        self._eval_env: Any = None
        if eval_env is not None:
            self._eval_env, made = evaluation_environment(eval_env, self.specification)
            self._own += [self._eval_env] if made else []

    @property
    def core(self) -> _core.PythonTask:
        """The task as C++ sees it, made anew for each use."""
        return _core.PythonTask(self.specification, self._functions, self.environments, self.autoreset)

    def can_evaluate(self) -> bool:
        return self._eval_env is not None or bool(getattr(self._env, "env_fns", None))

    def _evaluation(self) -> Any:
        if self._eval_env is None:
            self._eval_env = self._env.env_fns[0]()
            self._own.append(self._eval_env)
        return self._eval_env

    def _functions(self, number: int, _settings: dict[str, Any], _again: bool = False) -> tuple[Callable[..., Any] | None, ...]:
        if number == 0:
            if not self.can_evaluate():
                return nothing_to_evaluate, nothing_to_evaluate
            return task_functions(self._evaluation())
        reset_one = self._reset_one if self.autoreset == "disabled" else None
        return self._reset, self._step, reset_one

    def _reset(self, seed: int) -> np.ndarray:
        return _rows(self.observation_space, self._env.reset(seed=seed)[0])

    def _reset_one(self, copy: int) -> np.ndarray:
        mask = np.zeros(self.environments, np.bool_)
        mask[copy] = True
        return _rows(self.observation_space, self._env.reset(options={"reset_mask": mask})[0])

    def _step(self, actions: np.ndarray) -> tuple[np.ndarray, ...]:
        batch, rewards, terminated, truncated, info = self._env.step(as_actions(self.action_space, actions))
        rows = following = _rows(self.observation_space, batch)
        if self.autoreset == "same_step" and "final_obs" in info:
            following = rows.astype(np.float64)
            for copy in np.flatnonzero(np.asarray(terminated) | np.asarray(truncated)):
                last = info["final_obs"][copy]
                following[copy] = np.ravel(last if self.flatten is None else self.flatten(last))
        return rows, following, rewards, terminated, truncated

    def close(self) -> None:
        """Closes the environment that was made here."""
        for env in self._own:
            env.close()
        self._own.clear()
