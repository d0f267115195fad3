"""How a training shows itself in Python: callbacks, the progress bar, the lines on standard error."""

from __future__ import annotations

import sys
from typing import Any, Callable

Callback = Callable[[dict[str, Any]], Any]


def callbacks_of(callback: Any) -> list[Callback]:
    if callback is None:
        return []
    found = list(callback) if isinstance(callback, (list, tuple)) else [callback]
    for one in found:
        if not callable(one):
            raise TypeError(
                f"callback: expected a function of a row of progress, not {type(one).__name__}; docs/python.md tells what takes the place "
                "of the callbacks of Stable-Baselines3"
            )
    return found


def write(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


class Bar:
    """A progress bar: that of tqdm where it is there, else a line that is written again and again."""

    def __init__(self, done: int, total: int):
        self._done, self._total = done, total
        try:
            from tqdm.auto import tqdm  # type: ignore[import-untyped]
        except ImportError:
            self._bar = None
        else:
            self._bar = tqdm(total=total or None, initial=done, unit="step")

    def __call__(self, step: int) -> None:
        if self._bar is not None:
            self._bar.update(step - self._done)
        else:
            share = f"{100 * step / self._total:5.1f} %" if self._total else ""
            print(f"\r{step} steps {share}", end="", file=sys.stderr, flush=True)
        self._done = step

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        else:
            print(file=sys.stderr)
