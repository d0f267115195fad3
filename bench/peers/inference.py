"""One observation through an actor 17-256-256-6: python3 inference.py torch|onnxruntime. Prints one JSON object.

A call takes a NumPy array and gives one back, on one thread. A speed is calls a second, by the median call of a round.
"""

import json
import sys
import time

import numpy as np

SIZES = [17, 256, 256, 6]
ROUNDS = 4
CALLS = 3000  # of a round


def make_layers():
    random = np.random.default_rng(0)
    return [
        (random.standard_normal((outputs, inputs), np.float32) / np.sqrt(np.float32(inputs)), random.standard_normal(outputs, np.float32))
        for inputs, outputs in zip(SIZES, SIZES[1:])
    ]


def reference(layers, x):
    for weights, bias in layers[:-1]:
        x = np.maximum(x @ weights.T + bias, 0)
    weights, bias = layers[-1]
    return np.tanh(x @ weights.T + bias)


def torch_actor(layers):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    modules = []
    for weights, bias in layers:
        linear = nn.Linear(weights.shape[1], weights.shape[0])
        linear.load_state_dict({"weight": torch.from_numpy(weights), "bias": torch.from_numpy(bias)})
        modules += [linear, nn.ReLU()]
    net = nn.Sequential(*modules[:-1], nn.Tanh())

    def act(observation):
        with torch.inference_mode():
            return net(torch.from_numpy(observation)).numpy()

    return act, {"torch": torch.__version__}


def onnxruntime_actor(layers):
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes, tensors, x = [], [], "observation"
    for n, (weights, bias) in enumerate(layers):
        tensors += [numpy_helper.from_array(weights, f"weights{n}"), numpy_helper.from_array(bias, f"bias{n}")]
        last = n + 1 == len(layers)
        nodes.append(helper.make_node("Gemm", [x, f"weights{n}", f"bias{n}"], [f"sum{n}"], transB=1))
        x = "action" if last else f"activation{n}"
        nodes.append(helper.make_node("Tanh" if last else "Relu", [f"sum{n}"], [x]))
    inputs = [helper.make_tensor_value_info("observation", TensorProto.FLOAT, [1, SIZES[0]])]
    outputs = [helper.make_tensor_value_info("action", TensorProto.FLOAT, [1, SIZES[-1]])]
    graph = helper.make_graph(nodes, "actor", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def act(observation):
        return session.run(None, {"observation": observation})[0]

    return act, {"onnxruntime": onnxruntime.__version__}


def main():
    layers = make_layers()
    act, versions = {"torch": torch_actor, "onnxruntime": onnxruntime_actor}[sys.argv[1]](layers)
    observation = np.full((1, SIZES[0]), 0.1, np.float32)
    assert np.allclose(act(observation), reference(layers, observation), atol=1e-5)
    speeds = []
    for _ in range(ROUNDS):
        times = []
        for _ in range(CALLS):
            start = time.perf_counter_ns()
            act(observation)
            times.append(time.perf_counter_ns() - start)
        speeds.append(1e9 / float(np.median(times)))
    print(json.dumps({"speeds": speeds, "versions": versions}))


if __name__ == "__main__":
    main()
