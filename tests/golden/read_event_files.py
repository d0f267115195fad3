#!/usr/bin/env python3
"""Compares the records of run folders as TensorBoard, and as csv and json of Python read them. See tests/tensorboard.sh.

    read_event_files.py docs/metrics.md RUN...
"""
import csv
import json
import logging
import pathlib
import re
import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as PluginEventAccumulator
from tensorboard.util.tensor_util import make_ndarray

logging.disable(logging.WARNING)  # that a resumed training hides what came later is what is tested


def tags_of(document):
    """From column to tag, by the table in the documentation."""
    rows = re.findall(r"^\| `(\w+)` \| (?:`([\w/]+)`)? *\|", pathlib.Path(document).read_text(), re.MULTILINE)
    assert len(rows) > 20, f"no table of metrics in {document}"
    return {column: tag for column, tag in rows if not column.startswith("player_")}  # those are of trainings on other processes


def as_float(number):
    return struct.unpack("f", struct.pack("f", float(number)))[0]


def expected_series(table, column):
    return [(int(row["step"]), as_float(row[column])) for row in table if row[column] != ""]


def old_reader(run):
    """The reader with purging by default, as programs use it."""
    events = EventAccumulator(str(run), size_guidance={"scalars": 0}).Reload()
    return {tag: [(e.step, e.value) for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def page_reader(run):
    """The reader behind TensorBoard's own page."""
    events = PluginEventAccumulator(str(run), tensor_size_guidance={"scalars": 0}).Reload()
    return {tag: [(e.step, make_ndarray(e.tensor_proto).item()) for e in events.Tensors(tag)]
            for tag in events.Tags()["tensors"]}


def compare(run, tags):
    table = list(csv.DictReader((run / "progress.csv").open()))
    lines = [json.loads(line) for line in (run / "progress.jsonl").open()]
    assert [list(line) for line in lines] == [list(row) for row in table], f"{run}: keys of progress.jsonl"
    for row, line in zip(table, lines):
        for column, value in row.items():
            assert (line[column] is None) if value == "" else (float(value) == line[column]), f"{run}: {column}"
    assert set(table[0]) == set(tags), "columns and documented metrics differ"
    expected = {tag: expected_series(table, column) for column, tag in tags.items() if tag}
    expected = {tag: series for tag, series in expected.items() if series}
    for reader in (old_reader, page_reader):
        found = reader(run)
        assert set(found) == set(expected), f"{run}: {reader.__name__}: tags {set(found) ^ set(expected)}"
        for tag, series in expected.items():
            assert found[tag] == series, f"{run}: {reader.__name__}: {tag}\n{found[tag]}\n{series}"
    files = len(list(run.glob("events.out.tfevents.*")))
    print(f"{run}: {len(table)} rows, {len(expected)} tags, {files} event files: identical in all three records")


if __name__ == "__main__":
    documented = tags_of(sys.argv[1])
    for name in sys.argv[2:]:
        compare(pathlib.Path(name), documented)
