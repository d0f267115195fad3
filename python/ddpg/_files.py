"""A training as one file: a .zip of its run folder."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

from ddpg._core import Error, UsageError


def with_ending(path: str | os.PathLike[str]) -> Path:
    target = Path(path)
    return target if target.suffix in (".zip", ".ddpg") else target.with_name(target.name + ".zip")


def pack(run: Path, path: Path) -> None:
    """Writes the folder `run` to the file `path`, whole or not at all; where a link stands, to what it leads to."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise UsageError(f"{path}: expected a file or nothing there; this is a folder, a device or a pipe")
    partial = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with open(partial, "wb") as written:
            with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
                for file in sorted(run.rglob("*")):
                    archive.write(file, file.relative_to(run))
            written.flush()
            os.fsync(written.fileno())  # else a power cut could leave the new name on an empty file, and the older one gone
        os.replace(partial, target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """The name in it is kept, too; where the system cannot say so of a folder, the file is whole all the same."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(number)
    except OSError:
        pass
    finally:
        os.close(number)


def unpack(source: Path) -> tempfile.TemporaryDirectory[str]:
    """The run that pack() wrote, in the folder "run" of a temporary one."""
    temporary = tempfile.TemporaryDirectory(prefix="ddpg-", ignore_cleanup_errors=True)
    try:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(Path(temporary.name) / "run")
    except zipfile.BadZipFile as error:
        cure = "; ddpg.load_policy() reads a policy" if source.suffix == ".ddpg" else ""
        raise Error(f"{source}: expected what save() wrote, a .zip of a run, found something else ({error}){cure}") from None
    if not (Path(temporary.name) / "run" / "config.toml").is_file():
        raise Error(f"{source}: expected what save() wrote, a .zip of a run, found one without a config.toml")
    return temporary
