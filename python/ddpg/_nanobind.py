"""What of nanobind depends on the version of Python: the module of C++ asks here for it.

The wheel holds it for the versions that were there when it was made; for newer ones it is the package nanobind-backend.
"""

from __future__ import annotations

import importlib
from typing import Any


def fill(abi: int, platform: str, table: Any) -> Any:
    """As nanobind's split mode calls it: writes the addresses of its functions into the table."""
    try:
        backend = importlib.import_module("ddpg._nb_backend_v1")
    except ImportError:
        backend = importlib.import_module("nanobind_backend")
    return backend.fill(abi, platform, table)
