"""The class DDPG: a training as users of Stable-Baselines3 know it, done by C++."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable

import numpy as np

from ddpg import _core, _sb3
from ddpg._core import UsageError
from ddpg._evaluation import Evaluation
from ddpg._files import pack, unpack, with_ending
from ddpg._progress import Bar, Callback, callbacks_of, write
from ddpg._settings import MADE_BY, WRAPPERS, of_world, own
from ddpg._spaces import as_actions
from ddpg._tasks import PREFIX, GymnasiumTask, id_of, is_native, is_vector, record, refuse_settings, refuse_to_make_again
from ddpg._vector import VectorTask

if TYPE_CHECKING:
    from typing import Unpack

    from ddpg._keywords import Keywords


class DDPG:
    """A training, and the policy that comes of it.

    env: the id of a task ("HalfCheetah-v5"; one that ddpg has itself runs without the interpreter), an environment of Gymnasium, or a
        function that makes one. A policy's name may stand before it, as Stable-Baselines3 has it.
    preset, seed: as `ddpg train --preset --seed`; ddpg.presets() lists them.
    native: False: never ddpg's own task of that id; True: that or nothing; None: where there is one.
    eval_env: where evaluations play, of a task of Gymnasium; made like `env` where it is not given.
    env_kwargs: what the environment is made with, by its id or by a function.
    run: the folder in which everything about the training is kept (docs/run-folder.md); None: a temporary one.
    records: what else is recorded there: "tensorboard", "jsonl".
    verbose: 1 tells on standard error how it goes.
    options: any option of docs/options.md, its dots as underscores: exploration_sigma=0.2; and what Stable-Baselines3 calls them.
    """

    def __init__(
        self,
        *given: Any,
        env: Any = None,
        policy: str | None = None,
        preset: str = "default",
        seed: int | None = 0,
        native: bool | None = None,
        eval_env: Any = None,
        env_kwargs: dict[str, Any] | None = None,
        run: str | os.PathLike[str] | None = None,
        records: Iterable[str] = (),
        verbose: int = 0,
        device: str = "auto",
        tensorboard_log: str | None = None,
        **options: Unpack[Keywords],
    ):
        env, policy = _sb3.environment_and_policy(given, env, policy)
        if device not in ("auto", "cpu"):
            raise UsageError(f"device={device!r}: ddpg computes on the processor; leave it out")
        self._run = None if run is None else Path(run)
        self._root = tensorboard_log
        self._records = {*records, *(["tensorboard"] if tensorboard_log else [])}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._begun = False
        self._policy: _core.Policy | None = None
        self.verbose = verbose
        self.num_timesteps = 0
        self.result: dict[str, Any] | None = None
        self._options = _core.Options(preset, seed=seed)
        self._take_task(env, native, eval_env, env_kwargs)
        for key, value in _sb3.translated(dict(options), *self._bounds(), policy is not None).items():
            _core.set_option(self._options, key, value)
        self._check_evaluations(asked=bool(options.get("evaluation_episodes")))
        if problems := _core.violations(self._options, self.specification):
            raise UsageError("\n".join(problems))

    def _take_task(self, env: Any, native: bool | None, eval_env: Any, settings: dict[str, Any] | None) -> None:
        self._task: GymnasiumTask | VectorTask | None = None
        settings = settings or {}
        if is_native(env, native):
            if eval_env is not None:
                raise UsageError(
                    f"eval_env: {env} is ddpg's own task, whose evaluations play in a copy of their own: leave eval_env out, or train on "
                    "Gymnasium's task by native=False"
                )
            self._options["environment"] = env
            for key, value in settings.items():
                _core.set_option(self._options, f"env.{key}", value)
            self.specification = _core.NativeEnvironment(self._options).specification
            return
        if is_vector(env):
            refuse_settings(own(settings))
            self._task = VectorTask(env, eval_env)
            self._options["environments"] = self._task.environments
        else:
            self._task = GymnasiumTask(env, eval_env, settings)
        self.specification = self._task.specification
        self._options["environment"] = self.specification.name
        record(self._task.recorded, self._options)
        for key, value in settings.items():
            if key.startswith(WRAPPERS):
                _core.set_option(self._options, f"env.{key}", value)

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array(self.specification.action_low), np.array(self.specification.action_high)

    def _check_evaluations(self, asked: bool) -> None:
        if self._task is None or self._task.can_evaluate() or self._options["evaluation_episodes"] == 0:
            return
        one = isinstance(self._task, GymnasiumTask)  # the copies of a vector are stepped together, tests too
        if one and self._options["evaluate_on"] == "training":
            return
        if asked:
            raise UsageError(
                "evaluation_episodes: the environment is one object without a spec, so that no second one can be made for evaluations: "
                "give eval_env=..., or a function that makes the environment" + (', or evaluate_on="training"' if one else "")
            )
        self._options["evaluation_episodes"] = 0

    # --- learning ---------------------------------------------------------------------------------------------------------

    def learn(
        self,
        total_timesteps: int | None = None,
        callback: Callback | Iterable[Callback] | None = None,
        log_interval: int | None = None,
        tb_log_name: str | None = None,
        reset_num_timesteps: bool = True,
        progress_bar: bool = False,
    ) -> DDPG:
        """Trains for so many steps more; None: for as many as were asked for, or as the task suggests.

        callback: called with each row of progress, a dict (ddpg.metrics() tells what is in it) with the policy of that moment as
            "policy"; what returns False ends the training there. An exception in it ends it too, and comes back.
        progress_bar: shows how far it is: tqdm's bar where tqdm is there, else a line.
        log_interval, tb_log_name and reset_num_timesteps are Stable-Baselines3's, and change nothing.
        Ctrl-C saves and raises KeyboardInterrupt; learn() again continues to the same bits.
        """
        del log_interval, tb_log_name, reset_num_timesteps
        if total_timesteps is not None:
            self._options["steps"] = self.num_timesteps + int(total_timesteps)
        callbacks = callbacks_of(callback)

        def progressed(row: dict[str, Any], policy: _core.Policy) -> Any:
            self._policy, self.num_timesteps = policy, row["step"]
            row["policy"] = policy
            # all are called, whatever one says
            return not any([called(row) is False for called in callbacks])

        def opened(folder: str) -> None:
            self._run, self._begun = Path(folder), True

        bar = Bar(self.num_timesteps, self._options["steps"]) if progress_bar else None
        try:
            result = _core.train(
                self._options,
                self._task.core if self._task else None,
                run=self._folder(),
                root=self._root or "runs",
                resumes=self._begun,
                records=self._records,
                opened=opened,
                progressed=progressed,
                stepped=bar,
                write=write if self.verbose else None,
            )
        except UsageError as error:
            if self._begun or not self._holds_a_run():
                raise
            # the run in the folder is someone else's
            raise UsageError(f"{error}. In Python ddpg.DDPG.load({str(self._run)!r}) continues the run in it") from None
        finally:
            if bar:
                bar.close()
            self._begun = self._begun and self._holds_a_run()
        self._take_result(result)
        return self

    def _folder(self) -> str:
        if self._run is None and self._root is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="ddpg-", ignore_cleanup_errors=True)
            self._run = Path(self._temporary.name) / "run"
        return "" if self._run is None else str(self._run)

    def _holds_a_run(self) -> bool:
        return self._run is not None and (self._run / "config.toml").exists()

    def _take_result(self, result: dict[str, Any]) -> None:
        self._policy, self.num_timesteps = result.pop("policy"), result["steps"]
        self._run, self._begun = Path(result["run"]), True
        for moment in ("before", "after"):
            result[moment] = Evaluation(**result[moment])
        self.result = result
        if result.pop("signalled"):
            signal.raise_signal(signal.SIGINT)  # Python's own handler: KeyboardInterrupt

    # --- using what was learnt --------------------------------------------------------------------------------------------

    @property
    def policy(self) -> _core.Policy:
        """The policy as it is now."""
        if self._policy is None:
            small = self._options.copy()
            small["replay_capacity"] = max(small["batch_size"], small["environments"])  # no transition is stored here
            self._policy = _core.Agent(small, self.specification).policy()
        return self._policy

    @property
    def best_policy(self) -> _core.Policy:
        """The policy of the best evaluation so far."""
        if self.run is None:
            raise UsageError("there is no best policy yet: learn() first")
        return _core.Policy.load(str(self.run / "best.ddpg"))

    def predict(
        self, observation: Any, state: Any = None, episode_start: Any = None, deterministic: bool = True
    ) -> tuple[np.ndarray, Any]:
        """The action for an observation, or for each of several, and `state` as it was given: a deterministic policy has none."""
        del episode_start, deterministic
        if self._task is None:
            return self.policy(observation), state
        space, flatten, actions = self._task.observation_space, self._task.flatten, self._task.action_space
        if flatten is not None:
            return as_actions(actions, self.policy(flatten(observation))), state
        observation = np.asarray(observation)
        if observation.shape == space.shape:
            return as_actions(actions, self.policy(observation.ravel())), state
        if observation.shape[1:] != space.shape:
            raise UsageError(f"predict: expected an observation of shape {space.shape}, or rows of them, found {observation.shape}")
        return as_actions(actions, self.policy(observation.reshape(len(observation), -1))), state

    def to_torch(self) -> Any:
        """The actor as it is now, as a torch.nn.Module from observations to actions."""
        return self.policy.to_torch()

    def evaluate(self, episodes: int = 10, seed: int | None = None, index: int = 0) -> Evaluation:
        """Plays test episodes without noise; the same seed and index give the same starting states."""
        seed = int(self._options["seed"] if seed is None else seed)
        task = self._task.core if self._task else None
        return Evaluation(**_core.evaluate(self.policy, self._options, task, episodes, seed, index))

    @property
    def options(self) -> _core.Options:
        """Every option in force."""
        return self._options.copy()

    @property
    def run(self) -> Path | None:
        """The folder of the run; None before the first learn()."""
        return self._run if self._begun else None

    @property
    def history(self) -> dict[str, np.ndarray]:
        """Every row of progress so far, by column; NaN where nothing was measured."""
        if self.run is None:
            return {}
        rows = np.genfromtxt(self.run / "progress.csv", delimiter=",", names=True, ndmin=1)
        return {name: rows[name] for name in rows.dtype.names or ()}

    def close(self) -> None:
        """Closes the environments that were made here, and removes a temporary run."""
        if self._task:
            self._task.close()
        if self._temporary:
            self._temporary.cleanup()

    # --- files ------------------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Everything, in one file: a .zip of the run folder, from which load() continues to the same bits. As .ddpg: the policy alone."""
        target = with_ending(path)
        if target.suffix == ".ddpg":
            self.policy.save(str(target))
            return
        if self.run is None:
            raise UsageError("save: nothing was learnt yet; a policy that was not trained can be saved as .ddpg")
        pack(self.run, target)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        env: Any = None,
        *,
        eval_env: Any = None,
        env_kwargs: dict[str, Any] | None = None,
        verbose: int = 0,
        device: str = "auto",
        **options: Unpack[Keywords],
    ) -> DDPG:
        """What save() wrote, or the folder of a run, to be used or trained on.

        env: the task it was trained on, where it is given; without it the task is made as the run's config says.
        env_kwargs: what an `env` that is a function is called with.
        options: those that may change in the middle of a training, such as threads or steps.
        """
        source = Path(path)
        if not source.exists():
            source = with_ending(path)
        if not source.exists():
            raise FileNotFoundError(f"{source}: there is no such run, and no such file")
        temporary = None
        if source.is_file():
            temporary = unpack(source)
            source = Path(temporary.name) / "run"
        config = source / "config.toml"
        if not config.is_file():
            raise FileNotFoundError(f"{source}: expected the folder of a run, found no config.toml in it")
        kept = _core.Options.from_toml(config.read_text(), str(config))
        name = kept["environment"]
        if env is None and MADE_BY in kept.env:
            raise refuse_to_make_again(kept.env[MADE_BY], str(path))
        if env is None or name == id_of(env):  # ddpg's own task, as an object of Gymnasium too
            env = name.removeprefix(PREFIX)
        if isinstance(env, str):
            if env_kwargs:
                raise UsageError("env_kwargs: the run keeps its own, and a task by id is made with them; leave them out")
            env_kwargs = {key: value for key, value in kept.env.items() if key != MADE_BY}
        agent = cls(
            env,
            native=isinstance(env, str) and not name.startswith(PREFIX),
            eval_env=eval_env,
            env_kwargs=env_kwargs,
            run=source,
            verbose=verbose,
            device=device,
        )
        agent._check_same_task(kept, str(path))
        agent._options, agent._temporary = kept, temporary
        agent._change(_sb3.translated(dict(options), *agent._bounds(), False))
        agent._begun = True
        if (source / "policy.ddpg").exists():
            agent._policy = _core.Policy.load(str(source / "policy.ddpg"))
            agent.num_timesteps = agent._policy.provenance["step"]
        return agent

    def _check_same_task(self, kept: _core.Options, path: str) -> None:
        name, found = kept["environment"], self.options["environment"]
        if found != name:
            raise UsageError(f"{path} was trained on {name}, and env is {found}: DDPG(env, initial_run=...) begins with its networks")
        recorded = {} if self._task is None else self._task.recorded
        if self._task is None or MADE_BY in recorded:
            return
        before, now = (of_world(settings, name.removeprefix(PREFIX)) for settings in (own(kept.env), recorded))
        if before and before != now:
            raise UsageError(
                f"{path} was trained in a world made with the settings {before}, and env was made with {now}: "
                "DDPG(env, initial_run=...) begins with its networks"
            )

    def _change(self, changes: dict[str, Any]) -> None:
        """Takes the options that a training may be resumed with; refuses others."""
        if not changes:
            return
        before = self._options.copy()
        preset = changes.pop("preset", before["preset"])
        for key, value in changes.items():
            _core.set_option(self._options, key, value)
        rows = _core.option_table()
        fixed = [row["keyword"] for row in rows if not row["may_change"] and repr(self._options[row["name"]]) != repr(before[row["name"]])]
        fixed += [] if preset == before["preset"] else ["preset"]
        fixed += [] if self._options.env == before.env else ["env.*"]
        if fixed:
            free = ", ".join(row["keyword"] for row in rows if row["may_change"])
            raise UsageError(
                f"load: {', '.join(fixed)}: a training is resumed with its own; only {free} may be given. "
                "DDPG(env, initial_run=...) begins another training with its networks"
            )
        if problems := _core.violations(self._options, self.specification):
            raise UsageError("\n".join(problems))

    def __repr__(self) -> str:
        return f"<ddpg.DDPG on {self.specification.name}, step {self.num_timesteps}>"


DDPG.__doc__ = (DDPG.__doc__ or "") + "\n    " + "\n    ".join(f"{row['keyword']}: {row['doc']}" for row in _core.option_table())


__all__ = ["DDPG", "Evaluation"]
