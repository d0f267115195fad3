"""The command `ddpg`, with every verb; also `python -m ddpg`. `python -m ddpg --cmake-dir` is where CMake finds the library for programs in
C++: cmake -Dddpg_DIR=$(python -m ddpg --cmake-dir)."""

from __future__ import annotations

import sys
from pathlib import Path

from ddpg import _core
from ddpg._tasks import PREFIX, GymnasiumTask


def _tasks_of_gymnasium(words: list[str]) -> set[str]:
    """Those that the command line names, itself or by a run."""
    named = {word for word in words if word.startswith(PREFIX)}
    for word in words:
        for config in (Path(word) / "config.toml", Path(word).parent / "config.toml"):
            if config.is_file():
                name = _core.Options.from_toml(config.read_text(), str(config))["environment"]
                if name.startswith(PREFIX):
                    named.add(name)
    return named


def main() -> int:
    if sys.argv[1:] == ["--cmake-dir"]:
        print(Path(__file__).with_name("cpp") / "lib" / "cmake" / "ddpg")
        return 0
    for name in _tasks_of_gymnasium(sys.argv[1:]):
        _core.register_task(GymnasiumTask(name.removeprefix(PREFIX)).core)
    # experiments and jobs start the program once more: the interpreter, and what it is told to run
    return _core.program(["ddpg", *sys.argv[1:]], interpreter=sys.executable or "", first=["-m", "ddpg"])


if __name__ == "__main__":
    sys.exit(main())
