"""bench/results/table on a small list of its own: rows are made whatever befalls some, a row that died is resumed to the same bits, and its
statistics are rliable's.

    python3 tests/results_table.py PROGRAM
"""
import csv
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "bench/results/table"
PROGRAM = None


def load():
    loader = importlib.machinery.SourceFileLoader("table", str(SCRIPT))
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(SCRIPT.parent))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("table", loader))
    loader.exec_module(module)
    return module


class Statistics(unittest.TestCase):
    def test_agree_with_rliable(self):
        table = load()
        for sample in json.loads((ROOT / "tests/golden/statistics.json").read_text())["samples"]:
            values = sample["values"]
            self.assertAlmostEqual(table.interquartile_mean(values), sample["iqm"], places=12)
            if len(values) < 2:
                continue
            spread = max(values) - min(values)
            for ours, theirs in zip(table.interval(values), sample["rliable_interval"]):
                self.assertLess(abs(ours - theirs), 0.05 * spread, values)  # both are random


class Kept(unittest.TestCase):
    def test_the_table_in_docs_is_that_of_its_rows(self):
        self.assertEqual((ROOT / "docs/results/table.md").read_text(), load().whole_table())

    def test_a_check_goes_beyond_the_first_update(self):
        table = load()
        for row in {row.method: row for row in table.wanted() if row.there()}.values():
            with open(row.folder / "progress.csv", newline="") as file:
                updates = {int(line["step"]): int(line["updates"]) for line in csv.DictReader(file)}
            self.assertGreater(updates[table.steps_to_check(row, 5_000)], 0, row.name)


class Commit(unittest.TestCase):
    def test_is_dirty_by_what_the_program_is_built_from(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ):
            os.environ.pop("COMMIT", None), os.environ.pop("DDPG", None)
            table, root = load(), pathlib.Path(folder)
            git = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b"]
            for name in "src", "docs":
                (root / name).mkdir()
                (root / name / "file").write_text("a")
            for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
                subprocess.run([*git, *command], check=True)
            table.ROOT = root
            clean = table.commit()
            (root / "docs/file").unlink()
            self.assertEqual(table.commit(), clean)
            (root / "src/another").write_text("b")
            self.assertEqual(table.commit(), clean + "-dirty")


class Rows(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name)
        self.addCleanup(self.scratch.cleanup)

    def list(self, text):
        (self.folder / "list.toml").write_text(text)

    def start(self, *arguments, **variables):
        environment = os.environ | {"DDPG": PROGRAM, "COMMIT": "abc", "RESULTS_LIST": str(self.folder / "list.toml"), "RESULTS_TABLE": str(self.folder / "kept")} | variables
        return subprocess.Popen([sys.executable, SCRIPT, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def table(self, *arguments, code=0, **variables):
        process = self.start(*arguments, **variables)
        out, error = process.communicate()
        self.assertEqual(process.returncode, code, out + error)
        self.assertNotIn("Traceback", error)
        return out, error

    def run_rows(self, runs="runs", **options):
        return self.table("run", "--runs", str(self.folder / runs), "--nice", "0", **options)

    def test_missing_rows_are_made_in_order_and_once(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0, 1]\ntasks = ["Pendulum-v1", "LinearQuadratic-v0"]\n'
                  '[[rows]]\npreset = "not-there"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.assertIn("0 of 5 rows are there", self.table("list")[0])
        out, error = self.run_rows()
        self.assertIn("no preset not-there: its rows wait", error)
        self.assertEqual(out.count(": train"), 4)
        self.assertLess(out.index("LinearQuadratic-v0/default-300-seed0: train"), out.index("Pendulum-v1/default-300-seed1: train"))
        self.assertEqual(self.run_rows()[0], "")
        self.assertIn("4 of 5 rows are there", self.table("list")[0])
        facts = json.loads((self.folder / "kept/Pendulum-v1/default-300-seed1/row.json").read_text())
        self.assertEqual(facts["commit"], ["abc"])
        self.assertEqual(len(facts["processor"]), 1)
        self.assertIn("--seed 1 --set=evaluation_interval=5000 --set=evaluation_episodes=10", facts["command"])
        shown = self.table("show")[0]
        self.assertIn("4 of the 5 rows", shown)
        self.assertRegex(shown, r"\[Pendulum-v1\]\(pages/Pendulum-v1-300.html\) .* \| 2 \| .* \| 0: \[-[0-9.,]+\]\(table/Pendulum-v1/default-300-seed0/row.json\), 1: \[-[0-9.,]+\]\(.* \| abc \|")
        self.assertIn("./ddpg train TASK --preset default --steps 300 --seed N", shown)

    def test_one_row_that_fails_keeps_no_other_from_being_made(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulm-v1", "Pendulum-v1", "LinearQuadratic-v0"]\n')
        kept, run = self.folder / "kept", self.folder / "runs/Pendulum-v1/default-300-seed0"
        run.mkdir(parents=True)
        (run / "config.toml").write_text("")
        (run / "summary.json").write_text('{"outc')
        out, error = self.run_rows(code=1)
        self.assertRegex(error, r"Pendulm-v1/default-300-seed0: exit code 2; the next `run` tries it again, from the start if you remove .*runs/Pendulm-v1/")
        self.assertIn(f"{run}/summary.json cannot be read", error)
        self.assertTrue((kept / "LinearQuadratic-v0/default-300-seed0/row.json").exists())
        shutil.rmtree(run)
        self.run_rows(code=1)
        self.assertTrue((kept / "Pendulum-v1/default-300-seed0/row.json").exists())

    def test_a_run_that_lacks_its_end_is_no_row(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        shutil.rmtree(self.folder / "kept")
        run = self.folder / "runs/Pendulum-v1/default-300-seed0"
        run.with_name(run.name + ".commits").write_text("abc\n")  # it ended before it was kept
        lines = (run / "progress.csv").read_text().splitlines(keepends=True)
        (run / "progress.csv").write_text("".join(lines[:-1]))
        self.assertIn("the last evaluation is of step 0, expected 300", self.run_rows(code=1)[1])
        (run / "progress.csv").write_text("".join(lines))
        self.assertNotIn("train", self.run_rows()[0])
        self.assertIn("1 of 1 rows", self.table("list")[0])

    def test_a_failing_row_is_tried_once_by_one_run(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulm-v1", "Pendulum-v1", "LinearQuadratic-v0"]\n')
        self.assertEqual(self.table("run", "--runs", str(self.folder / "runs"), "--nice", "0", "--jobs", "3", code=1)[0].count("Pendulm-v1/default-300-seed0: train"), 1)

    def test_a_row_that_was_removed_is_made_anew_by_the_program_of_now(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        left = self.folder / "runs/Pendulum-v1/default-300-seed0.commits"  # as when it ended before it had removed it
        left.write_text("older\n")
        self.run_rows()
        self.assertFalse(left.exists())
        shutil.rmtree(self.folder / "kept")
        self.assertIn(": train", self.run_rows(COMMIT="newer")[0])
        self.assertEqual(json.loads((self.folder / "kept/Pendulum-v1/default-300-seed0/row.json").read_text())["commit"], ["newer"])

    def test_wrong_use_and_damage_are_named(self):
        good = '[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0, 1]\ntasks = ["Pendulum-v1"]\n'
        for text, named in (("[[rows", "cannot be read"), ("", "lacks 'rows'"), (good.replace("steps = 300\n", ""), "lacks 'steps'"),
                            (good.replace('["Pendulum-v1"]', '"Pendulum-v1"'), "a list of names"), (good + good, "asks twice for Pendulum-v1/default-300-seed0"),
                            (good + "settings = {evaluation_interval = 100}\n", "evaluation_interval, which the protocol"),
                            (good + 'settings = {environment = "LinearQuadratic-v0"}\n', "environment, which the protocol"), (good + "settings = 5\n", "a table of options"),
                            ("rows = {}", "a list of tables"), ("rows = [1]", "a list of tables"), (good + "setings = {tau = 0.1}\n", "found setings"),
                            (good.replace("300", '"300"'), "a whole number above 0"), (good.replace("300", "-5"), "-5"), (good.replace("0, 1", "-1"), "-1")):
            self.list(text)
            error = self.table("list", code=2)[1]
            self.assertIn(named, error)
            self.assertIn("list.toml", error)
        self.list(good)
        for arguments in (["run", "--jobs", "0"], ["run", "--most", "-1"], ["run", "--only", "nothing"], ["check", "--only", "nothing"],
                          ["check", "--steps", "0"], ["check"], ["pages"]):
            self.table(*arguments, code=2)
        self.assertIn("there is no program /nowhere", self.table("run", code=2, DDPG="/nowhere")[1])
        self.assertIn("does not answer as ddpg does", self.table("run", code=2, DDPG="echo")[1])
        self.assertIn("set COMMIT", self.table("run", code=2, COMMIT="")[1])
        (self.folder / "file").write_text("")
        self.assertIn("NotADirectoryError", self.run_rows(runs="file/runs", code=1)[1])
        kept = self.folder / "kept/Pendulum-v1/default-300-seed0"
        kept.mkdir(parents=True)
        self.assertIn(f"{kept} has no row.json; remove it", self.run_rows(code=1)[1])
        (kept / "row.json").write_text('{"task')
        (kept / "progress.csv").write_text("step,evaluation_mean_return\n")
        self.assertIn("has no evaluation", self.table("list", code=2)[1])
        (kept / "progress.csv").write_text("step,evaluation_mean_return\n0,1\n")
        self.assertIn("the last evaluation is of step 0, expected 300", self.table("list", code=2)[1])
        (kept / "progress.csv").write_text("step,evaluation_mean_return\n300,1\n")
        for damaged in '{"task', "[]", "{}", "null", '{"commit": 5, "command": "", "processor": []}', '{"commit": "abc", "command": "", "processor": []}':
            (kept / "row.json").write_text(damaged)
            self.assertRegex(self.table("show", code=2)[1], "row.json (cannot be read|lacks)")
        (kept / "row.json").write_text('{"commit": [], "command": "", "processor": []}')
        (kept / "config.toml").write_text("")
        self.assertIn("config.toml lacks 'learning_starts'", self.table("check", "--runs", str(self.folder / "runs"), code=1)[0])

    def test_a_workshop_that_was_killed_leaves_its_training_the_row(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 6000\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        process = self.start("run", "--runs", str(self.folder / "runs"), "--nice", "0")
        run, deadline = self.folder / "runs/Pendulum-v1/default-6000-seed0", time.monotonic() + 120
        while not (run / "progress.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()
        process.stdout.close(), process.stderr.close()
        while "1 of 1" not in self.table("list")[0] and time.monotonic() < deadline:
            self.run_rows()  # passes it over while it is trained, and keeps it then
            time.sleep(0.1)
        self.assertIn("1 of 1", self.table("list")[0])

    def test_an_entry_adds_settings_to_its_preset(self):
        self.list('[[rows]]\npreset = "default"\nsettings = {warmup_steps = 50, normalise_rewards = true, actor.hidden = [8, 8]}\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n'
                  '[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        kept = self.folder / "kept/Pendulum-v1"
        config = (kept / "default-warmup_steps=50-normalise_rewards=true-actor.hidden=[8,8]-300-seed0/config.toml").read_text()
        self.assertRegex(config, r"(?m)^warmup_steps = 50$")
        self.assertNotRegex((kept / "default-300-seed0/config.toml").read_text(), r"(?m)^warmup_steps = 50$")
        shown = self.table("show")[0]
        self.assertIn("`default-warmup_steps=50-normalise_rewards=true-actor.hidden=[8,8]`, 300 steps", shown)
        self.assertIn("--set=warmup_steps=50 --set=normalise_rewards=true '--set=actor.hidden=[8,8]'", shown)
        check = self.table("check", "--runs", str(self.folder / "runs"))[0]
        self.assertEqual(check.count("the same bits"), 2)

    def has_cairo(self):
        row = next(self.folder.glob("kept/*/*"))
        return subprocess.run([PROGRAM, "report", row, "--png", self.folder / "drawn.png"], capture_output=True).returncode == 0

    def test_pages_are_made_of_the_rows_that_are_there(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        shutil.copytree(self.folder / "kept/Pendulum-v1/default-300-seed0", self.folder / "kept/Pendulum-v1/of-no-list")
        self.table("pages", code=0 if self.has_cairo() else 2)
        self.assertEqual((self.folder / "pages/Pendulum-v1-300.png").exists(), self.has_cairo())
        page = (self.folder / "pages/Pendulum-v1-300.html").read_text()
        self.assertIn("mean of the last 2 tests", page)
        self.assertNotIn("of-no-list", page)
        self.assertIn("([curve](pages/Pendulum-v1-300.png)) | 1 |", (self.folder / "table.md").read_text())

    def test_pages_do_not_need_cairo(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["LinearQuadratic-v0", "Pendulum-v1"]\n')
        self.run_rows()
        program = self.folder / "no cairo"
        program.write_text(f'#!/bin/sh\ncase "$*" in *--png*) exit 1;; esac\nexec {shlex.quote(str(PROGRAM))} "$@"\n')
        program.chmod(0o755)
        self.assertIn("Pendulum-v1-300.png", self.table("pages", code=2, DDPG=str(program))[1])
        for task in "LinearQuadratic-v0", "Pendulum-v1":
            self.assertTrue((self.folder / f"pages/{task}-300.html").exists())

    def test_other_implementations_curves_stand_beside_ours(self):
        entry = '[[rows]]\npreset = "our-ddpg"\nsteps = 300\n'
        self.list(entry + 'seeds = [0]\ntasks = ["LinearQuadratic-v0"]\n'
                  + entry + 'settings = {warmup_steps = 1000, learning_starts = 1000}\nseeds = [0, 1]\ntasks = ["Pendulum-v1"]\n'
                  + entry + 'seeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        for peer in "sb3", "sbx":
            (self.folder / "peers" / peer).mkdir(parents=True)
            (self.folder / f"peers/{peer}/Pendulum-v1-300-seed0.csv").write_text("step,random_steps,evaluation_mean_return\n0,1000,-1500\n300,1000,-1600\n")
        self.table("pages", code=0 if self.has_cairo() else 2)  # where the program has no Cairo, this picture is made all the same
        picture = (self.folder / "pages/Pendulum-v1-300-1000-peers.svg").read_text()
        self.assertIn("our-ddpg, 1,000 random steps", picture)
        self.assertIn("ddpg.cpp, 2 seeds", picture)
        self.assertIn("Stable-Baselines3, 1 seed<", picture)
        self.assertIn("SBX, 1 seed<", picture)
        self.assertEqual(picture.count("polyline"), 3)
        (self.folder / "peers/sbx/Pendulum-v1-300-seed1.csv").write_text("step,random_steps,evaluation_mean_return\n0,7,-1500\n300,7,-1600\n")
        self.assertIn("Pendulum-v1-300-seed*.csv", self.table("pages", code=2)[1])
        (self.folder / "peers/sb3/Pendulum-v1-300-seed1.csv").write_text("step,evaluation_mean_return\n0,1\n")
        self.assertIn("seed1.csv lacks 'random_steps'", self.table("pages", code=2)[1])
        for file, text, named in (("Pendulum-v1-600-seed0", "0,1000,-1500\n300,1000,-1600", "the last evaluation is of step 300"),
                                  ("Pendulum-v1-300-seed1", "0,1000,-1500\n300,1000,inf", "1,000 random steps: a return is not finite")):
            (self.folder / f"peers/sb3/{file}.csv").write_text(f"step,random_steps,evaluation_mean_return\n{text}\n")
            self.assertIn(named, self.table("pages", code=2)[1])

    def test_another_implementation_is_asked_for_by_name(self):
        for wrong, named in (("sb4 Hopper-v5 5000 0", "sb3|sbx"), ("sb3 Hopper 5000 0", "not Hopper"), ("sb3 ../Hopper-v5 5000 0", "not ../Hopper-v5"),
                             ("sbx Hopper-v5 7000 0", "not 7000"), ("sbx Hopper-v5 many 0", "not many"), ("sbx Hopper-v5 5000 -1", "not -1"), ("sbx Hopper-v5 5000", "sb3|sbx")):
            process = subprocess.run([ROOT / "bench/peers/run", "curves", *wrong.split()], capture_output=True, text=True)
            self.assertEqual(process.returncode, 2, wrong)
            self.assertIn(named, process.stderr)

    def test_updates_are_repeated_between_two_checkpoints(self):
        for wrong, named in (("", "updates BEFORE AFTER"), ("README.md", "updates BEFORE AFTER"), ("README.md missing", "missing is no checkpoint")):
            process = subprocess.run([ROOT / "bench/peers/run", "updates", *wrong.split()], capture_output=True, text=True, cwd=ROOT)
            self.assertEqual(process.returncode, 2, wrong)
            self.assertIn(named, process.stderr)

    def test_other_bits_are_found(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        arguments = ["check", "--runs", str(self.folder / "runs")]
        self.assertIn("the same bits as at abc", self.table(*arguments)[0])
        progress = self.folder / "kept/Pendulum-v1/default-300-seed0/progress.csv"
        kept = load().evaluations(progress)
        progress.write_text(progress.read_text().replace(str(kept[300]), str(kept[300] + 1)))
        self.assertIn("OTHER bits", self.table(*arguments, code=1)[0])

    def test_a_row_that_was_stopped_is_resumed_to_the_same_bits(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 4000\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        process = self.start("run", "--runs", str(self.folder / "runs"), "--nice", "0")
        run = self.folder / "runs/Pendulum-v1/default-4000-seed0"
        deadline = time.monotonic() + 120
        while not (run / "progress.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        kept = self.folder / "kept/Pendulum-v1/default-4000-seed0"
        if not kept.exists():  # on a fast machine it may have finished; then it is compared below, too
            self.assertEqual(process.returncode, 130)
            self.assertIn(": resume", self.run_rows()[0])
        resumed = load().evaluations(kept / "progress.csv")
        (self.folder / "kept").rename(self.folder / "first")
        self.run_rows(runs="again")
        self.assertEqual(resumed, load().evaluations(kept / "progress.csv"))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
