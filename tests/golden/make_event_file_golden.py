#!/usr/bin/env python3
"""Writes events.tfevents, beside this script: a small event file made by TensorBoard's own writer and messages.

    pip install --requirement tests/golden/tensorboard_requirements.txt && python3 tests/golden/make_event_file_golden.py

tests/record/tensorboard_test.cpp writes the same events and expects the same bytes.
"""
import pathlib

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def events():
    yield event_pb2.Event(wall_time=1700000000.25, file_version="brain.Event:2")
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    yield event_pb2.Event(wall_time=1700000000.25, session_log=start)
    rows = [(0, [("train/episodes", 0), ("evaluation/mean_return", -1234.5)]),
            (300, [("train/critic_loss", 0.1), ("train/mean_q", float("inf"))]),
            (2**40, [("train/actor_loss", -1e-30)]),
            (2**40 + 1, [])]
    for step, scalars in rows:
        summary = summary_pb2.Summary()
        for tag, value in scalars:
            summary.value.add(tag=tag, simple_value=value)
        yield event_pb2.Event(wall_time=1700000001.5, step=step, summary=summary)
    yield event_pb2.Event(wall_time=1700000002, step=301, session_log=start)


if __name__ == "__main__":
    file = pathlib.Path(__file__).with_name("events.tfevents")
    with file.open("wb") as stream:
        writer = RecordWriter(stream)
        for event in events():
            writer.write(event.SerializeToString(deterministic=True))
    print(f"{file.stat().st_size} bytes")
