"""The notebook examples/python/algorithm1.ipynb, from top to bottom. tests/wheel.sh names its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path


def test_the_notebook_runs_and_learns(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    folder = Path(os.environ.get("DDPG_EXAMPLES", Path(__file__).parents[2] / "examples"))
    cells = json.loads((folder / "python" / "algorithm1.ipynb").read_text())["cells"]
    names: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    returns = names["returns"]
    assert len(returns) == 50 and sum(returns[-10:]) / 10 > -400 > sum(returns[:3]) / 3
    assert names["trained"].evaluate(20).mean_return > -250
