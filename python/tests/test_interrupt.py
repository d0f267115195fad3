"""Ctrl-C: it stops at once, saves, and Python hears of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

import pytest

SCRIPT = """
    import signal, sys, ddpg
    import gymnasium

    agent = ddpg.DDPG({env}, run=sys.argv[1], seed=0, evaluation_interval=0, evaluation_episodes=0, log_interval=500, {more})
    try:
        agent.learn(100_000_000, callback=lambda row: print(row["step"], flush=True))
    except KeyboardInterrupt:
        print("interrupted", agent.num_timesteps, agent.result["outcome"], flush=True)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    done = agent.num_timesteps
    agent.learn(100)
    print("went on", agent.num_timesteps - done, flush=True)
"""


def hear_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell has what it starts in the background ignore it, and all that this starts


@pytest.mark.parametrize(
    "env, more",
    [("'Pendulum-v1'", ""), ("'Pendulum-v1'", "native=False"), ("lambda: gymnasium.make('Pendulum-v1')", "environments=2, threads=2")],
)
def test_ctrl_c_stops_saves_and_raises(tmp_path, env, more):
    script = textwrap.dedent(SCRIPT).format(env=env, more=more)
    process = subprocess.Popen([sys.executable, "-c", script, tmp_path / "run"], stdout=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    lines = process.stdout.read().splitlines()
    assert process.wait() == 0
    told = [line for line in lines if not line.isdigit()]
    assert told[0].startswith("interrupted") and told[0].endswith("interrupted") and int(told[0].split()[1]) > 0
    assert told[1] == "went on 100"


def test_a_handler_of_the_users_own_is_called(tmp_path):
    script = textwrap.dedent("""
        import os, signal, ddpg
        signal.signal(signal.SIGINT, lambda *_: print("mine"))
        agent = ddpg.DDPG("Pendulum-v1", evaluation_episodes=0, log_interval=500)
        agent.learn(100_000_000, callback=lambda row: os.kill(os.getpid(), signal.SIGINT) if row["step"] == 500 else None)
        print(agent.result["outcome"])
    """)
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["mine", "interrupted"]
