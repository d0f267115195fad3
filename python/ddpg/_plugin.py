"""ddpg's own tasks in Gymnasium's registry, below ddpg/."""

from __future__ import annotations


def register_envs() -> None:
    """From here on gymnasium.make("ddpg/Pendulum-v1") and gymnasium.make_vec() give ddpg's own tasks."""
    from gymnasium.envs.registration import register, registry

    from ddpg import _core

    for name in _core.environments():
        if f"ddpg/{name}" not in registry:
            register(
                id=f"ddpg/{name}",
                entry_point="ddpg._registry:NativeEnv",
                vector_entry_point="ddpg._registry:NativeVectorEnv",
                kwargs={"name": name},
            )
