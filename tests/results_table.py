"""bench/results/table on a small list of its own: rows are made, a row that died is resumed to the same bits, and its statistics are rliable's.

    python3 tests/results_table.py PROGRAM
"""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

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


class Rows(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name)
        self.addCleanup(self.scratch.cleanup)

    def list(self, text):
        (self.folder / "list.toml").write_text(text)

    def start(self, *arguments):
        environment = os.environ | {"DDPG": PROGRAM, "COMMIT": "abc", "RESULTS_LIST": str(self.folder / "list.toml"), "RESULTS_TABLE": str(self.folder / "kept")}
        return subprocess.Popen([sys.executable, SCRIPT, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def table(self, *arguments, code=0):
        process = self.start(*arguments)
        out, error = process.communicate()
        if code is not None:
            self.assertEqual(process.returncode, code, out + error)
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
        self.assertIn("| [Pendulum-v1](results/pages/Pendulum-v1.html) | 2 |", shown)
        self.assertIn("./ddpg train TASK --preset default --steps 300 --seed N", shown)

    def test_an_entry_adds_settings_to_its_preset(self):
        self.list('[[rows]]\npreset = "default"\nsettings = {warmup_steps = 50, batch_size = 8}\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n'
                  '[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        kept = self.folder / "kept/Pendulum-v1"
        config = (kept / "default-warmup_steps=50-batch_size=8-300-seed0/config.toml").read_text()
        self.assertRegex(config, r"(?m)^warmup_steps = 50$")
        self.assertNotRegex((kept / "default-300-seed0/config.toml").read_text(), r"(?m)^warmup_steps = 50$")
        shown = self.table("show")[0]
        self.assertIn("`default-warmup_steps=50-batch_size=8`, 300 steps", shown)
        self.assertIn("--set=warmup_steps=50 --set=batch_size=8", shown)
        check = self.table("check", "--runs", str(self.folder / "runs"), "--steps", "300")[0]
        self.assertEqual(check.count("the same bits"), 2)

    def test_pages_are_made_of_the_rows_that_are_there(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        error = self.table("pages", code=None)[1]
        page, picture = (self.folder / "pages" / f"Pendulum-v1.{ending}" for ending in ("html", "png"))
        self.assertTrue("Cairo" in error or page.exists() and picture.exists(), error)
        self.assertIn("| [Pendulum-v1](pages/Pendulum-v1.html) | 1 |", (self.folder / "table.md").read_text())

    def test_another_implementations_curves_stand_beside_ours(self):
        entry = '[[rows]]\npreset = "our-ddpg"\nsteps = 300\n'
        self.list(entry + 'seeds = [0]\ntasks = ["LinearQuadratic-v0"]\n'
                  + entry + 'settings = {warmup_steps = 1000, learning_starts = 1000}\nseeds = [0, 1]\ntasks = ["Pendulum-v1"]\n'
                  + entry + 'seeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        (self.folder / "peers").mkdir()
        (self.folder / "peers/Pendulum-v1-300-seed0.csv").write_text("step,evaluation_mean_return\n0,-1500\n300,-1600\n")
        self.table("pages", code=None)  # where the program has no Cairo, this picture is made all the same
        picture = (self.folder / "pages/Pendulum-v1-peers.svg").read_text()
        self.assertIn("our-ddpg, 1,000 random steps", picture)
        self.assertIn("ddpg.cpp, 2 seeds", picture)
        self.assertIn("Stable-Baselines3, 1 seed<", picture)
        self.assertEqual(picture.count("polyline"), 2)

    def test_other_bits_are_found(self):
        self.list('[[rows]]\npreset = "default"\nsteps = 300\nseeds = [0]\ntasks = ["Pendulum-v1"]\n')
        self.run_rows()
        arguments = ["check", "--runs", str(self.folder / "runs"), "--steps", "300"]
        self.assertIn("the same bits as at abc", self.table(*arguments)[0])
        progress = self.folder / "kept/Pendulum-v1/default-300-seed0/progress.csv"
        kept = load().evaluations(progress.parent)
        progress.write_text(progress.read_text().replace(str(kept[0][1]), str(kept[0][1] + 1)))
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
        resumed = load().evaluations(kept)
        (self.folder / "kept").rename(self.folder / "first")
        self.run_rows(runs="again")
        self.assertEqual(resumed, load().evaluations(kept))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
