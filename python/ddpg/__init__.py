"""DDPG, TD3 and their kin, computed by C++: docs/python.md.

>>> import ddpg
>>> agent = ddpg.DDPG("Pendulum-v1", seed=0).learn(20_000)
>>> action, _ = agent.predict(observation)
"""

from ddpg import _core, _mujoco
from ddpg._core import (
    Agent,
    Error,
    NativeEnvironment,
    Options,
    Policy,
    Specification,
    UsageError,
    __version__,
    environments,
    metrics,
    option_table,
    presets,
    read_transitions,
)
from ddpg._ddpg import DDPG, Evaluation
from ddpg._plugin import register_envs
from ddpg._sb3 import NormalActionNoise, OrnsteinUhlenbeckActionNoise

load_policy = Policy.load
_core.use_mujoco_library(_mujoco.library())

__all__ = [
    "DDPG",
    "Agent",
    "Error",
    "Evaluation",
    "NativeEnvironment",
    "NormalActionNoise",
    "Options",
    "OrnsteinUhlenbeckActionNoise",
    "Policy",
    "Specification",
    "UsageError",
    "__version__",
    "environments",
    "load_policy",
    "metrics",
    "option_table",
    "presets",
    "read_transitions",
    "register_envs",
]
