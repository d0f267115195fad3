"""The updates that a run made between two of its checkpoints, made again by PyTorch: from the same weights, moments of Adam and random stream, on
the same transitions.

    python3 same_updates.py BEFORE AFTER

BEFORE and AFTER are checkpoint-*.safetensors of one run, AFTER with its replay files beside it; the run learns by DDPG alone, as with the presets
`our-ddpg` and `default`, an update a step. Prints how far the weights moved between the two, and how far ours and PyTorch's
float32 end from PyTorch's float64. A difference of rounding grows with every update: some hundred tell a fault from rounding, thousands do not.
"""

import json
import pathlib
import sys
import tomllib
from functools import reduce

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file
from torch.nn import functional

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tests/golden"))
from make_random_golden import Stream  # noqa: E402  the project's random streams, in Python

TERMINATED, TRUNCATED = 1, 2
# What the options of a run must be for the Learner below to be what it does.
PLAIN = {
    "n_step": 1, "hard_update_interval": 0, "updates_per_step": 1.0, "update_interval": 1, "environments": 1, "overlap": False,
    "normalise_observations": False, "normalise_rewards": False, "changes": [], "adam.beta1": 0.9, "adam.beta2": 0.999, "adam.epsilon": 1e-8,
    "critic.count": 1, "critic.head": "mse", "critic.action_layer": 1, "critic.l2": 0.0, "encoder.kind": "none", "target.noise": 0.0, "target.period": 1,
    "target.lowest": float("-inf"), "target.highest": float("inf"), "replay.priority": "uniform", "replay.hindsight": 0.0, "actor.period": 1,
    "actor.action_gradient_clip": 0.0, "actor.cloning_alpha": 0.0, "actor.action_l2": 0.0,
} | {f"{network}.{name}": value for network in ("actor", "critic") for name, value in {
    "activation": "relu", "batch_norm": False, "layer_norm": False, "body": "mlp", "gradient_clip": 0.0, "weight_decay": 0.0}.items()}


class Fault(Exception):
    """What is said in place of a traceback."""


class Checkpoint:
    def __init__(self, path):
        try:
            self.path, self.arrays = pathlib.Path(path), load_file(path)
            with safe_open(path, "numpy") as file:
                self.metadata = file.metadata()
            self.options = tomllib.loads(self.metadata["options"])
        except (SafetensorError, KeyError) as fault:
            raise Fault(f"{path} is no checkpoint: {fault}") from None
        for name, plain in PLAIN.items():
            if (value := reduce(dict.__getitem__, name.split("."), self.options)) != plain:
                raise Fault(f"{path}: {name} is {value}, and {plain} alone is known here")
        self.step, self.updates = int(self.metadata["step"]), int(self["networks.critic.adam.steps"])

    def __getitem__(self, name):
        return self.arrays["algorithm." + name]

    def tensors(self, network, kind):
        layers = range(len(self.options[network]["hidden"]) + 1)
        names = [f"networks.{network}.{kind}.layers.{layer}.{part}" for layer in layers for part in ("weight", "bias")]
        return [torch.from_numpy(self[name].copy()) for name in names]

    def transitions(self):
        """All since the run began, as columns; next_observation follows from the links."""
        files = [load_file(self.path.parent / file["file"]) for file in json.loads(self.metadata["replay_files"])]
        unsettled = {name: self["replay.unsettled." + name] for name in ("observation", "action", "reward", "link", "last_observation")}
        columns = {}
        for name, last in unsettled.items():
            settled = [file[name] for file in files]
            columns[name] = np.concatenate([*settled, last.view(settled[0].dtype).reshape(-1, settled[0].shape[1])])
        link = columns["link"][:, 0]
        ended = (link & (TERMINATED | TRUNCATED)) != 0
        following = np.empty_like(columns["observation"])
        following[:-1] = columns["observation"][1:]
        following[-1] = self["replay.pending"][: following.shape[1]]
        following[ended] = columns["last_observation"]
        return {"observation": columns["observation"], "action": columns["action"], "reward": columns["reward"][:, 0],
                "terminated": (link & TERMINATED).astype(np.float32), "next_observation": following}


class Learner:
    """Lines 12 to 15 of Algorithm 1 of Lillicrap et al. 2015."""

    def __init__(self, before, dtype):
        self.options = before.options
        self.weights, self.targets, self.adam = {}, {}, {}
        for name in "actor", "critic":
            self.weights[name] = [x.to(dtype).requires_grad_() for x in before.tensors(name, "weights")]
            self.targets[name] = [x.to(dtype) for x in before.tensors(name, "target")]
            self.adam[name] = torch.optim.Adam(self.weights[name], lr=self.options[name]["learning_rate"])
            moments = zip(before.tensors(name, "adam.first_moment"), before.tensors(name, "adam.second_moment"))
            for weight, (first, second) in zip(self.weights[name], moments):
                steps = torch.tensor(float(before[f"networks.{name}.adam.steps"]))
                self.adam[name].state[weight] = {"step": steps, "exp_avg": first.to(dtype), "exp_avg_sq": second.to(dtype)}

    @staticmethod
    def pass_through(weights, x):
        for layer in range(0, len(weights), 2):
            x = functional.linear(x if layer == 0 else torch.relu(x), weights[layer], weights[layer + 1])
        return x

    def mu(self, weights, s):
        return torch.tanh(self.pass_through(weights, s))

    def q(self, weights, s, u):
        return self.pass_through(weights, torch.cat([s, u], 1))[:, 0]

    def descend(self, name, loss):
        self.adam[name].zero_grad()
        loss.backward(inputs=self.weights[name])
        self.adam[name].step()

    def update(self, batch):
        with torch.no_grad():
            following = batch["next_observation"]
            value = self.q(self.targets["critic"], following, self.mu(self.targets["actor"], following))
            y = batch["reward"] + self.options["discount"] * (1 - batch["terminated"]) * value
        self.descend("critic", functional.mse_loss(self.q(self.weights["critic"], batch["observation"], batch["action"]), y))
        u = self.mu(self.weights["actor"], batch["observation"])
        self.descend("actor", -self.q(self.weights["critic"], batch["observation"], u).mean())
        tau = self.options["tau"]
        with torch.no_grad():
            for name, targets in self.targets.items():
                for weight, target in zip(self.weights[name], targets):
                    target.copy_(tau * weight + (1 - tau) * target)


def repeated(before, after, transitions, dtype):
    learner, stream = Learner(before, dtype), Stream(0)
    stream.s = [int(x) for x in before["sampling_random"]]
    for step in range(before.step + 1, after.step + 1):
        chosen = [stream.below(step) for _ in range(before.options["batch_size"])]
        learner.update({name: torch.from_numpy(column[chosen]).to(dtype) for name, column in transitions.items()})
    if stream.s != [int(x) for x in after["sampling_random"]]:
        raise Fault("the random stream of the minibatches does not end where the run's does")
    return learner


def difference(ours, theirs):
    """Mean and largest of |ours - theirs| over all numbers of a network."""
    differences = torch.cat([(x.double() - y.detach().double()).abs().flatten() for x, y in zip(ours, theirs)])
    return f"{differences.mean():.1e} ({differences.max():.1e})"


def main():
    if len(sys.argv) != 3:
        raise Fault("usage: same_updates.py BEFORE AFTER, two checkpoints of one run")
    before, after = Checkpoint(sys.argv[1]), Checkpoint(sys.argv[2])
    if not before.updates < after.updates == before.updates + after.step - before.step:
        raise Fault("BEFORE is to be the earlier of two checkpoints of one run that had begun to learn, an update a step")
    if int(after["replay.end"]) != after.step or after.step > after.options["replay_capacity"]:
        raise Fault(f"{after.path}: the replay buffer is to hold each step of the run, and nothing else")
    torch.set_num_threads(1)
    transitions = after.transitions()
    exact, rough = (repeated(before, after, transitions, dtype) for dtype in (torch.float64, torch.float32))
    print(f"{after.updates - before.updates} updates from step {before.step} on; differences: mean (largest) over the numbers of a network\n")
    print("| network | moved by | ours from PyTorch's float64 | PyTorch's float32 from its float64 |\n|---|---|---|---|")
    for name in "actor", "critic":
        for kind, label in ("weights", name), ("target", name + ", target"):
            ours, started = after.tensors(name, kind), before.tensors(name, kind)
            theirs, theirs_rough = ((learner.weights if kind == "weights" else learner.targets)[name] for learner in (exact, rough))
            print(f"| {label} | {difference(ours, started)} | {difference(ours, theirs)} | {difference(theirs_rough, theirs)} |")


if __name__ == "__main__":
    try:
        main()
    except (Fault, OSError) as fault:
        sys.exit(f"same_updates: {fault}")
