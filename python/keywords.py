"""Writes ddpg/_keywords.pyi: every option as a keyword of ddpg.DDPG, with its type and meaning, for editors and type checkers.

    python keywords.py FOLDER FILE    FOLDER holds the package ddpg with its module _core
"""

import pathlib
import sys

TYPES = {
    "integer": "int",
    "number": "float",
    "number or schedule": "float | str",
    "boolean": "bool",
    "text": "str",
    "list of integers": "Sequence[int]",
    "list of numbers": "Sequence[float]",
    "list of texts": "Sequence[str]",
}
OF_ITS_OWN = ("environment", "preset", "seed")  # parameters of DDPG
HEAD = '''"""Made by python/keywords.py from the table of options."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

class Keywords(TypedDict, total=False):
'''
SB3 = {
    "learning_rate": ("float", "Of Stable-Baselines3: actor_learning_rate and critic_learning_rate."),
    "buffer_size": ("int", "Of Stable-Baselines3: replay_capacity."),
    "gamma": ("float", "Of Stable-Baselines3: discount."),
    "train_freq": ("int | tuple[int, str]", "Of Stable-Baselines3: update_interval."),
    "gradient_steps": ("int", "Of Stable-Baselines3: updates of each burst."),
    "action_noise": ("Any", "Of Stable-Baselines3: exploration."),
    "policy_kwargs": ("dict[str, Any]", "Of Stable-Baselines3: net_arch and n_critics."),
}


def type_of(text: str) -> str:
    names = text.removeprefix("one of ")
    return TYPES[text] if names == text else f"Literal[{names}]"


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    from ddpg import _core

    fields = {row["keyword"]: (type_of(row["type"]), row["doc"]) for row in _core.option_table() if row["name"] not in OF_ITS_OWN}
    groups = {row["name"].split(".")[0] for row in _core.option_table() if "." in row["name"]}
    fields |= {group: ("dict[str, Any]", f"The options of {group} as a dict.") for group in sorted(groups)}
    lines = [f"    {name}: {kind}\n    {doc!r}\n" for name, (kind, doc) in {**fields, **SB3}.items()]
    pathlib.Path(sys.argv[2]).write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    main()
