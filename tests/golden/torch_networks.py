"""The networks of make_update_golden.py in PyTorch."""
import numpy as np
import torch

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "elu": torch.nn.functional.elu}


def avg_l1_norm(x):
    return x / x.abs().mean(-1, keepdim=True).clamp(min=1e-8)


class Network(torch.nn.Module):
    """dense -> [norm] -> activation, ..., dense, with a norm and tanh or AvgL1Norm in the first layer alone, or the blocks of
    SimBa; names of tensors as in src/nn/network.h."""

    def __init__(self, case, options, inputs, outputs, action_size=0, output_norm=False):
        super().__init__()
        self.output_norm = output_norm
        self.has_average_first = options.get("body") == "avg-l1-norm"
        self.activation = ACTIVATIONS[options["activation"]]
        self.action_layer = options.get("action_layer", 0) if action_size else 0
        hidden = options["hidden"]
        self.blocks = len(hidden) if options.get("body") == "simba" else 0
        self.has_tanh_first = options.get("body") == "layer-norm-tanh"
        if self.blocks:
            self.make_blocks(inputs + action_size, hidden[0], outputs)
            return
        batch_norm = case["batch_norm"]
        if batch_norm:
            self.input_norm = torch.nn.BatchNorm1d(inputs)
        self.layers = torch.nn.ModuleList()
        self.norms = torch.nn.ModuleDict()
        for n, width in enumerate(hidden + [outputs]):
            if n + 1 == self.action_layer:
                inputs += action_size
            before_action = not action_size or n + 1 < self.action_layer
            is_hidden = n < len(hidden)
            has_batch_norm = batch_norm and is_hidden and before_action
            self.layers.append(torch.nn.Linear(inputs, width, bias=not has_batch_norm))
            if has_batch_norm:
                self.norms[str(n)] = torch.nn.BatchNorm1d(width)
            elif (case["layer_norm"] and is_hidden) or (self.has_tanh_first and n == 0):
                self.norms[str(n)] = torch.nn.LayerNorm(width)
            inputs = width

    def make_blocks(self, inputs, width, outputs):
        sizes = [(inputs, width)] + [(width, 4 * width), (4 * width, width)] * self.blocks + [(width, outputs)]
        self.layers = torch.nn.ModuleList(torch.nn.Linear(*size) for size in sizes)
        self.norms = torch.nn.ModuleDict({str(2 * b): torch.nn.LayerNorm(width) for b in range(self.blocks + 1)})

    def forward_blocks(self, x):
        """h + W2 f(W1 norm(h)) for each block, then a norm before the last layer."""
        h = self.layers[0](x)
        for b in range(self.blocks):
            wide = self.activation(self.layers[2 * b + 1](self.norms[str(2 * b)](h)))
            h = h + self.layers[2 * b + 2](wide)
        return self.layers[-1](self.norms[str(2 * self.blocks)](h))

    def forward(self, x, action=None):
        if self.blocks:
            return self.forward_blocks(x if action is None else torch.cat([x, action], 1))
        if hasattr(self, "input_norm"):
            x = self.input_norm(x)
        for n, layer in enumerate(self.layers):
            if n + 1 == self.action_layer:
                x = torch.cat([x, action], 1)
            x = layer(x)
            if str(n) in self.norms:
                x = self.norms[str(n)](x)
            if self.has_average_first and n == 0:
                x = avg_l1_norm(x)
            elif n + 1 < len(self.layers):
                x = torch.tanh(x) if self.has_tanh_first and n == 0 else self.activation(x)
        return avg_l1_norm(x) if self.output_norm else x

    def batch_norms(self):
        return [module for module in self.modules() if isinstance(module, torch.nn.BatchNorm1d)]

    def numbers(self):
        """All tensors by name, in the order of src/nn/network.h."""
        state = {name: x for name, x in self.state_dict().items() if not name.endswith("num_batches_tracked")}
        order = ["input_norm."] + [f"{kind}.{n}." for n in range(len(self.layers)) for kind in ("layers", "norms")]
        return {name: state[name] for prefix in order for name in state if name.startswith(prefix)}

    def randomise(self, random):
        """Fan-in initialisation; normalisations and their statistics away from 0 and 1, so that each of them counts."""
        with torch.no_grad():
            for name, value in self.numbers().items():
                if name.startswith("layers"):
                    bound = 1 / np.sqrt(self.layers[int(name.split(".")[1])].in_features)
                    drawn = random.uniform(-bound, bound, value.shape)
                elif name.endswith(("running_var", "weight")):
                    drawn = random.uniform(0.5, 1.5, value.shape)
                else:
                    drawn = random.uniform(-0.3, 0.3, value.shape)
                value.copy_(torch.tensor(drawn.astype(np.float32).astype(np.float64)))


def with_embeddings(options):
    """Where they join: behind AvgL1Norm, or at the input."""
    return options | {"action_layer": 2 if options.get("body") == "avg-l1-norm" else 1}


class Actor(Network):
    """Of s, or of s and z_s."""

    def __init__(self, case):
        size = case["encoder"]["size"] if "encoder" in case else 0
        options = with_embeddings(case["actor"]) if size else case["actor"]
        super().__init__(case, options, case["observation_size"], case["action_size"], size)

    def forward(self, observation, embedding=None):
        return torch.tanh(super().forward(observation, embedding))


class Critic(Network):
    """Of s and a, or of [s, a] and [z_sa, z_s]."""

    def __init__(self, case):
        outputs, inputs, actions = case["critic"].get("atoms", 1), case["observation_size"], case["action_size"]
        if "encoder" not in case:
            super().__init__(case, case["critic"], inputs, outputs, actions)
        else:
            super().__init__(case, with_embeddings(case["critic"]), inputs + actions, outputs, 2 * case["encoder"]["size"])


class StateEncoder(Network):
    def __init__(self, case):
        super().__init__(case | {"layer_norm": False}, case["encoder"], case["observation_size"], case["encoder"]["size"],
                         output_norm=True)


class ActionEncoder(Network):
    def __init__(self, case):
        options = case["encoder"] | {"action_layer": 1}
        super().__init__(case | {"layer_norm": False}, options, options["size"], options["size"], case["action_size"])
