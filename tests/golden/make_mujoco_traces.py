"""Records Gymnasium's MuJoCo tasks for tests/envs/mujoco/parity_test.cpp.

  make_mujoco_traces.py FOLDER            a few short rollouts of each task: the files kept in tests/golden/mujoco
  make_mujoco_traces.py FOLDER STATES     so many states and 1,000 steps of each: what tests/mujoco_parity.sh compares with

Each task is recorded with its default options and with changed ones. Needs tests/golden/mujoco_requirements.txt; MuJoCo may leave
a file MUJOCO_LOG.TXT in the working directory.

A file is little-endian: a line of JSON (task, settings, sizes, names of reward parts), then for each rollout the positions and
velocities it starts from and its first observation, then for each step: action (float32), observation, reward, reward parts
(float64), terminated (uint8).
"""
import json
import pathlib
import sys

import gymnasium
import mujoco
import numpy as np

CHANGED = {
    "Ant-v5": dict(forward_reward_weight=2.0, ctrl_cost_weight=0.25, contact_cost_weight=1e-3, healthy_reward=0.5, main_body="front_left_leg",
                   terminate_when_unhealthy=False, healthy_z_range=[0.3, 0.9], contact_force_range=[-0.5, 0.75], frame_skip=3,
                   exclude_current_positions_from_observation=False, include_cfrc_ext_in_observation=False, reset_noise_scale=0.2),
    "HalfCheetah-v5": dict(forward_reward_weight=0.5, ctrl_cost_weight=0.3, frame_skip=2, reset_noise_scale=0.2,
                           exclude_current_positions_from_observation=False),
    "Hopper-v5": dict(forward_reward_weight=1.5, ctrl_cost_weight=0.01, healthy_reward=2.0, healthy_state_range=[-5.0, 5.0],
                      healthy_z_range=[0.5, 1.3], healthy_angle_range=[-0.5, 0.4], reset_noise_scale=0.01, frame_skip=5,
                      exclude_current_positions_from_observation=False),
    "Humanoid-v5": dict(forward_reward_weight=2.0, ctrl_cost_weight=0.05, contact_cost_weight=1e-5, contact_cost_range=[0.5, 4.0],
                        healthy_reward=3.0, terminate_when_unhealthy=False, healthy_z_range=[1.1, 1.9], frame_skip=4,
                        exclude_current_positions_from_observation=False, include_cinert_in_observation=False,
                        include_qfrc_actuator_in_observation=False),
    "HumanoidStandup-v5": dict(ctrl_cost_weight=0.2, impact_cost_weight=1e-6, impact_cost_range=[-1.0, 5.0], uph_cost_weight=3.0,
                               exclude_current_positions_from_observation=False, include_cvel_in_observation=False,
                               include_cfrc_ext_in_observation=False),
    "InvertedDoublePendulum-v5": dict(healthy_reward=7.0, reset_noise_scale=0.05, frame_skip=3),
    "InvertedPendulum-v5": dict(reset_noise_scale=0.03, frame_skip=3),
    "Pusher-v5": dict(reward_near_weight=0.7, reward_dist_weight=2.0, reward_control_weight=0.3, frame_skip=4),
    "Reacher-v5": dict(reward_dist_weight=3.0, reward_control_weight=0.2, frame_skip=3),
    "Swimmer-v5": dict(forward_reward_weight=2.0, ctrl_cost_weight=0.01, exclude_current_positions_from_observation=False, frame_skip=2),
    "Walker2d-v5": dict(xml_file="walker2d.xml", forward_reward_weight=0.7, ctrl_cost_weight=0.02, healthy_reward=0.3,
                        terminate_when_unhealthy=False, healthy_z_range=[0.9, 1.8], healthy_angle_range=[-0.3, 0.6],
                        exclude_current_positions_from_observation=False),
}
PARTS = {
    "Ant-v5": ["reward_forward", "reward_survive", "reward_ctrl", "reward_contact"],
    "HalfCheetah-v5": ["reward_forward", "reward_ctrl"],
    "Hopper-v5": ["reward_forward", "reward_survive", "reward_ctrl"],
    "Humanoid-v5": ["reward_survive", "reward_forward", "reward_ctrl", "reward_contact"],
    "HumanoidStandup-v5": ["reward_linup", "reward_quadctrl", "reward_impact"],
    "InvertedDoublePendulum-v5": ["reward_survive", "distance_penalty", "velocity_penalty"],
    "InvertedPendulum-v5": ["reward_survive"],
    "Pusher-v5": ["reward_dist", "reward_ctrl", "reward_near"],
    "Reacher-v5": ["reward_dist", "reward_ctrl"],
    "Swimmer-v5": ["reward_forward", "reward_ctrl"],
    "Walker2d-v5": ["reward_forward", "reward_survive", "reward_ctrl"],
}


def inject(environment, qpos, qvel):
    """The same start as MujocoEnvironment::set_state: everything else of the simulation as after a reset."""
    base = environment.unwrapped
    mujoco.mj_resetData(base.model, base.data)
    base.set_state(qpos, qvel)
    return base._get_obs()


def record(task, settings, file, rollouts, steps, random):
    # without wrappers: nothing checks, counts or stops, and a terminated episode may go on
    keywords = {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
    environment = gymnasium.make(task, disable_env_checker=True, **keywords).unwrapped
    low, high = environment.action_space.low, environment.action_space.high
    parts = PARTS[task]
    environment.reset(seed=int(random.integers(2**31)))
    model = environment.model
    head = dict(task=task, settings=settings, nq=int(model.nq), nv=int(model.nv), observation_size=int(environment.observation_space.shape[0]),
                action_size=int(model.nu), parts=parts, rollouts=rollouts, steps=steps, gymnasium=gymnasium.__version__, mujoco=mujoco.__version__)
    file.write(json.dumps(head).encode() + b"\n")
    for _ in range(rollouts):
        environment.reset()
        qpos, qvel = environment.data.qpos.copy(), environment.data.qvel.copy()
        file.write(qpos.tobytes() + qvel.tobytes() + inject(environment, qpos, qvel).tobytes())
        for _ in range(steps):
            # one in four beyond the bounds
            reach = 1.5 if random.random() < 0.25 else 1.0
            action = random.uniform(reach * low, reach * high).astype(np.float32)
            observation, reward, terminated, truncated, info = environment.step(action)
            assert not truncated and np.isfinite(observation).all()
            file.write(action.tobytes() + observation.astype(np.float64).tobytes() + np.float64(reward).tobytes())
            file.write(np.array([info[name] for name in parts], np.float64).tobytes() + np.uint8(terminated).tobytes())


def main():
    folder = pathlib.Path(sys.argv[1])
    states = int(sys.argv[2]) if len(sys.argv) > 2 else None
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20 if states else 2)
    for task, changed in CHANGED.items():
        large = "Humanoid" in task
        rollouts, steps = (states, 1000) if states else (2, 4 if large else 15)
        for kind, settings in (("default", {}), ("changed", changed)):
            with open(folder / f"{task}-{kind}.trace", "wb") as file:
                record(task, settings, file, rollouts, steps, random)
            print(task, kind, flush=True)


main()
