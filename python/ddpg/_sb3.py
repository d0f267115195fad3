"""What scripts for Stable-Baselines3 give, as options of ddpg. docs/python.md says what differs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ddpg._core import UsageError

POLICIES = ("MlpPolicy", "MultiInputPolicy")


def environment_and_policy(given: tuple[Any, ...], env: Any, policy: str | None) -> tuple[Any, str | None]:
    """What was given by place: an environment, or before it the name of a policy."""
    if len(given) > 2 or len(given) + (env is not None) + (policy is not None) > 2:
        raise TypeError("DDPG: expected an environment, and before it at most the name of a policy; everything else is a keyword")
    if len(given) == 2 or (given and env is not None):
        policy, env = (given[0], given[1]) if len(given) == 2 else (given[0], env)
    elif given:
        env = given[0]
    if env is None:
        raise TypeError("DDPG: which environment? For example ddpg.DDPG(\"Pendulum-v1\")")
    if policy is not None and policy not in POLICIES:
        raise UsageError(f"policy={policy!r}: the networks of ddpg see rows of numbers, as {' and '.join(POLICIES)} do")
    return env, policy


class NormalActionNoise:
    """Gaussian noise on the actions, in the units of the environment."""

    def __init__(self, mean: Any, sigma: Any):
        self.mean, self.sigma = np.asarray(mean, np.float64), np.asarray(sigma, np.float64)
        self._random = np.random.default_rng()

    def __call__(self) -> np.ndarray:
        """Noise for the next action of a loop of one's own."""
        return self._random.normal(self.mean, self.sigma)

    def reset(self) -> None:
        """At the start of an episode."""

    def options(self) -> dict[str, Any]:
        return {"exploration.noise": "gaussian"}


class OrnsteinUhlenbeckActionNoise(NormalActionNoise):
    """Ornstein-Uhlenbeck noise on the actions, in the units of the environment."""

    def __init__(self, mean: Any, sigma: Any, theta: float = 0.15, dt: float = 1e-2):
        super().__init__(mean, sigma)
        self.theta, self.dt = float(theta), float(dt)
        self._noise: np.ndarray = np.zeros_like(self.mean)

    def __call__(self) -> np.ndarray:
        drift, spread = self.theta * (self.mean - self._noise) * self.dt, self.sigma * np.sqrt(self.dt)
        self._noise = self._noise + drift + spread * self._random.normal(size=self.mean.shape)
        return self._noise

    def reset(self) -> None:
        self._noise = np.zeros_like(self.mean)

    def options(self) -> dict[str, Any]:
        return {"exploration.noise": "ornstein-uhlenbeck", "exploration.theta": self.theta, "exploration.dt": self.dt}


def _noise_options(noise: Any, low: np.ndarray, high: np.ndarray) -> dict[str, Any]:
    # those of Stable-Baselines3 themselves are understood, too
    mean = np.asarray(getattr(noise, "mean", getattr(noise, "_mu", None)), np.float64)
    sigma = np.asarray(getattr(noise, "sigma", getattr(noise, "_sigma", None)), np.float64)
    shares = np.unique(np.broadcast_to(sigma, low.shape) / ((high - low) / 2))
    if np.any(mean != 0):
        raise UsageError(f"action_noise: its mean is {mean}; the noise of ddpg has mean 0")
    if shares.size and not np.allclose(shares, shares[0]):
        raise UsageError(f"action_noise: sigma is {shares} of the half-range of the actions; ddpg has one share for all of them")
    share = float(f"{shares[0]:.9g}")
    options = {"exploration.sigma": share, "exploration.sigma_final": share}
    if isinstance(noise, NormalActionNoise):
        return {**noise.options(), **options}
    if hasattr(noise, "_theta"):
        return {"exploration.noise": "ornstein-uhlenbeck", "exploration.theta": noise._theta, "exploration.dt": noise._dt, **options}
    return {"exploration.noise": "gaussian", **options}


def _network_options(given: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    arch = given.pop("net_arch", None)
    if arch is not None:
        both = arch if isinstance(arch, dict) else {"pi": arch, "qf": arch}
        options["actor.hidden"], options["critic.hidden"] = list(both["pi"]), list(both["qf"])
    if "n_critics" in given:
        options["critic.count"] = given.pop("n_critics")
    if given:
        raise UsageError(f"policy_kwargs: {', '.join(sorted(given))}: ddpg takes net_arch and n_critics; its other options are keywords")
    return options


def _schedule(train_freq: Any, gradient_steps: int) -> dict[str, Any]:
    every, unit = train_freq if isinstance(train_freq, tuple) else (train_freq, "step")
    if unit != "step":
        raise UsageError(f"train_freq: ddpg counts steps and not episodes; found {train_freq!r}")
    return {"update_interval": every, "updates_per_step": 1.0 if gradient_steps < 0 else gradient_steps / every}


def translated(given: dict[str, Any], low: np.ndarray, high: np.ndarray, sb3: bool) -> dict[str, Any]:
    """`given` with the keywords of Stable-Baselines3 as options of ddpg. `sb3`: called as Stable-Baselines3 is, with a policy's name."""
    options = dict(given)
    if (rate := options.pop("learning_rate", None)) is not None:
        if callable(rate):
            raise UsageError('learning_rate: ddpg takes a number, or a schedule as text, such as "linear:1e-3:1e-5:100000"')
        options |= {"actor.learning_rate": rate, "critic.learning_rate": rate}
    if (size := options.pop("buffer_size", None)) is not None:
        options["replay_capacity"] = size
    if (gamma := options.pop("gamma", None)) is not None:
        options["discount"] = gamma
    if "train_freq" in options or "gradient_steps" in options:
        options |= _schedule(options.pop("train_freq", 1), options.pop("gradient_steps", 1))
    if (noise := options.pop("action_noise", None)) is not None:
        options |= _noise_options(noise, low, high)
    if (kwargs := options.pop("policy_kwargs", None)) is not None:
        options |= _network_options(dict(kwargs))
    if sb3 and "learning_starts" in options:  # its steps before are random there
        options.setdefault("warmup_steps", options["learning_starts"])
    return options
