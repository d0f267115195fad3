"""Writes networks.json for tests/nn/network_golden_test.cpp: residual networks as in SimBa (Lee et al. 2024), by PyTorch in float64.

Run where PyTorch is installed: python3 make_network_golden.py. For each network: its tensors, a minibatch, the gradient to the output
before its activation, and what follows: the output, the gradients to the tensors and to the action, and the tensors after 20 Adam steps on
the sum of outer * output. Numbers that go in are exact float32 values.
"""
import json
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
ROWS, STEPS, LEARNING_RATE = 7, 20, 1e-2
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "elu": torch.nn.functional.elu}
CASES = [
    {"name": "actor", "observation_size": 5, "action_size": 0, "hidden": [6], "output_size": 2, "activation": "relu"},
    {"name": "critic", "observation_size": 4, "action_size": 3, "hidden": [5, 5], "output_size": 1, "activation": "relu"},
    {"name": "critic_elu", "observation_size": 3, "action_size": 2, "hidden": [17, 17], "output_size": 1, "activation": "elu"},
    {"name": "critic_tanh", "observation_size": 3, "action_size": 1, "hidden": [4, 4, 4], "output_size": 1, "activation": "tanh"},
]


class Residual(torch.nn.Module):
    """h = W [s, a] + b; h += W2 f(W1 norm(h)) for each block; W norm(h) + b. f(output) is the caller's."""

    def __init__(self, case):
        super().__init__()
        self.f = ACTIVATIONS[case["activation"]]
        width, blocks = case["hidden"][0], len(case["hidden"])
        linear = [torch.nn.Linear(case["observation_size"] + case["action_size"], width)]
        norms = []
        for _ in range(blocks):
            norms.append(torch.nn.LayerNorm(width))
            linear += [torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)]
        norms.append(torch.nn.LayerNorm(width))
        linear.append(torch.nn.Linear(width, case["output_size"]))
        self.linear, self.norm = torch.nn.ModuleList(linear), torch.nn.ModuleList(norms)

    def forward(self, observation, action):
        h = self.linear[0](torch.cat([observation, action], 1))
        for block in range(len(self.norm) - 1):
            h = h + self.linear[2 * block + 2](self.f(self.linear[2 * block + 1](self.norm[block](h))))
        return self.linear[-1](self.norm[-1](h))

    def named(self):
        """The parameters by their names in src/nn: a normalisation has the number of the dense layer before it."""
        parameters = {}
        for n, layer in enumerate(self.linear):
            parameters[f"layers.{n}.weight"], parameters[f"layers.{n}.bias"] = layer.weight, layer.bias
            if n % 2 == 0 and n // 2 < len(self.norm):
                norm = self.norm[n // 2]
                parameters[f"norms.{n}.weight"], parameters[f"norms.{n}.bias"] = norm.weight, norm.bias
        return parameters


def numbers(tensor):
    return tensor.detach().numpy().flatten().tolist()


def drawn(random, low, high, *shape):
    return torch.tensor(random.uniform(low, high, shape).astype(np.float32).astype(np.float64))


def golden(case):
    random = np.random.default_rng(len(case["hidden"]) * 100 + case["observation_size"])
    network = Residual(case)
    with torch.no_grad():
        for name, value in network.named().items():
            low = 0.5 if name.startswith("norms") and name.endswith("weight") else -0.5
            value.copy_(drawn(random, low, low + 1, *value.shape))
    observation = drawn(random, -1, 1, ROWS, case["observation_size"])
    action = drawn(random, -1, 1, ROWS, case["action_size"]).requires_grad_()
    outer = drawn(random, -1, 1, ROWS, case["output_size"])
    result = dict(case, rows=ROWS, steps=STEPS, learning_rate=LEARNING_RATE, observation=numbers(observation), action=numbers(action),
                  outer=numbers(outer), tensors={name: numbers(value) for name, value in network.named().items()})
    output = network(observation, action)
    (output * outer).sum().backward()
    result |= {"output": numbers(output), "gradient": {name: numbers(value.grad) for name, value in network.named().items()},
               "action_gradient": numbers(action.grad) if case["action_size"] else []}
    adam = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    for _ in range(STEPS):
        adam.zero_grad()
        (network(observation, action.detach()) * outer).sum().backward()
        adam.step()
    result["trained"] = {name: numbers(value) for name, value in network.named().items()}
    return result


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("networks.json")
    path.write_text(json.dumps({"torch": torch.__version__, "networks": [golden(case) for case in CASES]}))
    print(path, path.stat().st_size, "bytes")
