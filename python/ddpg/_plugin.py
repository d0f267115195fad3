"""What Gymnasium calls when it is imported: it lists ddpg's own tasks there, below ddpg/."""

from __future__ import annotations


def register() -> None:
    from gymnasium.envs.registration import register

    from ddpg import _core

    for name in _core.environments():
        register(
            id=name,
            entry_point="ddpg._registry:NativeEnv",
            vector_entry_point="ddpg._registry:NativeVectorEnv",
            kwargs={"name": name},
        )
