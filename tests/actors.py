"""Trainings whose processes are real ones of an MPI job: the same bits in lockstep, and what follows when one dies, stands still or is asked to end.

    python3 tests/actors.py PROGRAM MPIRUN [CASE ...]    PROGRAM: a ddpg that was built with the MPI of that mpirun; no CASE: each of them

Each case has a time limit, and leaves no process behind. What the system does not allow is said in a line that begins with DID NOT RUN.
"""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

from mpi_jobs import ENDLESS, QUICK, DidNotRun, JobCases, Wire, check, held, newest, parent, processes, settings, status, until


SEEDS = ("seed0", "seed1", "seed2")


class Cases(JobCases):
    def lockstep(self):
        """Three processes come to the bits of one."""
        words = ["train", "Pendulum-v1", "--steps", 1200, "--envs", 4, *settings(evaluation_interval=400, evaluation_episodes=1)]
        self.alone(self.place / "one", *words)
        run = self.place / "three"
        self.mpi(3, run, *words, "--run", run, "--lockstep").ends_well(1200)
        self.same(run, self.place / "one")

    def learns(self):
        """Players on their own: Pendulum swings up. Each run has other bits, and its policies come and go: it ends at the first that swings
        up, usually after 5,000 to 7,000 steps, and fails if none of 60,000 steps has."""
        run = self.place / "run"
        job = self.train(run, steps=60000, actor__hidden="[64,64]", critic__hidden="[64,64]", batch_size=64, warmup_steps=500, learning_starts=500,
                         exploration__sigma=0.2, evaluation_interval=1000, evaluation_episodes=5, stop__at_return=-300)
        check(job.end() == 0, job.said())
        summary = json.loads((run / "summary.json").read_text())
        check("criterion" in summary, f"expected a mean return of -300 at least, found {summary['best_return']} at best")
        self.evaluates(run)

    def actor_killed(self):
        """Without ULFM the job ends, and is resumed; with it the run goes on."""
        run = self.place / "run"
        job = self.train(run).comes_to(300)
        os.kill(job.players()[0], signal.SIGKILL)
        if not self.survives:
            job.ends_badly()
            return self.goes_on(run)
        warning = re.compile(r"process \d is gone at step \d+, after \d+ of its own; 1 still play")
        until(lambda: warning.search((run / "progress.csv").read_text() + job.said()), "a warning of rank and step")
        job.comes_to(newest(run) + 600).asked_to_end()

    def all_actors_killed(self):
        """What was learnt is kept, and the exit code is that of a failure."""
        run = self.place / "run"
        job = self.train(run).comes_to(300)
        for player in job.players():
            os.kill(player, signal.SIGKILL)
        code = job.end(QUICK)
        check(code != 0 if not self.survives else code == 1, f"expected code 1, found {code}")
        if self.survives:
            check("nobody is left to play" in job.said(), "it did not say why")
        self.goes_on(run)

    def learner_killed(self):
        run = self.place / "run"
        job = self.train(run).comes_to(300)
        os.kill(job.learner(), signal.SIGKILL)
        job.ends_badly()
        self.goes_on(run)

    def mpirun_killed(self):
        run = self.place / "run"
        job = self.train(run).comes_to(300)
        job.process.kill()
        job.ends_badly()
        self.goes_on(run)

    def trainer_killed(self):
        """An experiment outlives who trains for it, or is resumed; either way it comes to what a single process comes to."""
        words = ["train", "Pendulum-v1", "--seeds", 3, "--steps", 20000, *settings(checkpoint_interval=1000)]
        self.alone(self.place / "one", *words)
        run = self.place / "run"
        job = self.mpi(3, run, *words, "--run", run)
        training = until(lambda: held(run / seed for seed in SEEDS), "a training has a checkpoint")
        os.kill(parent(training), signal.SIGKILL)
        os.kill(training, signal.SIGCONT)
        if not self.survives:
            job.ends_badly()
            job = self.mpi(3, run, "resume", run)
        code = job.end()
        check(code == 0, f"expected code 0, found {code}")
        for seed in SEEDS:
            self.same(run / seed, self.place / "one" / seed)

    def actor_stopped(self):
        """One that stands still holds up nobody, and goes on afterwards."""
        run = self.place / "run"
        job = self.train(run, steps=ENDLESS).comes_to(300)
        player = job.players()[0]
        os.kill(player, signal.SIGSTOP)
        job.comes_to(newest(run) + 1200)
        os.kill(player, signal.SIGCONT)
        job.comes_to(newest(run) + 600)
        check(player in job.players(), "who was stopped is gone")
        job.asked_to_end()

    def full_disk(self):
        """During a checkpoint: the one before it stays, and there is another once there is room; a record that does not fit ends the job."""
        if os.environ.get("ACTORS_INSIDE") != "1":
            raise DidNotRun("it needs root and a mount namespace")
        run = self.place / "disk" / "run"
        run.parent.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", run.parent], check=True)
        job = self.train(run).comes_to(300)
        with contextlib.suppress(OSError), open(run.parent / "filler", "wb") as filler:
            while True:
                filler.write(bytes(4096))
                filler.flush()
        until(lambda: "No space left on device" in job.said(), "it says that the disk is full")
        kept = newest(run)
        (run.parent / "filler").unlink()
        until(lambda: newest(run) > kept or job.process.poll() is not None, "it goes on, or ends")
        if job.process.poll() is None:
            job.process.send_signal(signal.SIGUSR1)
        check(job.end(QUICK) != 0, "a job that did not finish ended with 0")
        self.goes_on(run)

    def resumed_otherwise(self):
        """Players on their own are resumed by as many; what is said otherwise helps."""
        run = self.place / "run"
        self.train(run, steps=600).ends_well(600)
        for count, words, says in ((2, [], "resume it with 3 processes"), (3, ["--lockstep"], "resume it as it was trained, --actors mpi")):
            job = self.mpi(count, run, "resume", run, "--steps", 1200, *words)
            check(job.end() == 2 and says in job.said(), job.said())
        done = subprocess.run([self.program, "resume", run, "--steps", "1200"], capture_output=True, text=True)
        check(done.returncode == 2 and "--actors mpi" in done.stderr, done.stderr)

    def asked_to_end(self):
        """Each signal to mpirun: what was learnt is saved."""
        # by itself mpirun lets SIGKILL follow after a second, in which a busy machine may not get to a checkpoint
        patient = [] if self.survives else [*self.mpirun, "--mca", "odls_base_sigkill_timeout", 3]
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.place / number.name
            self.train(run, by=patient).comes_to(300).asked_to_end(number)
        self.goes_on(run)

    def tcp_far_apart(self):
        """Over TCP between two network namespaces, on a wire with delay and loss."""
        with Wire(self.place) as wire:
            if wire.why:
                raise DidNotRun(f"two network namespaces: {wire.why}")
            run = self.place / "run"
            self.train(run, steps=1500, by=wire.mpirun(self)).ends_well(1500)
            words = ["train", "Pendulum-v1", "--steps", 300, "--envs", 4, *settings()]
            self.alone(self.place / "one", *words)
            run = self.place / "three"
            self.mpi(3, run, *words, "--run", run, "--lockstep", by=wire.mpirun(self)).ends_well(300)
            self.same(run, self.place / "one")
            job = self.train(self.place / "orphans", by=wire.mpirun(self)).comes_to(300)
            job.process.kill()
            job.ends_badly()
            if self.survives:
                run = self.place / "survivors"
                job = self.train(run, by=wire.mpirun(self)).comes_to(300)
                os.kill(job.players()[0], signal.SIGKILL)
                job.comes_to(newest(run) + 1200).asked_to_end()

    def launch(self, run, *words, by=(), **variables):
        """ddpg launch, with the mpirun that it takes by itself."""
        return self.start(run, self.program, "launch", "-n", 3, *by, "--", *words, "--quiet", **variables)

    def launch_starts_again(self):
        """Whoever dies: in the end the training is done, in lockstep to the bits of one process that was left alone."""
        words = ["train", "Pendulum-v1", "--envs", 2, *settings(checkpoint_interval=200)]
        run = self.place / "run"
        job = self.launch(run, *words, "--steps", ENDLESS, "--run", run, "--lockstep").comes_to(200)
        job.is_started_again(without=job.players()[0])
        job.is_started_again(without=job.learner())
        check(job.asked_to_end(signal.SIGTERM) == 130, "expected code 130")
        steps = status(run)["step"] + 200
        self.launch(run, "resume", run, "--steps", steps, "--lockstep").ends_well(steps)
        self.alone(self.place / "one", *words, "--steps", steps)
        self.same(run, self.place / "one")

    def launch_starts_again_without_mpirun(self):
        """Players on their own, too, whose mpirun is killed."""
        run = self.place / "run"
        job = self.launch(run, "train", "Pendulum-v1", "--steps", ENDLESS, "--run", run, *settings()).comes_to(300)
        job.is_started_again(without=parent(job.learner()))
        check(job.asked_to_end(signal.SIGTERM) == 130, "expected code 130")
        self.evaluates(run)

    def launch_gives_up(self):
        """A job that always dies is not started for ever."""
        run, count = self.place / "run", self.place / "count"
        stand_in = self.place / "mpirun"
        stand_in.write_text(f'#!/bin/sh\necho "$*" >>{count}\nmkdir -p {run}\necho "{{\\"state\\": \\"running\\", \\"step\\": 7, \\"steps\\": 9}}" >{run}/status.json\nexit 9\n')
        stand_in.chmod(0o755)
        job = self.launch(run, "train", "Pendulum-v1", "--run", run, by=["--mpirun", stand_in])
        check(job.end() == 1, "expected code 1")
        lines = count.read_text().splitlines()
        check(len(lines) == 4 and " train " in lines[0] and all(f" resume {run} --actors mpi --quiet" in line for line in lines[1:]), f"{lines}")
        check("it is not started again" in job.said(), job.said())

    def launch_passes_signals_on(self):
        run = self.place / "run"
        job = self.launch(run, "train", "Pendulum-v1", "--steps", ENDLESS, "--run", run, *settings()).comes_to(300)
        check(job.asked_to_end(signal.SIGTERM) == 130, "expected code 130")
        steps = status(run)["step"] + 600
        self.launch(run, "resume", run, "--steps", steps).ends_well(steps)
        job = self.launch(run, "resume", run, "--steps", ENDLESS).comes_to(steps + 300)
        for _ in range(2):
            job.process.send_signal(signal.SIGTERM)
        check(job.end(QUICK) == 130, "expected code 130 after two signals")
        until(lambda: not processes(run), "its processes have ended", QUICK)

    def launch_under_slurm(self):
        """In a job of Slurm it is srun that starts the processes."""
        run, srun = self.place / "run", self.place / "srun"
        srun.write_text(f'#!/bin/sh\necho "srun: $*"\nshift\nexec env -u SLURM_JOB_ID {" ".join(self.mpirun)} "$@"\n')
        srun.chmod(0o755)
        job = self.launch(run, "train", "Pendulum-v1", "--steps", 600, "--run", run, *settings(), SLURM_JOB_ID="1", PATH=f"{self.place}:{os.environ['PATH']}")
        job.ends_well(600)
        check("srun: --kill-on-bad-exit=1 -n 3 " in job.said(), job.said())

    def launch_without_mpirun(self):
        """What is missing is said before anything begins."""
        job = self.launch(self.place / "run", "train", "Pendulum-v1", by=["--mpirun", "nowhere"])
        check(job.end() == 2 and "apt-get install openmpi-bin" in job.said(), job.said())

    def all(self):
        names = list(vars(Cases))
        return [name for name in names[names.index("lockstep"):names.index("all")] if name != "launch"]


def main():
    if os.environ.get("ACTORS_INSIDE") is None and os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0:
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv], os.environ | {"ACTORS_INSIDE": "1"})
    program, mpirun, *names = sys.argv[1:]
    cases = Cases(str(pathlib.Path(program).resolve()), mpirun)
    results = [cases.do(name) for name in names or cases.all()]
    left_out = results.count(None)
    print(f"{results.count(True)} of {len(results)} cases on Open MPI {cases.version} passed" + (f", {left_out} DID NOT RUN" if left_out else ""))
    sys.exit(1 if False in results else 0)


if __name__ == "__main__":
    main()
