"""What test episodes come to; and evaluate_policy(), as scripts for Stable-Baselines3 call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Evaluation:
    """Test episodes without noise."""

    episodes: int
    mean_return: float
    std_return: float
    min_return: float
    max_return: float
    mean_length: float


def evaluate_policy(model: Any, env: Any, n_eval_episodes: int = 10, deterministic: bool = True, return_episode_rewards: bool = False) -> Any:
    """Plays episodes in an environment of Gymnasium: the mean and the standard deviation of their returns, or the list of returns and that
    of lengths. agent.evaluate() does the same without the interpreter, where the task is ddpg's own."""
    returns, lengths = [], []
    for _ in range(n_eval_episodes):
        observation, _ = env.reset()
        total, steps, ended = 0.0, 0, False
        while not ended:
            action, _ = model.predict(observation, deterministic=deterministic)
            observation, reward, terminated, truncated, _ = env.step(action)
            total, steps, ended = total + float(reward), steps + 1, bool(terminated or truncated)
        returns.append(total)
        lengths.append(steps)
    return (returns, lengths) if return_episode_rewards else (float(np.mean(returns)), float(np.std(returns)))
