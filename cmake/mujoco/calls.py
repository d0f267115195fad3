"""Writes a C++ source that defines the functions of MuJoCo which some sources call: each calls the function of that name in the library
that src/envs/mujoco/library_at_run_time.cpp opens.

    python calls.py mujoco.h OUT SOURCE...
"""

import pathlib
import re
import sys

HEAD = """// Made by cmake/mujoco/calls.py.
#include <mujoco/mujoco.h>

#include <array>

#include "envs/mujoco/library.h"

namespace ddpg {
namespace {

"""


def declarations(header: str) -> dict[str, tuple[str, str]]:
    """Every function of the library by name: its result, its parameters."""
    text = re.sub(r"//[^\n]*", "", header)
    found = re.findall(r"MJAPI\s+([\w\s*]+?)(\b\w+)\(([^;]*)\);", text)
    return {name: (" ".join(result.split()), " ".join(parameters.split())) for result, name, parameters in found}


def argument(parameter: str) -> str:
    return re.search(r"(\w+)\s*(\[\w*\])*$", parameter).group(1)


def main() -> None:
    header, out, *sources = map(pathlib.Path, sys.argv[1:])
    functions = declarations(header.read_text())
    words = set(re.findall(r"\bmj[a-z]*_\w+", "".join(source.read_text() for source in sources)))
    called = sorted(words & functions.keys())
    text = HEAD
    for name in called:
        text += f"decltype(&::{name}) call_{name};\n"
    text += f"\nconst std::array<MujocoCall, {len(called)}> calls = {{{{\n"
    for name in called:
        text += f'    {{"{name}", reinterpret_cast<void**>(&call_{name})}},\n'
    text += "}};\n\n}  // namespace\n\nstd::span<const MujocoCall> mujoco_calls() {\n  return calls;\n}\n\n}  // namespace ddpg\n\nextern \"C\" {\n"
    for name in called:
        result, parameters = functions[name]
        arguments = ", ".join(argument(one) for one in parameters.split(",")) if parameters not in ("", "void") else ""
        text += f"{result} {name}({parameters}) {{\n  return ddpg::call_{name}({arguments});\n}}\n"
    out.write_text(text + "}\n")


if __name__ == "__main__":
    main()
