"""What tests/actors.py is made of: cases, jobs that are watched while they run, and two network namespaces with a wire between them."""
import contextlib
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 100  # seconds, for whatever a job is waited for; a busy machine takes many
QUICK = 20  # seconds in which a job ends that has lost a process
OF_THE_CLOCK = {"seconds", "steps_per_second", "updates_per_second"}
ENDLESS = 100_000_000
AS_ROOT = {f"{name}_ALLOW_RUN_AS_ROOT{more}": "1" for name in ("OMPI", "PRTE") for more in ("", "_CONFIRM")}
SMALL = {"actor.hidden": "[16]", "critic.hidden": "[16]", "batch_size": 16, "warmup_steps": 100, "learning_starts": 100, "replay_capacity": 20000,
         "evaluation_interval": 0, "log_interval": 1000, "checkpoint_interval": 300}


class Failed(Exception):
    pass


class DidNotRun(Exception):
    """The system does not allow the case."""


def check(holds, text):
    if not holds:
        raise Failed(text)


def until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (found := condition()):
        check(time.monotonic() < end, f"waited {patience} s in vain: {what}")
        time.sleep(0.02)
    return found


def settings(**changed):
    return [f"--set={key}={value}" for key, value in (SMALL | {key.replace("__", "."): value for key, value in changed.items()}).items()]


def newest(run):
    steps = [int(re.search(r"-(\d+)\.", file.name)[1]) for file in (run / "checkpoints").glob("checkpoint-*.safetensors")]
    return max(steps, default=-1)


def status(run):
    with contextlib.suppress(OSError, ValueError):
        return json.loads((run / "status.json").read_text())
    return {}


def table(run):
    with open(run / "progress.csv", newline="") as file:
        return [{key: value for key, value in row.items() if key not in OF_THE_CLOCK} for row in csv.DictReader(file)]


def processes(run):
    """Those of the program, by their arguments."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if str(run).encode() in words and (folder / "comm").read_text().strip() == "ddpg" and b"launch" not in words:
                found.append(int(folder.name))
    return found


def parent(process):
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def held(runs):
    """A training among them that has a checkpoint and has not finished; it stands still from now on, so that it cannot finish before what comes next."""
    for run in runs:
        with contextlib.suppress(OSError, KeyError):
            training = status(run)["pid"]
            os.kill(training, signal.SIGSTOP)
            if newest(run) > 0 and status(run)["state"] == "running":
                return training
            os.kill(training, signal.SIGCONT)
    return None


class Job:
    """A command that is watched while it runs, in a session of its own."""

    def __init__(self, run, log, words, **variables):
        self.run, self.log = run, log
        self.begun = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | AS_ROOT | {"TMPDIR": str(self.log.parent)} | variables,
                                            start_new_session=True)

    def said(self):
        return self.log.read_bytes()[self.begun:].decode(errors="replace")

    def learner(self):
        pid = status(self.run).get("pid")
        return pid if pid in processes(self.run) else None

    def players(self):
        return [pid for pid in processes(self.run) if pid != self.learner()]

    def comes_to(self, step):
        until(lambda: newest(self.run) >= step or self.process.poll() is not None, f"a checkpoint of step {step}")
        check(self.process.poll() is None, f"the job ended with {self.process.returncode}")
        return self

    def end(self, patience=PATIENCE):
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failed(f"it did not end within {patience} s") from None

    def asked_to_end(self, number=signal.SIGUSR1):
        """It saves. A case that kills has no other end: one after a number of steps may come before what is killed."""
        self.process.send_signal(number)
        code = self.end(QUICK)
        until(lambda: not processes(self.run), "its processes have ended", QUICK)
        check(status(self.run)["state"] == "interrupted", f"{number.name}: expected that it saved, found {status(self.run)}")
        return code

    def is_started_again(self, without):
        """By ddpg launch, once more, when that process is killed; and gets on. What is left of the job that died may write on for a moment."""
        times, learner = self.said().count("it is started again") + 1, self.learner()
        os.kill(without, signal.SIGKILL)
        until(lambda: self.learner() not in (None, learner), "another process learns")
        self.comes_to(newest(self.run) + 200)
        check(self.said().count("it is started again from the checkpoint") == times, self.said())

    def ends_badly(self):
        check(self.end(QUICK) != 0, "a job that lost a process ended with 0")
        until(lambda: not processes(self.run), "its processes have ended", QUICK)

    def ends_well(self, steps):
        code = self.end()
        check(code == 0, f"expected code 0, found {code}")
        check(status(self.run).get("state") == "finished" and status(self.run)["step"] == steps, f"expected {steps} steps, found {status(self.run)}")


class Wire:
    """Two network namespaces in a mount namespace of ours: they go with it."""

    def __init__(self, place):
        self.place, self.relay, self.why = place, None, "" if os.environ.get("ACTORS_INSIDE") == "1" else "they need root"

    def call(self, *words):
        if not self.why and (done := subprocess.run(words, capture_output=True, text=True)).returncode != 0:
            self.why = f"{' '.join(map(str, words))}: {done.stderr.strip()}"

    def __enter__(self):
        if not self.why and not shutil.which("ip"):
            self.why = "there is no ip (iproute2)"
        if self.why:
            return self
        pathlib.Path("/run/netns").mkdir(exist_ok=True)
        self.call("mount", "-t", "tmpfs", "none", "/run/netns")
        for name in ("near", "far"):
            self.call("ip", "netns", "add", name)
            self.call("ip", "-n", name, "tuntap", "add", "dev", "wire", "mode", "tun")
        if self.why:
            return self
        self.relay = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("slow_wire.py"), "near", "far", "5", "1"])
        for name, address in (("near", "10.77.0.1/24"), ("far", "10.77.0.2/24")):
            self.call("ip", "-n", name, "link", "set", "lo", "up")
            self.call("ip", "-n", name, "addr", "add", address, "dev", "wire")
            self.call("ip", "-n", name, "link", "set", "wire", "up")
        return self

    def __exit__(self, *_):
        if self.relay:
            self.relay.kill()
            self.relay.wait()
        for name in ("near", "far"):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        subprocess.run(["umount", "-l", "/run/netns"], capture_output=True)

    def mpirun(self, cases):
        agent = self.place / "agent"  # in the place of ssh: HOST COMMAND
        agent.write_text('#!/bin/sh\nshift\nexec ip netns exec far unshare --uts sh -c "hostname far; $*"\n')
        agent.chmod(0o755)
        words = ["ip", "netns", "exec", "near", *cases.mpirun, "--host", "10.77.0.1:1,10.77.0.2:2", "--mca", "btl", "tcp,self", "--mca", "pml", "ob1",
                 "--mca", "btl_tcp_if_include", "wire"]
        if cases.version >= 5:
            return words + ["--prtemca", "plm_ssh_agent", agent, "--prtemca", "prte_if_include", "wire"]
        return words + ["--mca", "plm_rsh_agent", agent, "--mca", "oob_tcp_if_include", "wire"]


class JobCases:
    """What a case is made with: jobs of one MPI, in a folder that goes with them."""

    def __init__(self, program, mpirun):
        self.program, self.place, self.jobs = program, None, []
        said = subprocess.run([mpirun, "--version"], capture_output=True, text=True).stdout
        self.version = int(re.search(r"\) (\d+)\.", said)[1])
        self.survives = self.version >= 5
        self.mpirun = [mpirun, "--oversubscribe", *(["--with-ft", "ulfm"] if self.survives else [])]

    def start(self, run, *words, **variables):
        self.jobs.append(Job(run, self.place / f"{run.name}.log", words, **variables))
        return self.jobs[-1]

    def mpi(self, count, run, *words, by=()):
        return self.start(run, *(by or self.mpirun), "-n", count, self.program, *words, "--actors", "mpi", "--quiet")

    def train(self, run, steps=ENDLESS, count=3, by=(), **changed):
        return self.mpi(count, run, "train", "Pendulum-v1", "--steps", steps, "--run", run, *settings(**changed), by=by)

    def goes_on(self, run, count=3, steps=600):
        """Resumed from the last checkpoint, and to its end."""
        kept = newest(run)
        check(kept > 0, "there is no checkpoint")
        steps += max(kept, status(run)["step"])
        self.mpi(count, run, "resume", run, "--steps", steps).ends_well(steps)
        self.evaluates(run)

    def evaluates(self, run):
        done = subprocess.run([self.program, "evaluate", run, "--episodes", "1", "--json"], capture_output=True, text=True)
        check(done.returncode == 0, f"its policy cannot be played: {done.stderr}")
        return json.loads(done.stdout)

    def alone(self, run, *words):
        done = subprocess.run([self.program, *map(str, words), "--run", run, "--quiet"], capture_output=True, text=True)
        check(done.returncode == 0, done.stderr)

    def same(self, run, other):
        check((run / "policy.ddpg").read_bytes() == (other / "policy.ddpg").read_bytes(), "the policy is another")
        check(table(run) == table(other), "progress.csv is another")

    def do(self, name):
        """True: it passed; None: the system does not allow it."""
        begin = time.monotonic()
        self.place, self.jobs = pathlib.Path(tempfile.mkdtemp(prefix="actors")), []
        try:
            getattr(self, name)()
        except DidNotRun as reason:
            print(f"  DID NOT RUN: {name}: {reason}", flush=True)
            return None
        except Failed as failure:
            for job in self.jobs:
                print(f"--- {job.log.name}:\n{job.said()[-4000:]}")
            print(f"FAILED: {name}: {failure}", flush=True)
            return False
        finally:
            for job in self.jobs:
                for process in [*processes(job.run), job.process.pid]:
                    with contextlib.suppress(OSError):
                        os.kill(process, signal.SIGKILL)
            subprocess.run(["umount", "-l", self.place / "disk"], capture_output=True)
            shutil.rmtree(self.place, ignore_errors=True)
        print(f"  {name}: {time.monotonic() - begin:.1f} s", flush=True)
        return True
