"""Measures the Python package beside Stable-Baselines3 and SBX and prints a Markdown table; started by bench/peers/run."""

import argparse
import sys

from compare import FOLDER, DidNotRun, OtherWork, call, machine

TASK = "Pendulum-v1, 64x64, batch 100"


def peer(python, script):
    """Microseconds of a step, or why there are none; and the versions."""
    try:
        result, _ = call([python, str(FOLDER / script), "small", "1"], 1)
    except DidNotRun as error:
        return None, str(error), {}
    return 1e6 / max(result["speeds"]), "", result["versions"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpg", required=True, help="our program")
    parser.add_argument("--python", required=True, help="the Python that has the package and the peers")
    parser.add_argument("--steps", type=int, default=10_000)
    arguments = parser.parse_args()

    other_work = OtherWork()
    version, _ = call([arguments.ddpg, "version", "--json"], 1)
    ours, _ = call([arguments.python, str(FOLDER / "python_steps.py"), str(arguments.steps), arguments.ddpg], 1)
    versions, us = dict(ours["versions"]), ours["microseconds"]
    rows = [
        ("`ddpg.DDPG` on Gymnasium's environment", us["learn"], ""),
        ("of that: the environment", us["environment"], ""),
        ("of that: the update", us["update"], ""),
        ("of that: all between", us["between"], "at most 20 us"),
        ("`ddpg.DDPG` on ddpg's own", us["learn_native"], f"{100 * (us['learn_native'] / us['command_line'] - 1):+.1f} % to the command line"),
        ("`ddpg train` on ddpg's own", us["command_line"], ""),
    ]
    for name, script in (("Stable-Baselines3 on Gymnasium's", "sb3_ddpg.py"), ("SBX on Gymnasium's", "sbx_ddpg.py")):
        print(f"peers: {name}", file=sys.stderr)
        found, reason, told = peer(arguments.python, script)
        versions |= told
        rows.append((name, found, f"{found / us['learn']:.1f} times ours" if found else f"did not run: {reason}"))

    print(f"{machine(version)}; other work took {other_work.percent():.0f} % of the machine meanwhile\n")
    print(", ".join(f"{name} {number}" for name, number in versions.items()) + "\n")
    print(f"{TASK}, one thread, processor time of a step; the best of some rounds each.\n")
    print("| a step of | us | |\n|---|---|---|")
    for name, microseconds, note in rows:
        print(f"| {name} | {microseconds:.1f} | {note} |" if microseconds is not None else f"| {name} | | {note} |")


if __name__ == "__main__":
    main()
