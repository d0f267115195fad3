#!/usr/bin/env python3
"""Writes policy_v1.ddpg to policy_v4.ddpg and policy_v3_model.ddpg, beside this script, from docs/policy-format.md alone: needs nothing but Python.

The policies are golden_policy_v1() and, from version 2 on, golden_policy() of tests/policy/policy_samples.h. The files must never change:
they stand for all policies that the versions have written.
"""
import math
import pathlib
import struct
import zlib


def number(form, value):
    return struct.pack("<" + form, value)


def text(value):
    data = value.encode()
    return number("Q", len(data)) + data


def section(tag, payload):
    data = tag + number("Q", len(payload)) + payload
    return data + number("I", zlib.crc32(data))


def provenance():
    settings = [
        text("gravity") + b"\1" + number("d", 9.81),
        text("healthy_range") + b"\3" + number("Q", 2) + number("d", 0.7) + number("d", math.inf),
        text("quiet") + b"\0\1",
        text("xml_file") + b"\2" + text("half cheetah \u00e9.xml"),
    ]
    return b"".join([text("Pendulum-v1"), number("Q", len(settings)), *settings, text("default"),
                     number("Q", 0xFEDCBA9876543210), number("q", 20000), number("d", -147.5), text("0.1.0")])


def weights():
    norm = ["weight", "bias", "running_mean", "running_var"]
    forms = [("input_norm." + part, [3]) for part in norm]
    forms += [("layers.0.weight", [4, 3])] + [("norms.0." + part, [4]) for part in norm]
    forms += [("layers.1.weight", [2, 4])] + [("norms.1." + part, [2]) for part in norm]
    forms += [("layers.2.weight", [2, 2]), ("layers.2.bias", [2])]
    data = number("Q", len(forms))
    count = 0
    for name, shape in forms:
        data += text(name) + number("Q", len(shape)) + b"".join(number("I", size) for size in shape)
        for _ in range(math.prod(shape)):
            value = (count * 7 % 129 - 64) / 64
            data += number("f", abs(value) if name.endswith("running_var") else value)
            count += 1
    return data


def texts(values):
    return number("Q", len(values)) + b"".join(text(value) for value in values)


def specification():
    names = [texts(["cos(angle)", "sin(angle)", "velocity"]), texts(["", "", "rad/s"]), texts(["torque \u00e9", ""]), texts([])]
    return number("I", 200) + number("d", 0.05) + b"".join(names)


def checks():
    pairs = 2
    observations = [(n - 2) / 4 for n in range(3 * pairs)]
    actions = [-1, -1.5, 0.25, 1.25]
    return number("Q", pairs) + struct.pack("<6f4f", *observations, *actions)


def steps():
    batch_norm, relu, tanh = b"\2", b"\3\1", b"\3\2"
    dense = lambda out, bias: b"\0" + struct.pack("<IB", out, bias)
    listed = [batch_norm, dense(4, 0), batch_norm, relu, dense(2, 0), batch_norm, relu, dense(2, 1), tanh]
    return struct.pack("<IIQ", 3, 2, len(listed)) + b"".join(listed)


def wrappers():
    low_pass, time_left = b"\3" + number("d", 0.25), b"\0" + number("I", 200)
    return number("Q", 2) + low_pass + time_left


def model():
    return number("Q", 2) + text("half cheetah \u00e9.xml") + number("I", 0xCBF43926) + text("a.stl") + number("I", 7)


def policy(version, with_model=False):
    network = struct.pack("<IIBBBBQII", 3, 2, 1, 2, 1, 0, 2, 4, 2) if version < 3 else steps()
    bounds = struct.pack("<4f", -1, -2, 0.5, 1.5)
    normaliser = struct.pack("<Bd6d", 1, 5, -1, -0.75, -0.5, 0.5, 1.5, 2.5)
    sections = [section(b"PROV", provenance()), section(b"NETW", network), section(b"BNDS", bounds)]
    sections += [section(b"NORM", normaliser), section(b"WGTS", weights())]
    if version >= 2:
        sections += [section(b"SPEC", specification()), section(b"CHCK", checks())]
    if version >= 4:
        sections += [section(b"WRAP", wrappers())]
    if with_model:
        sections += [section(b"MODL", model())]
    header = b"DDPGPOL\n" + struct.pack("<IIQ", version, len(sections), 28 + sum(map(len, sections)))
    return header + number("I", zlib.crc32(header)) + b"".join(sections)


if __name__ == "__main__":
    for name, data in {"v1": policy(1), "v2": policy(2), "v3": policy(3), "v3_model": policy(3, True), "v4": policy(4)}.items():
        pathlib.Path(__file__).with_name(f"policy_{name}.ddpg").write_bytes(data)
        print(f"{name}: {len(data)} bytes, CRC-32 {zlib.crc32(data):08x}")
