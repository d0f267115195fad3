"""Writes adam.json for tests/nn/adam_test.cpp: torch.optim.Adam in double precision on the parameters of a small network, or torch.optim.AdamW where there is weight_decay, with PyTorch's own
clipping, weight decay on weights alone, and a soft update of the target after each step. Usage: make_adam_golden.py > adam.json"""
import json
import random

import torch

SHAPES = {  # in the order and with the names of the tensors of a network 3 -> 5 (layer norm) -> 2
    "layers.0.weight": [5, 3],
    "layers.0.bias": [5],
    "norms.0.weight": [5],
    "norms.0.bias": [5],
    "layers.1.weight": [2, 5],
    "layers.1.bias": [2],
}
STEPS = 10
CASES = {
    "plain": {},
    "other_constants": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-2, "learning_rate": 0.1},
    "clipped": {"gradient_clip": 1.5},
    "l2": {"l2": 0.25},
    "weight_decay": {"weight_decay": 0.3, "learning_rate": 0.1},
    "everything": {"gradient_clip": 1.5, "l2": 0.25, "tau": 0.005, "learning_rate": 0.01},
}
DEFAULTS = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "learning_rate": 1e-3, "gradient_clip": 0.0, "l2": 0.0, "tau": 0.0, "weight_decay": 0.0}


def size_of(shape):
    return shape[0] * (shape[1] if len(shape) > 1 else 1)


def draw(stream):
    """For each tensor numbers that float and decimal hold exactly: multiples of 1/256."""
    return {name: [stream.randint(-256, 256) / 256 for _ in range(size_of(shape))] for name, shape in SHAPES.items()}


def train(options, start, start_target, gradients):
    parameters = {name: torch.nn.Parameter(torch.tensor(values, dtype=torch.float64)) for name, values in start.items()}
    target = {name: torch.tensor(values, dtype=torch.float64) for name, values in start_target.items()}
    weights = [p for name, p in parameters.items() if name.startswith("layers") and name.endswith("weight")]
    others = [p for name, p in parameters.items() if not (name.startswith("layers") and name.endswith("weight"))]
    adam = torch.optim.Adam(
        [{"params": weights, "weight_decay": options["l2"]}, {"params": others, "weight_decay": 0.0}],
        lr=options["learning_rate"], betas=(options["beta1"], options["beta2"]), eps=options["epsilon"])
    if options["weight_decay"] > 0:  # of all parameters
        adam = torch.optim.AdamW(weights + others, lr=options["learning_rate"], betas=(options["beta1"], options["beta2"]),
                                 eps=options["epsilon"], weight_decay=options["weight_decay"])
    for gradient in gradients:
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradient[name], dtype=torch.float64)
        if options["gradient_clip"] > 0:
            torch.nn.utils.clip_grad_norm_(parameters.values(), options["gradient_clip"])
        adam.step()
        for name, parameter in parameters.items():
            target[name] += options["tau"] * (parameter.detach() - target[name])
    return {name: p.tolist() for name, p in parameters.items()}, {name: t.tolist() for name, t in target.items()}


def main():
    stream = random.Random(1)
    start, start_target = draw(stream), draw(stream)
    gradients = [draw(stream) for _ in range(STEPS)]
    # the clip must bite in some steps and leave others alone
    for i, gradient in enumerate(gradients):
        if i % 3 == 2:
            for values in gradient.values():
                values[:] = [value / 8 for value in values]
    cases = []
    for name, changes in CASES.items():
        options = {**DEFAULTS, **changes}
        parameters, target = train(options, start, start_target, gradients)
        cases.append({"name": name, "options": options, "parameters": parameters, "target": target})
    print(json.dumps({"start": start, "start_target": start_target, "gradients": gradients, "cases": cases}))


if __name__ == "__main__":
    main()
