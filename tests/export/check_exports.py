#!/usr/bin/env python3
"""Reads exported policies with other libraries; see tests/export_onnx.sh.

    check_exports.py DIR DOCS        DIR: what export_samples wrote; DOCS: docs/export.md, whose PyTorch lines are run
    check_exports.py --wrapped FILE  FILE: an ONNX model of a policy that carries wrappers
"""
import json
import pathlib
import re
import sys

import numpy as np
import onnx
import onnxruntime
import safetensors.numpy
from safetensors import safe_open

TOLERANCE = 1e-6  # of the action's range
PROVENANCE = {"environment": "Pendulum-v1", "env": "{}", "preset": "default", "seed": "3", "step": "20000",
              "mean_return": "-147.5", "ddpg_version": "0.1.0"}


def largest_share(found, expected, tensors):
    difference = np.abs(found.astype(np.float64) - expected)
    return float((difference / (tensors["action_high"].astype(np.float64) - tensors["action_low"])).max())


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def check_onnx(path, observations, actions, tensors):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert [(p.key, p.value) for p in model.metadata_props] == list(PROVENANCE.items()), model.metadata_props
    session = session_of(path)
    (given,), (result,) = session.get_inputs(), session.get_outputs()
    assert (given.name, given.shape) == ("observation", ["batch", observations.shape[1]]), given
    assert (result.name, result.shape) == ("action", ["batch", actions.shape[1]]), result
    takes = np.float64 if given.type == "tensor(double)" else np.float32
    assert (takes is np.float64) == path.name.startswith("far"), given
    run = lambda x: session.run(["action"], {"observation": x.astype(takes)})[0]
    one_by_one = np.concatenate([run(x[None]) for x in observations[:500]])
    share = max(largest_share(run(observations), actions, tensors), largest_share(one_by_one, actions[:500], tensors))
    assert share <= TOLERANCE, f"{path}: {share}"
    assert run(observations[:0]).shape == actions[:0].shape, path
    for column in range(observations.shape[1]):  # what is no number gives none, rather than some action
        wrong = observations[:2].copy()
        wrong[0, column] = np.nan
        assert np.isnan(run(wrong)[0]).all() and not np.isnan(run(wrong)[1]).any(), f"{path}: NaN in column {column}"
    return share


def check_wrapped(path):
    """A bad step of one robot leaves no trace in its state, and none in another's of the same batch."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = session_of(path)
    observation, state = session.get_inputs()
    takes = np.float64 if observation.type == "tensor(double)" else np.float32
    sensors, random = observation.shape[1], np.random.default_rng(1)
    play = lambda x, s: session.run(["action", "next_state"], {"observation": x.astype(takes), "state": s})
    remembered = np.zeros((2, state.shape[1]), takes)
    for step in range(20):
        good = random.uniform(-1, 1, (2, sensors))
        bad = good.copy()
        bad[0, step % sensors] = np.nan
        action, kept = play(bad, remembered)
        assert np.isnan(action[0]).all() and not np.isnan(action[1]).any(), f"{path}: NaN at step {step}"
        before, (action, remembered) = remembered, play(good, remembered)
        assert (kept[0] == before[0]).all() and (kept[1] == remembered[1]).all(), f"{path}: NaN at step {step} left a trace"
        assert np.isfinite(action).all() and np.isfinite(remembered).all() and (remembered[:, 0] == 1).all()
    bad = np.zeros((2, sensors))
    bad[0, 0] = np.inf
    remembered = play(bad, remembered)[1]
    for step in range(5):  # until the last frame with it is gone
        action, remembered = play(np.zeros((2, sensors)), remembered)
    assert np.isfinite(action).all() and np.isfinite(remembered).all(), f"{path}: an infinite observation stays"


def check_safetensors(path):
    """The file as NumPy arrays, after its metadata."""
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
    assert PROVENANCE.items() <= metadata.items(), metadata
    network = json.loads(metadata["network"])
    tensors = safetensors.numpy.load_file(path)
    assert tensors["layers.0.weight"].shape == (next(s[1] for s in network["steps"] if s[0] == "dense"), network["observation_size"])
    assert ("observation_mean" in tensors) == network["normalise_observations"]
    return tensors


def docs_policy(docs):
    """The function of the PyTorch lines in the docs: load(path) -> policy(observations)."""
    text = pathlib.Path(docs).read_text()
    (lines,) = re.findall(r"```python\n(# PyTorch.*?)```", text, re.DOTALL)
    names = {}
    exec(lines, names)
    return names["load_policy"]


def docs_jax_policy(docs, path):
    """The function of the JAX lines in the docs, which are for a network without normalisation."""
    text = pathlib.Path(docs).read_text()
    (lines,) = re.findall(r"```python\n(import jax.*?)```", text, re.DOTALL)
    assert lines.count('"policy.safetensors"') == 1
    names = {}
    exec(lines.replace('"policy.safetensors"', repr(str(path))), names)
    return names["policy"]


def main(folder, docs):
    folder = pathlib.Path(folder)
    try:
        import torch
        load_policy = docs_policy(docs)
    except ImportError:
        torch = None
        print("PyTorch is not installed: its lines in docs/export.md were NOT run")
    try:
        import jax
        import flax
    except ImportError:
        jax = None
        print("JAX is not installed: its lines in docs/export.md were NOT run")
    names = (folder / "names").read_text().split()
    assert len(names) >= 10
    for name in names:
        tensors = check_safetensors(folder / f"{name}.safetensors")
        observations = np.fromfile(folder / f"{name}.observations", "<f4").reshape(10000, -1)
        actions = np.fromfile(folder / f"{name}.actions", "<f4").reshape(10000, -1)
        told = f"{name:16} ONNX Runtime: {check_onnx(folder / f'{name}.onnx', observations, actions, tensors):.2g}"
        told += f", opset 8: {check_onnx(folder / f'{name}_opset8.onnx', observations, actions, tensors):.2g}"
        if torch and name == "far":  # what lies between two floats
            between = observations[:500] + np.random.default_rng(1).uniform(0, 1 / 256, observations[:500].shape)
            expected = load_policy(folder / "far.safetensors")(torch.from_numpy(between)).detach().numpy()
            found = session_of(folder / "far.onnx").run(["action"], {"observation": between})[0]
            assert (share := largest_share(found, expected, tensors)) <= TOLERANCE, share
            assert largest_share(found, actions[:500], tensors) > 1e-3
        if torch:
            found = load_policy(folder / f"{name}.safetensors")(torch.from_numpy(observations)).detach().numpy()
            share = largest_share(found, actions, tensors)
            assert share <= TOLERANCE, f"{name}: {share}"
            told += f", PyTorch: {share:.2g}"
        if jax and name in ("default", "pendulum"):
            found = np.asarray(docs_jax_policy(docs, folder / f"{name}.safetensors")(observations))
            share = largest_share(found, actions, tensors)
            assert share <= TOLERANCE, f"{name}: {share}"
            told += f", JAX: {share:.2g}"
        print(f"{told} of the action's range")


if __name__ == "__main__":
    check_wrapped(sys.argv[2]) if sys.argv[1] == "--wrapped" else main(*sys.argv[1:])
