"""DDPG, TD3 and their kin, computed by C++: docs/python.md.

>>> import ddpg
>>> agent = ddpg.DDPG("Pendulum-v1", seed=0).learn(20_000)
>>> action, _ = agent.predict(observation)
"""

from ddpg import _core, _mujoco
from ddpg._core import (
    Agent,
    Error,
    Exploration,
    Goals,
    NativeEnvironment,
    Options,
    Policy,
    ReplayBuffer,
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
from ddpg._evaluation import evaluate_policy
from ddpg._plugin import register_envs
from ddpg._sb3 import NormalActionNoise, OrnsteinUhlenbeckActionNoise

load_policy = Policy.load
_core.use_mujoco_library(_mujoco.library())

__all__ = [
    "DDPG",
    "Agent",
    "Error",
    "Evaluation",
    "Exploration",
    "Goals",
    "NativeEnvironment",
    "NormalActionNoise",
    "Options",
    "OrnsteinUhlenbeckActionNoise",
    "Policy",
    "ReplayBuffer",
    "Specification",
    "UsageError",
    "__version__",
    "environments",
    "evaluate_policy",
    "load_policy",
    "metrics",
    "option_table",
    "presets",
    "read_transitions",
    "register_envs",
]
