"""Where MuJoCo's library is: in the package mujoco-core, which is not imported for it."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def library() -> str:
    """The file; "" where there is none."""
    try:
        spec = importlib.util.find_spec("mujoco")
    except (ImportError, ValueError):
        return ""
    folders = (spec.submodule_search_locations or []) if spec else []
    return next((str(file) for folder in folders for file in sorted(Path(folder).glob("libmujoco.so*"))), "")
