"""Environments of Gymnasium as tasks that ddpg trains on."""

from __future__ import annotations

import importlib.util
from typing import Any, Callable

import numpy as np

from ddpg import _core
from ddpg._core import UsageError
from ddpg._goals import goals_of
from ddpg._settings import MADE_BY, as_option, checked, of_object, own
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


def is_vector(source: Any) -> bool:
    """Whether it has what a vector of environments has."""
    return all(hasattr(source, name) for name in ("num_envs", "single_observation_space", "single_action_space", "reset", "step"))


def id_of(env: Any) -> str:
    """The id that Gymnasium knows an environment by; "" where it knows none."""
    return env if isinstance(env, str) else getattr(getattr(env, "spec", None), "id", "")


def _time_limit(env: Any) -> int:
    try:
        return int(env.get_wrapper_attr("_max_episode_steps") or 0)
    except (AttributeError, TypeError):
        return 0


def specified(name: str, env: Any) -> tuple[_core.Specification, Flatten | None]:
    """How one environment looks to C++, and what lays its observations in a row."""
    size, flatten = flattened(env.observation_space)
    low, high = action_bounds(env.action_space)
    specification = _core.Specification(PREFIX + name, size, low, high, _time_limit(env))
    goals = goals_of(env, env.observation_space)
    if goals is not None:
        specification.goals = goals
    return specification, flatten


def task_functions(env: Any) -> tuple[Callable[[int], Any], Callable[[Any], Any]]:
    """reset(seed) and step(action) of one environment, as C++ calls them."""
    _, flatten = flattened(env.observation_space)
    step = action_function(env.action_space, env.step)
    if flatten is None:
        return lambda seed: env.reset(seed=seed)[0], step

    def flat_step(action: np.ndarray) -> tuple[Any, ...]:
        observation, *rest = step(action)
        return (flatten(observation), *rest)

    return lambda seed: flatten(env.reset(seed=seed)[0]), flat_step


def evaluation_environment(given: Any, specification: _core.Specification) -> tuple[Any, bool]:
    """What was given as eval_env, and whether it was made here: an id, an environment, or a function that makes one."""
    if isinstance(given, str):
        env, made = _gymnasium().make(given), True
    elif is_environment(given) or not callable(given):
        env, made = given, False
    else:
        env, made = given(), True
    if is_vector(env) or not is_environment(env):
        found = "a vector of them" if is_vector(env) else type(env).__name__
        raise UsageError(f"eval_env: expected the id of a task, an environment of Gymnasium, or a function that makes one, found {found}")
    looks, _ = specified("", env)
    for what in ("observation_size", "action_low", "action_high"):
        expected, found = getattr(specification, what), getattr(looks, what)
        if expected != found:
            raise UsageError(f"eval_env: its {what} is {found}, and that of the environment to train on {expected}; they must be alike")
    return env, made


class GymnasiumTask:
    """A task of Gymnasium: by id, as a function that makes it, or as one object.

    Training needs `environments` copies, and one more in which evaluations play, so that they touch nothing of the training. Where the
    task is one object, that copy is made from its `spec`, where it has one. A task by id is made with the settings in the options of the
    training; `recorded` is what belongs into these.
    """

    def __init__(self, source: Any, eval_env: Any = None, settings: dict[str, Any] | None = None):
        self._copies: dict[int, Any] = {}
        self._made_with: dict[int, dict[str, Any]] = {}  # by copy, as the options have it
        self._own: list[Any] = []
        self._settings = own(settings or {})
        self._by_id = isinstance(source, str)
        if isinstance(source, str):
            self._maker: Callable[..., Any] | None = lambda **given: _gymnasium().make(source, **given)
        elif is_environment(source):
            refuse_settings(self._settings)
            self._copies[1] = source
            spec = getattr(source, "spec", None)
            self._maker = None if spec is None else lambda **_: _gymnasium().make(spec)
        elif callable(source):
            self._maker = source
        else:
            raise TypeError(
                f"env: expected the id of a task, an environment of Gymnasium, or a function that makes one, not {type(source).__name__}"
            )
        self.recorded = checked(self._settings) if self._by_id else {}
        first = self.copy(1)
        if not self._by_id:
            self.recorded = of_object(first) if is_environment(source) else {MADE_BY: "a function"}
        self.observation_space, self.action_space = first.observation_space, first.action_space
        self._name = source if isinstance(source, str) else id_of(first) or type(getattr(first, "unwrapped", first)).__name__
        self.specification, self.flatten = specified(self._name, first)
        if eval_env is not None:
            self._copies[0], made = evaluation_environment(eval_env, self.specification)
            self._own += [self._copies[0]] if made else []

    @property
    def core(self) -> _core.PythonTask:
        """The task as C++ sees it, made anew for each use: kept here, the two would keep each other alive."""
        return _core.PythonTask(self.specification, self.functions)

    def can_evaluate(self) -> bool:
        return 0 in self._copies or self._maker is not None

    def copy(self, number: int, again: bool = False, settings: dict[str, Any] | None = None) -> Any:
        """Copy 0 is the one that evaluations play. Again: another in its place, where one can be made. `settings`: of a task by id; None:
        those that it was given."""
        settings = self.recorded if settings is None else settings
        other = self._by_id and number in self._made_with and self._made_with[number] != settings
        if number not in self._copies or ((again or other) and self._maker is not None):
            if self._maker is None:
                raise UsageError(
                    "[gymnasium] one object is one copy of the world, and another is needed: give the id of the task or a function that "
                    "makes it, or, for evaluations, eval_env=..."
                )
            self._copies[number] = self._maker(**(settings if self._by_id and settings != self.recorded else self._settings))
            self._own.append(self._copies[number])
            self._made_with[number] = settings
        return self._copies[number]

    def functions(self, number: int, settings: dict[str, Any], again: bool = False) -> tuple[Any, ...]:
        """What C++ asks for: one copy, as its options say. `settings` are those in the options."""
        if number == 0 and not self.can_evaluate():
            return nothing_to_evaluate, nothing_to_evaluate
        env, given = self.copy(number, again, own(settings)), own(settings)
        looks = specified(self._name, env)[0] if self._by_id and given != self.recorded else self.specification
        return *task_functions(env), looks

    def close(self) -> None:
        """Closes the environments that were made here."""
        for env in self._own:
            env.close()
        self._own.clear()


def refuse_settings(settings: dict[str, Any]) -> None:
    """For an environment that is an object."""
    if settings:
        raise UsageError(
            f"env_kwargs: the environment is an object, which {', '.join(settings)} can no longer change: make it with them, or give the id "
            "of the task or a function that makes it"
        )


def record(recorded: dict[str, Any], options: _core.Options) -> None:
    """Writes the settings of a task into the options of its training."""
    for key, value in recorded.items():
        _core.set_option(options, f"env.{key}", as_option(value))


def refuse_to_make_again(made_by: str, what: str) -> UsageError:
    return UsageError(
        f"[gymnasium] the environment of {what} was {made_by}, which its config does not make again: in Python, ddpg.DDPG.load(run, env=...) "
        "takes it from you, and ddpg.load_policy(file) needs none"
    )


def nothing_to_evaluate(_: Any) -> Any:
    raise UsageError("[gymnasium] there is no environment to evaluate in: give eval_env=...")
