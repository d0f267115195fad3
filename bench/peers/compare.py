"""Measures ours and the peers and prints a Markdown table; started by bench/peers/run. Needs nothing but Python's standard library.

Each runs in a process of its own, one thread pinned to one core. A peer is measured in four rounds, ours in one before, between and
after the peers of each task, and the best round is told, of ours as of the peers: what else the machine does makes a round slower.
"""

import argparse
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time

LIMIT = 120  # seconds of one process
FOLDER = pathlib.Path(__file__).parent
SMALL = "Pendulum-v1, 64x64, batch 100"
LARGE = "17 observations, 6 actions, 256x256, batch 256"
ACT = "one action of 17-256-256-6"
OURS = "ddpg.cpp"
TRAIN_OPTIONS = {"batch_size": 100, "warmup_steps": 100, "learning_starts": 100, "replay_capacity": 100_000, "evaluation_episodes": 0}


class DidNotRun(Exception):
    pass


def call(command, threads, cwd=None):
    """The JSON object that a program prints last, and the processor time that it took."""
    variables = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    core = max(os.sched_getaffinity(0))
    pin = {"preexec_fn": lambda: os.sched_setaffinity(0, {core})} if threads == 1 else {}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=LIMIT, cwd=cwd, **pin)
    except subprocess.TimeoutExpired as error:
        raise DidNotRun(f"not done after {LIMIT} s") from error
    except OSError as error:
        raise DidNotRun(f"{command[0]}: {error.strerror}") from error
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise DidNotRun((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout.strip().splitlines()[-1]), seconds


def train_ours(program):
    """Steps a second of a whole training by its processor time, start and end of the program included."""
    settings = [part for key, value in TRAIN_OPTIONS.items() for part in ("--set", f"{key}={value}")]
    with tempfile.TemporaryDirectory() as folder:
        train = [program, "train", "Pendulum-v1", "--steps", "10000", "--run", f"{folder}/run", "--quiet", "--json"]
        result, seconds = call(train + settings, 1)
    return result["updates"] / seconds  # one update a step, but for the first 100


def bench_ours(program, name, key):
    result, _ = call([program, "bench", "--filter", name, "--json"], 1)
    return result["benchmarks"][0][key]


def ours(measure, *arguments):
    return lambda: {"speeds": [measure(*arguments)], "versions": {}}


def peer(python, script, *arguments, threads):
    def measure():
        if threads > len(os.sched_getaffinity(0)):
            raise DidNotRun(f"this machine gives it fewer than {threads} cores")
        return call([python, str(FOLDER / script), *arguments], threads)[0]

    return measure


def contenders(program, python):
    """(task, name, threads, what measures it); ours stands before, between and after the peers of each task."""

    def sb3(size, threads):
        return "Stable-Baselines3", threads, peer(python, "sb3_ddpg.py", size, str(threads), threads=threads)

    def plain(size):
        return "plain PyTorch", 1, peer(python, "torch_ddpg.py", size, "1", threads=1)

    def inference(name, package):
        return name, 1, peer(python, "inference.py", package, threads=1)

    update = ours(bench_ours, program, "update/17-6/256x256/batch256", "updates_per_second")
    action = ours(bench_ours, program, "act/17-256-256-6", "actions_per_second")
    tasks = [
        (SMALL, ours(train_ours, program), [sb3("small", 1), sb3("small", 2), plain("small")]),
        (LARGE, update, [sb3("large", 1), sb3("large", 2), plain("large")]),
        (ACT, action, [inference("PyTorch", "torch"), inference("ONNX Runtime", "onnxruntime")]),
    ]
    for task, our_measure, peers in tasks:
        yield task, OURS, 1, our_measure
        for entry in peers:
            yield task, *entry
            yield task, OURS, 1, our_measure


class OtherWork:
    """How busy all else kept the machine since this was made: two threads, timed by the clock, suffer from it most."""

    def __init__(self):
        self.start = self.now()

    @staticmethod
    def now():
        """Seconds: all processors', those of the programs started here, those on the clock."""
        cpu = pathlib.Path("/proc/stat").read_text().split("\n")[0].split()
        user, nice, system = (int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in cpu[1:4])
        here = resource.getrusage(resource.RUSAGE_CHILDREN)
        return user + nice + system, here.ru_utime + here.ru_stime, time.monotonic()

    def percent(self):
        busy, here, clock = (now - start for now, start in zip(self.now(), self.start))
        return 100 * max(0, busy - here) / (clock * os.cpu_count())


def machine(version):
    """The processor and what it can."""
    try:
        flags = set(pathlib.Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split())
    except OSError:
        flags = set()
    has = [f"{name} {'yes' if flag in flags else 'no'}" for name, flag in (("AVX2", "avx2"), ("AVX-512", "avx512f"))]
    return ", ".join([version["processor"], *has, f"{len(os.sched_getaffinity(0))} cores"])


def row(task, name, threads, speed, ours_speed, reason):
    if speed is None:
        return f"| {task} | {name} | {threads} | did not run: {reason.replace('|', '/')} | |"
    unit = "updates/s" if (task, name) == (LARGE, OURS) else "steps/s"
    text = f"{1e6 / speed:.1f} us" if task == ACT else f"{speed:,.0f} {unit}"
    ratio = f"{ours_speed / speed:.1f}" if ours_speed and name != OURS else ""
    return f"| {task} | {name} | {threads} | {text} | {ratio} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpg", required=True, help="our program")
    parser.add_argument("--python", required=True, help="the Python that has the peers")
    arguments = parser.parse_args()

    version, _ = call([arguments.ddpg, "version", "--json"], 1)
    other_work = OtherWork()
    best, reasons = {}, {}
    ours_version = f"{version['version']} ({version['compiler']}, {version['kernels']} kernels)"
    versions = {OURS: ours_version, "Python": platform.python_version()}
    entries = list(contenders(arguments.ddpg, arguments.python))
    for task, name, threads, measure in entries:
        print(f"peers: {task}: {name}, threads: {threads}", file=sys.stderr)
        key = task, name, threads
        try:
            result = measure()
        except DidNotRun as error:
            reasons[key] = str(error)
            continue
        versions |= result["versions"]
        best[key] = max(result["speeds"] + [best.get(key, 0)])

    print(f"{machine(version)}; other work took {other_work.percent():.0f} % of the machine meanwhile\n")
    print(", ".join(f"{name} {number}" for name, number in versions.items()) + "\n")
    print("| task | who | threads | speed | ours / peer |\n|---|---|---|---|---|")
    for key in dict.fromkeys(entry[:3] for entry in entries):
        print(row(*key, best.get(key), best.get((key[0], OURS, 1)), reasons.get(key, "")))
    print("\nThe best of some rounds each; one thread by processor time, two by the clock; ours / peer: ratio of the speeds.")
    print("Our updates/s are of the update alone: acting, the environment and storing are not in it, in the peers' steps/s they are.")


if __name__ == "__main__":
    main()
