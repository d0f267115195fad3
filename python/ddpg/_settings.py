"""Settings of an environment of Gymnasium in the config of a run, from which the same world is made again."""

from __future__ import annotations

from typing import Any, Mapping

from ddpg import _core
from ddpg._core import UsageError

MADE_BY = "made_by"  # in the place of settings: the world was made by a program, and no config makes it again
WRAPPERS = "wrap."  # those of ddpg around the environment: they are none of its settings
UNSEEN = ("render_mode",)  # what shows the world and changes nothing of it
HARMLESS = ("OrderEnforcing", "PassiveEnvChecker", "RecordEpisodeStatistics", "RecordVideo", "HumanRendering")  # likewise
OF_A_VECTOR = ("num_envs", "vectorization_mode", "vector_kwargs")


def plain(value: Any) -> Any:
    """Numbers and arrays of NumPy as those of Python, tuples as lists."""
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return [plain(element) for element in value] if isinstance(value, (list, tuple)) else value


def as_option(value: Any) -> Any:
    """What makes an option env.* that is read back as `value`; None where no such option is."""
    value = plain(value)
    if not isinstance(value, (bool, int, float, str, list)):
        return None
    for written in (value, f'"{value}"') if isinstance(value, str) else (value,):
        options = _core.Options()
        _core.set_option(options, "env.it", written)
        if options.env == {"it": value}:
            return written
    return None


def own(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the environment itself."""
    return {key: value for key, value in settings.items() if key != MADE_BY and not key.startswith(WRAPPERS)}


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`settings`, as plain values, where all of them can be kept in a config."""
    settings = {key: value for key, value in settings.items() if key not in UNSEEN}
    for key, value in settings.items():
        if as_option(value) is None:
            raise UsageError(
                f"env_kwargs: {key}={value!r} cannot be kept in the run's config.toml, which holds numbers, truth values, texts and lists "
                "of numbers. Leave it out where it is the default, or give a function that makes the environment, such as "
                f"DDPG(lambda: gymnasium.make(..., {key}=...))"
            )
    return {key: plain(value) for key, value in settings.items()}


def of_world(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """`settings` without those that change nothing of the world that gymnasium.make(name) makes."""
    from gymnasium.envs.registration import registry

    defaults: dict[str, Any] = {}
    registered: Any = registry.get(name)
    if registered is not None:
        limit = registered.max_episode_steps
        defaults = {**registered.kwargs, "max_episode_steps": -1 if limit is None else limit}
    return {key: value for key, value in settings.items() if key not in UNSEEN and (key not in defaults or plain(defaults[key]) != plain(value))}


def of_object(env: Any) -> dict[str, Any]:
    """The settings with which gymnasium.make(its id) makes this environment again; where none do, MADE_BY with the reason."""
    spec: Any = getattr(env, "spec", None)
    if not getattr(spec, "id", ""):
        return {MADE_BY: "an object without a spec"}
    from gymnasium.envs.registration import registry

    if spec.id not in registry:
        return {MADE_BY: "an object whose id is not registered"}
    given = {key: value for key, value in spec.kwargs.items() if key not in OF_A_VECTOR}
    wrappers = [wrapper.name for wrapper in getattr(spec, "additional_wrappers", ()) if wrapper.name not in HARMLESS]
    if hasattr(env, "num_envs") and env.unwrapped is not env:  # the wrappers of a vector are not in its spec
        wrappers.append(type(env).__name__)
    wrappers += [getattr(wrapper, "__name__", "wrappers") for wrapper in given.pop("wrappers", None) or ()]
    if wrappers:
        return {MADE_BY: f"an object in wrappers ({', '.join(wrappers)})"}
    given["max_episode_steps"] = -1 if spec.max_episode_steps is None else spec.max_episode_steps
    settings = {}
    for key, value in of_world(given, spec.id).items():
        if as_option(value) is None:
            return {MADE_BY: f"an object whose setting {key} cannot be kept in a config"}
        settings[key] = plain(value)
    return settings
