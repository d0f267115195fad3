"""ddpg's own tasks for Gymnasium: gymnasium.make("ddpg/Pendulum-v1"), one at a time and as a vector."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ddpg import _core


def _options(name: str, settings: dict[str, Any]) -> _core.Options:
    options = _core.Options(environment=name)
    for key, value in settings.items():
        _core.set_option(options, f"env.{key}", value)
    return options


def _spaces(specification: _core.Specification) -> tuple[Box, Box]:
    low, high = np.array(specification.action_low, np.float32), np.array(specification.action_high, np.float32)
    return Box(-np.inf, np.inf, (specification.observation_size,), np.float64), Box(low, high, dtype=np.float32)


class NativeEnv(gymnasium.Env):
    """One copy of a task."""

    metadata = {"render_modes": []}

    def __init__(self, name: str, render_mode: str | None = None, **settings: Any):
        self.render_mode = render_mode
        self._world: Any = _core.NativeEnvironment(_options(name, settings), autoreset="disabled")
        self.observation_space, self.action_space = _spaces(self._world.specification)
        self._seeded = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[np.ndarray, dict[str, Any]]:
        super().reset(seed=seed)
        del options
        if seed is None and not self._seeded:
            seed = int(self.np_random.integers(2**31))
        self._seeded = True
        return self._world.reset(seed)[0], {}

    def step(self, action: np.ndarray) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        self._world.step(action)
        world = self._world
        return world.next_observations[0], float(world.rewards[0]), bool(world.terminated[0]), bool(world.truncated[0]), {}


class NativeVectorEnv(VectorEnv):
    """Copies of a task, stepped together without the interpreter, on several threads."""

    def __init__(
        self,
        name: str,
        num_envs: int = 1,
        render_mode: str | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        threads: int = 1,
        **settings: Any,
    ):
        mode = AutoresetMode(autoreset_mode)
        names = {AutoresetMode.NEXT_STEP: "next_step", AutoresetMode.SAME_STEP: "same_step", AutoresetMode.DISABLED: "disabled"}
        self._mode, self._seeded = mode, False
        self._world: Any = _core.NativeEnvironment(_options(name, settings), copies=num_envs, autoreset=names[mode], threads=threads)
        self.num_envs, self.render_mode = num_envs, render_mode
        self.metadata = {"render_modes": [], "autoreset_mode": mode}
        self.single_observation_space, self.single_action_space = _spaces(self._world.specification)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[np.ndarray, dict[str, Any]]:
        if options and "reset_mask" in options:
            for copy in np.flatnonzero(options["reset_mask"]):
                self._world.reset_copy(int(copy))
            return self._world.observations, {}
        super().reset(seed=seed)
        if seed is None and not self._seeded:
            seed = int(self.np_random.integers(2**31))
        self._seeded = True
        return self._world.reset(seed), {}

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        world = self._world
        world.step(actions)
        terminated, truncated = world.terminated, world.truncated
        info: dict[str, Any] = {}
        if self._mode is AutoresetMode.SAME_STEP and (ended := terminated | truncated).any():
            info = {"final_obs": world.next_observations, "_final_obs": ended}
        return world.observations, world.rewards, terminated, truncated, info
