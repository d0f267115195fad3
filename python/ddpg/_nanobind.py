"""What of nanobind depends on the version of Python: the module of C++ asks here for it.

The wheel holds it for the versions that were there when it was made; for newer ones it is the package nanobind-backend.
"""

from __future__ import annotations


def fill(abi: int, platform: str, table: object) -> object:
    """As nanobind's split mode calls it: writes the addresses of its functions into the table."""
    try:
        from ddpg import _nb_backend_v1 as backend  # type: ignore[attr-defined]
    except ImportError:
        import nanobind_backend as backend
    return backend.fill(abi, platform, table)
