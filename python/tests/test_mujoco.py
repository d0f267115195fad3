"""ddpg's tasks on MuJoCo: its library is that of the package mujoco-core, found at run time."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ddpg


def script(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)


def test_the_tasks_are_ddpgs_own_and_train(small):
    agent = ddpg.DDPG("HalfCheetah-v5", seed=1, **small).learn(300)
    assert "gymnasium" not in str(agent.specification) and agent.specification.observation_size == 17
    assert math.isfinite(agent.evaluate(1).mean_return)


@pytest.mark.parametrize("order", ["import ddpg, mujoco", "import mujoco, ddpg"])
def test_the_library_is_one_copy_with_the_users_own_mujoco(order):
    done = script(
        f"{order}\n"
        "ddpg.NativeEnvironment(ddpg.Options(environment='Hopper-v5')).reset()\n"
        "mujoco.mj_step(model := mujoco.MjModel.from_xml_string('<mujoco/>'), mujoco.MjData(model))\n"
        "print(len({line.split()[-1] for line in open('/proc/self/maps') if 'libmujoco' in line}))\n"
        "try: mujoco.MjModel.from_xml_string('<mujoco><nonsense/></mujoco>')\n"
        "except ValueError as error: print('nonsense' in str(error))\n"
    )
    assert done.stdout.split() == ["1", "True"], done.stderr


def test_a_model_of_ones_own_and_a_wrong_one(tmp_path):
    (tmp_path / "bad.xml").write_text("<mujoco><nonsense/></mujoco>")
    with pytest.raises(ddpg.Error, match="nonsense"):
        ddpg.DDPG("Hopper-v5", env_kwargs={"xml_file": str(tmp_path / "bad.xml")})


@pytest.mark.parametrize(
    "file, said",
    [("", "pip install mujoco-core=="), ("/nowhere/libmujoco.so", "cannot load /nowhere/libmujoco.so"), (sys.executable, "cannot load")],
)
def test_without_the_library_it_is_said_how_to_get_it(file, said):
    done = script(
        "import ddpg\n"
        f"ddpg._core.use_mujoco_library({file!r})\n"
        "for native in (True, None):\n"
        "    try: print(ddpg.DDPG('HalfCheetah-v5', native=native).specification.name)\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    first, second = done.stdout.splitlines()
    assert first.startswith("Error [mujoco]") and said in first, done.stdout + done.stderr
    assert not second.startswith("Error")  # it is Gymnasium's own then, which says for itself what it needs


def test_vectors_of_them_on_several_threads_repeat():
    def played(threads):
        world = ddpg.NativeEnvironment(ddpg.Options(environment="Walker2d-v5"), copies=3, seed=2, threads=threads)
        world.reset()
        for _ in range(30):
            world.step(np.full((3, 6), 0.3))
        return world.observations

    np.testing.assert_array_equal(played(1), played(2))


def test_the_versions_are_those_that_ddpg_was_built_for():
    from importlib.metadata import requires, version

    (pinned,) = [text.split("==")[1].split(";")[0].strip() for text in requires("ddpg") or [] if text.startswith("mujoco-core==")]
    assert version("mujoco-core") == pinned and Path(ddpg._mujoco.library()).name == f"libmujoco.so.{pinned}"
