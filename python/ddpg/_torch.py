"""A policy as a module of PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch  # type: ignore[import-not-found]  # pyright: ignore[reportMissingImports]
from torch import nn  # pyright: ignore[reportMissingImports]

from ddpg import _core

ACTIVATIONS = {"linear": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "elu": nn.ELU}


# Of a value and an earlier one.
_OF_EARLIER_VALUES: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, earlier: x + earlier,
    "recall": lambda x, earlier: earlier,
    "append": lambda x, earlier: torch.cat([x, earlier], -1),
}


def _avg_l1_norm(x: Any) -> Any:
    return x / x.abs().mean(-1, keepdim=True).clamp(min=1e-8)


def _copy(array: Any) -> Any:
    return torch.from_numpy(array.copy())


def _layer(step: dict[str, Any]) -> Any:
    tensors = {part: _copy(array) for part, array in step["tensors"].items()}
    size = tensors["weight"].shape
    if step["kind"] == "dense":
        layer = nn.Linear(size[1], size[0], bias="bias" in tensors)
    else:
        layer = nn.LayerNorm(size[0]) if step["kind"] == "layer_norm" else nn.BatchNorm1d(size[0])
    layer.load_state_dict(tensors, strict=False)
    return layer


class Actor(nn.Module):  # type: ignore[misc]
    """mu(s), with the normalisation of observations before it and the bounds of the actions behind it. Its state_dict() has the names of
    policy files. To train it on, call train(): it comes in the mode of evaluation."""

    def __init__(self, policy: _core.Policy):
        super().__init__()
        network = _core.network_of(policy)
        low, high = _copy(policy.action_low), _copy(policy.action_high)
        for name, constant in (("low", low), ("high", high), ("centre", 0.5 * low + 0.5 * high), ("half_range", 0.5 * high - 0.5 * low)):
            self.register_buffer(name, constant, persistent=False)
        self.normalise, self.clip = network["normalise"], network["clip"]
        if self.normalise:
            self.register_buffer("mean", _copy(network["mean"]), persistent=False)
            self.register_buffer("deviation", _copy(network["deviation"]), persistent=False)
        self.layers, self.norms = nn.ModuleList(), nn.ModuleDict()
        self._steps: list[tuple[str, Any]] = []  # how it is computed: a name of a module, an activation, an earlier value
        for step in network["steps"]:
            kind = step["kind"]
            if kind == "activate":
                self._steps.append((kind, ACTIVATIONS[step["activation"]]()))
            elif kind == "avg_l1_norm":
                self._steps.append((kind, _avg_l1_norm))
            elif kind in _OF_EARLIER_VALUES:
                self._steps.append((kind, step["value"]))
            else:
                self._steps.append(("module", step["name"]))
                self._take(step["name"], _layer(step))
        self.eval()

    def _take(self, name: str, layer: Any) -> None:
        group, _, index = name.partition(".")
        if group == "layers":
            self.layers.append(layer)
        elif group == "norms":
            self.norms[index] = layer
        else:
            self.add_module(group, layer)

    def forward(self, observation: Any) -> Any:
        """Actions [..., action_size] for observations [..., observation_size], both in the environment's units."""
        x = observation.reshape(-1, observation.shape[-1])
        if self.normalise:
            x = ((x.to(self.mean.dtype) - self.mean) / self.deviation).clamp(-self.clip, self.clip)
        values = [x.to(self.low.dtype)]
        for kind, what in self._steps:
            if kind in _OF_EARLIER_VALUES:
                values.append(_OF_EARLIER_VALUES[kind](values[-1], values[what]))
            else:
                values.append((self.get_submodule(what) if kind == "module" else what)(values[-1]))
        actions = torch.clamp(self.centre + self.half_range * values[-1], self.low, self.high)
        return actions.reshape(*observation.shape[:-1], -1)
