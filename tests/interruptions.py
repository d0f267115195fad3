"""Trainings of random configurations, interrupted at random moments and resumed, each compared to the bit with one that nobody disturbed.

    python3 tests/interruptions.py PROGRAM signals N [SEED]      signals of every kind, N in all, to the process
    python3 tests/interruptions.py PROGRAM power-cuts N [SEED]   as root: the file system (ext4 in a file) loses what it has not yet written

A power cut is the ioctl EXT4_IOC_SHUTDOWN without flushing the journal: from that moment nothing reaches the disk, and what is mounted again
afterwards is what a machine would find whose power had failed. A kill (tests/faults/kill_test.cpp) is kinder: what the kernel has taken stays.
"""
import collections
import csv
import fcntl
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

EXT4_IOC_SHUTDOWN = 2 << 30 | 4 << 16 | ord("X") << 8 | 125  # linux/fs/ext4/ext4.h: _IOR('X', 125, __u32)
NO_LOG_FLUSH = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH
MOUNTS = ["data=ordered", "data=journal", "data=writeback", "data=ordered,nodelalloc", "data=writeback,journal_async_commit", "data=ordered,commit=1"]
OF_THE_CLOCK = {"seconds", "steps_per_second", "updates_per_second"}
SAVES = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU, signal.SIGUSR1]


def configuration(draw):
    """Options of a training of half a second or so that saves, tests and tells often."""
    one_of, chance = draw.choice, lambda p: draw.random() < p
    settings = {
        "warmup_steps": one_of([0, 100, 250]), "learning_starts": one_of([0, 100, 300]), "batch_size": one_of([2, 16, 33]),
        "replay_capacity": one_of([150, 900, 6000]), "actor.hidden": one_of(["[8]", "[24,16]"]), "critic.hidden": one_of(["[16]", "[24,16]"]),
        "evaluation_interval": one_of([0, 200, 333, 500]), "evaluation_episodes": one_of([0, 1, 2]), "log_interval": one_of([70, 150, 1000]),
        "checkpoint_interval": one_of([30, 111, 250]), "checkpoints_kept": one_of([1, 2, 3]), "updates_per_step": one_of([0.25, 1, 2]),
        "update_interval": one_of([1, 7]), "exploration.noise": one_of(["gaussian", "ornstein-uhlenbeck"]),
        "normalise_observations": one_of(["true", "false"]), "overlap": one_of(["true", "false"]),
        "n_step": one_of([1, 1, 3]), "replay.priority": one_of(["uniform", "lap", "per", "fade"]), "critic.count": one_of([1, 2, 3]), "critic.aggregate": one_of(["min", "mean", "first"]), "target.noise": one_of([0, 0.2]),
        "target.noise_clip": one_of([0, 0.5]), "target.period": one_of([1, 2]), "actor.period": one_of([1, 2, 3]), "actor.aggregate": one_of(["first", "mean"]),
        "critic.head": one_of(["mse", "huber", "categorical", "two-hot"]), "actor.weight_decay": one_of([0, 0.01]),
    }
    if settings["critic.head"] in ("mse", "huber") and chance(0.3):
        settings |= {"target.clip_to_seen_range": "true", "hard_update_interval": 20, "target.period": 1}
    if chance(0.2):
        settings |= {"actor.batch_norm": "true", "critic.batch_norm": "true"}
    elif chance(0.3):
        settings |= {"actor.layer_norm": "true"}
    elif chance(0.3):
        settings |= {"encoder.kind": "sale", "encoder.hidden": "[16]", "encoder.size": 12, "actor.body": "avg-l1-norm", "critic.body": "avg-l1-norm",
                     "actor.hidden": "[16,8]", "critic.hidden": "[24,16]", "hard_update_interval": 20, "target.period": 1}
        if chance(0.7):
            settings |= {"assessment.episodes": 2, "assessment.early_updates": 300, "overlap": "false"}
    elif chance(0.3):
        settings |= {"actor.body": "simba", "actor.hidden": "[8,8]", "critic.body": "simba", "critic.hidden": "[16]", "critic.init": "orthogonal-he"}
    task = one_of(["Pendulum-v1", "LinearQuadratic-v0", "MountainCarContinuous-v0", "PointReach-v0"])
    if task == "PointReach-v0" and chance(0.7):
        settings |= {"replay.hindsight": one_of([1, 4]), "n_step": 1, "exploration.random_chance": 0.2, "actor.action_l2": one_of([0, 1])}
    words = [task, "--steps", str(draw.randrange(600, 1800)), "--seed", str(draw.randrange(100)), "--envs", str(1 if "assessment.episodes" in settings else one_of([1, 2, 3])), "--quiet"]
    words += one_of([[], ["--jsonl"], ["--tensorboard"]])
    return words + [f"--set={key}={value}" for key, value in settings.items()]


def table(run):
    with open(run / "progress.csv", newline="") as file:
        return [{key: value for key, value in row.items() if key not in OF_THE_CLOCK} for row in csv.DictReader(file)]


def contents(run):
    """What two runs of the same options have in common to the bit."""
    held = {name: (run / name).read_bytes() for name in ("policy.ddpg", "best.ddpg") if (run / name).exists()}
    return held | {"progress.csv": table(run)}


class Trial:
    """One configuration: the run that is left alone, and the run that is not."""

    def __init__(self, program, place, draw, found):
        self.program, self.straight, self.cut, self.draw, self.found = program, place / "straight", place / "disk" / "cut", draw, found
        self.words = configuration(draw)
        begin = time.monotonic()
        self.call("train", *self.words, "--run", self.straight)
        self.seconds = time.monotonic() - begin

    def fail(self, text):
        raise SystemExit(f"interruptions: {text}\nthe training: {self.program} train {' '.join(self.words)}")

    def call(self, *words, may_end_with=(0,)):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode not in may_end_with:
            self.fail(f"{words[0]} ended with {done.returncode}: {done.stderr}")
        return done

    def next_command(self):
        """The run's own way on; before there is a config.toml nothing has begun."""
        begun = (self.cut / "config.toml").exists()
        return ["resume", self.cut, "--quiet"] if begun else ["train", *self.words, "--run", self.cut]

    def has_finished(self):
        summary = self.cut / "summary.json"
        return summary.exists() and json.loads(summary.read_text())["outcome"] == "finished"

    def is_running(self, process):
        """Whether this very process says so in the run's status."""
        status = self.cut / "status.json"
        told = json.loads(status.read_text()) if status.exists() else {}
        return told.get("pid") == process.pid and told["state"] == "running"

    def finish(self):
        if not self.has_finished():
            self.call(*self.next_command())
        if contents(self.cut) != contents(self.straight):
            self.fail(f"{self.cut} is not the run that was left alone, {self.straight}")
        shutil.rmtree(self.cut)

    def begin(self):
        return subprocess.Popen([self.program, *self.next_command()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)

    def wait(self, process, expected):
        error = process.communicate()[1]
        if process.returncode not in expected:
            self.fail(f"expected one of the codes {expected}, found {process.returncode}: {error}")
        return process.returncode

    def moment(self):
        time.sleep(self.draw.uniform(0, self.draw.choice([0.03, self.seconds])))


def interrupt(trial):
    """One signal, or a few; returns how many came before the end."""
    process = trial.begin()
    trial.moment()
    running = trial.is_running(process)
    kind = trial.draw.choice([*SAVES, signal.SIGKILL, "stopped a while", "two at once"])
    pair = []
    if kind == "stopped a while":
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
    elif kind == "two at once":
        pair = [trial.draw.choice(SAVES), trial.draw.choice(SAVES)]
        for number in pair:
            process.send_signal(number)
    else:
        process.send_signal(kind)
    name = kind.name if isinstance(kind, signal.Signals) else kind
    # a signal that comes before the program has set its handlers ends it; one after the end finds a finished run
    early = [] if running else [-number for number in SAVES]
    if pair and set(pair) <= {signal.SIGINT, signal.SIGTERM}:  # heard one after the other, the second ends it at once
        early += [-number for number in pair]
    code = trial.wait(process, [0, 2, 130, *early] if kind != signal.SIGKILL else [0, 2, -signal.SIGKILL])
    if code == 2 and not trial.has_finished():
        trial.fail("code 2 of a run that has not finished")
    trial.found[name if code not in (0, 2) else "came after the end"] += 1
    return code not in (0, 2)


def signals(program, place, count, draw, found):
    (place / "disk").mkdir()
    done = 0
    while done < count:
        trial = Trial(program, place, draw, found)
        for _ in range(draw.randrange(1, 5)):
            if not interrupt(trial):
                break
            done += 1
        trial.finish()
        shutil.rmtree(trial.straight)
        found["runs, each the same to the bit in the end"] += 1


class Disk:
    def __init__(self, place, options):
        self.image, self.folder, self.options = place / "image", place / "disk", options
        self.folder.mkdir(exist_ok=True)
        with open(self.image, "wb") as file:
            file.truncate(48 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", f"loop,{self.options}", self.image, self.folder], check=True)

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)

    def cut_power(self):
        folder = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(folder)


def power_cuts(program, place, count, draw, found):
    if os.environ.get("INTERRUPTIONS_INSIDE") != "1":  # what is mounted goes with the mount namespace, however this ends
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv], os.environ | {"INTERRUPTIONS_INSIDE": "1"})
    done = 0
    while done < count:
        disk = Disk(place, MOUNTS[found["runs, each the same to the bit in the end"] % len(MOUNTS)])
        trial = Trial(program, place, draw, found)
        for _ in range(draw.randrange(1, 5)):
            process = trial.begin()
            trial.moment()
            disk.cut_power()
            process.kill()
            code = trial.wait(process, [0, 1, 2, -signal.SIGKILL])
            disk.unmount()
            disk.mount()
            found["came after the end" if code in (0, 2) else disk.options] += 1
            done += 1
        trial.finish()
        disk.unmount()
        shutil.rmtree(trial.straight)
        found["runs, each the same to the bit in the end"] += 1


def main():
    program, kind, count = sys.argv[1], {"signals": signals, "power-cuts": power_cuts}[sys.argv[2]], int(sys.argv[3])
    seed, found = int(sys.argv[4]) if len(sys.argv) > 4 else 0, collections.Counter()
    place = pathlib.Path(tempfile.mkdtemp())
    try:
        kind(program, place, count, random.Random(seed), found)
    finally:
        print("; ".join(f"{name}: {n}" for name, n in sorted(found.items())))
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
