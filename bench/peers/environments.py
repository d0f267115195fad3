"""Measures the MuJoCo tasks, ours and Gymnasium's, and prints a Markdown table; started by bench/peers/run. Needs nothing but Python's
standard library.

Each task is measured by `ddpg bench` and by gymnasium_steps.py in turns, on one core, timed by processor time: steps alone, with random
actions, in rounds of 1,000. The best round is told, of ours as of Gymnasium's.
"""

import argparse
import os
import pathlib
import platform
import sys
import tempfile

from compare import FOLDER, DidNotRun, OtherWork, call, machine

TASKS = ["Ant", "HalfCheetah", "Hopper", "Humanoid", "HumanoidStandup", "InvertedDoublePendulum", "InvertedPendulum", "Pusher", "Reacher", "Swimmer", "Walker2d"]
TURNS = 3


class Best:
    """The best speeds of one task: ours, Gymnasium's with and without wrappers."""

    def __init__(self, program, python, task, folder):
        self.task = f"{task}-v5"
        self.program, self.python, self.folder = program, python, folder
        self.speeds = {}
        self.versions = {}

    def keep(self, who, *speeds):
        self.speeds[who] = max(self.speeds.get(who, 0), *speeds)

    def measure(self):
        for _ in range(TURNS):
            name = f"environment/{self.task}"
            result, _ = call([self.program, "bench", "--filter", name, "--json"], 1)
            measured = next(entry for entry in result["benchmarks"] if entry["name"] == name)
            self.keep("ours", measured["steps_per_second"])
            # MuJoCo leaves MUJOCO_LOG.TXT where it runs
            result, _ = call([self.python, str(FOLDER / "gymnasium_steps.py"), self.task], 1, cwd=self.folder)
            self.keep("made", *result["speeds"])
            self.keep("unwrapped", *result["speeds_without_wrappers"])
            self.versions |= result["versions"]

    def row(self):
        ours, made, unwrapped = self.speeds["ours"], self.speeds["made"], self.speeds["unwrapped"]
        return f"| {self.task} | {ours:,.0f} | {made:,.0f} | {ours / made:.1f} | {unwrapped:,.0f} | {ours / unwrapped:.1f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpg", required=True, help="our program")
    parser.add_argument("--python", required=True, help="the Python that has Gymnasium")
    arguments = parser.parse_args()

    program = os.path.abspath(arguments.ddpg)
    version, _ = call([program, "version", "--json"], 1)
    other_work = OtherWork()
    versions = {"ddpg.cpp": f"{version['version']} ({version['compiler']})", "Python": platform.python_version()}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            print(f"peers: {task}-v5", file=sys.stderr)
            best = Best(program, arguments.python, task, pathlib.Path(folder))
            try:
                best.measure()
                rows.append(best.row())
            except DidNotRun as error:
                rows.append(f"| {best.task} | did not run: {str(error).replace('|', '/')} | | | | |")
            versions |= best.versions

    print(f"{machine(version)}; other work took {other_work.percent():.0f} % of the machine meanwhile\n")
    print(", ".join(f"{name} {number}" for name, number in versions.items()) + "\n")
    print("| task | ours, steps/s | Gymnasium, steps/s | ours / Gymnasium | Gymnasium without wrappers | ours / that |")
    print("|---|---|---|---|---|---|")
    print("\n".join(rows))
    print("\nOne core, processor time, steps alone, random actions; the best of some rounds of 1,000 steps each, in turns.")


if __name__ == "__main__":
    main()
