"""The command `ddpg`, with every verb; also `python -m ddpg`. `python -m ddpg --cmake-dir` is where CMake finds the library for programs in
C++: cmake -Dddpg_DIR=$(python -m ddpg --cmake-dir)."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any, Iterator

from ddpg import _core
from ddpg._settings import MADE_BY
from ddpg._tasks import PREFIX, GymnasiumTask, refuse_to_make_again


def _configs(path: Path) -> Iterator[Path]:
    """The configs that a path may mean: of a run or an experiment, of a file in a run, or a config itself."""
    if path.is_dir():
        yield from (path / "config.toml", path / "options.toml")
    elif path.is_file():
        yield from (path, *(folder / "config.toml" for folder in path.absolute().parents[:2]))


def _task_of(config: Path) -> str:
    """The task that a config names; "" where it is none of ddpg's: that is for the program to say."""
    try:
        if config.suffix != ".toml" or not config.is_file():
            return ""
        name = tomllib.loads(config.read_text(encoding="utf-8")).get("environment", "")
    except (OSError, ValueError):
        return ""
    return name if isinstance(name, str) else ""


def _tasks_of_gymnasium(words: list[str]) -> set[str]:
    """Those that the command line names, itself or by a run."""
    named = set()
    for word in words:
        value = word.split("=", 1)[-1] if word.startswith("-") or word.startswith("environment=") else word
        named.add(value)
        try:
            named.update(_task_of(config) for config in _configs(Path(value)))
        except (OSError, ValueError):  # no path at all
            pass
    return {name for name in named if name.startswith(PREFIX)}


class _Later:
    """A task that is made when the program asks for it: most verbs do without it, and without Gymnasium."""

    def __init__(self, name: str):
        self._name = name
        self._task: GymnasiumTask | None = None
        _core.register_task(_core.PythonTask(_core.Specification(name, 1, [-1.0], [1.0]), self._functions))

    def _functions(self, number: int, settings: dict[str, Any], again: bool = False) -> tuple[Any, ...]:
        if MADE_BY in settings:
            raise refuse_to_make_again(settings[MADE_BY], "this run")
        if self._task is None:
            self._task = GymnasiumTask(self._name.removeprefix(PREFIX), settings=settings)
        return self._task.functions(number, settings, again)


def main() -> int:
    if sys.argv[1:] == ["--cmake-dir"]:
        print(Path(__file__).with_name("cpp") / "lib" / "cmake" / "ddpg")
        return 0
    for name in _tasks_of_gymnasium(sys.argv[1:]):
        _Later(name)
    # experiments and jobs start the program once more: the interpreter, and what it is told to run
    return _core.program(["ddpg", *sys.argv[1:]], interpreter=sys.executable or "", first=["-m", "ddpg"])


if __name__ == "__main__":
    sys.exit(main())
