"""Room, files and filesystem of the folders that nnU-Net reads and writes: statvfs(3), the mount table."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from nndoctor.facts import Missing
from nndoctor.machine.mounts import Mount, mount_of, mounts
from nndoctor.machine.probe import Answer, Probe, answer, ask, seen, unknown

FOLDERS: Mapping[str, str] = {
    "nnUNet_raw": "raw",
    "nnUNet_preprocessed": "preprocessed",
    "nnUNet_results": "results",
    "TMPDIR": "tmp",
}
_PARTS = ("total", "free", "inodes_free", "filesystem", "remote", "readonly")


def disk_probes(folders: Mapping[str, Path] | None = None, root: Path = Path("/")) -> list[Probe]:
    """One probe per folder, so that a hanging network drive silences only itself.

    `folders` maps nnU-Net's variable, or its short name (raw, preprocessed, results, tmp), to a path; what it leaves
    out is taken from the environment. Raises ValueError for another name.
    """
    known = {**_from_environment(os.environ), **_by_short_name(folders or {})}
    return [Probe(_names(short), partial(disk_facts, short, known.get(short), root)) for short in FOLDERS.values()]


def disk_facts(short: str, folder: Path | None, root: Path = Path("/")) -> Iterator[Answer]:
    """The six facts of one folder; sizes in bytes. Nothing is written to it.

    The kind of a network drive comes first, by the folder's name alone: a dead drive gives no other answer.
    """
    names = _names(short)
    if folder is None:
        yield from unknown(names, "the folder is not known: its variable is not set")
        return
    table = mounts(root)
    named = mount_of(folder.absolute(), table)
    if named is not None and named.remote:
        yield from _kind(names, named, folder)
    if not folder.exists():
        yield from unknown(names, f"{str(folder)!r} does not exist")
        return
    mount = mount_of(folder.resolve(), table) or named
    yield from [*_room(names, folder), *_kind(names, mount, folder), _readonly(names[5], folder, mount)]


def _names(short: str) -> tuple[str, ...]:
    return tuple(f"disk.{short}_{part}" for part in _PARTS)


def _from_environment(env: Mapping[str, str]) -> dict[str, Path]:
    temporary = env.get("TMPDIR") or env.get("TEMP") or env.get("TMP") or "/tmp"
    given = {short: env.get(variable) for variable, short in FOLDERS.items()} | {"tmp": temporary}
    return {short: Path(folder) for short, folder in given.items() if folder}


def _by_short_name(folders: Mapping[str, Path]) -> dict[str, Path]:
    named = {FOLDERS.get(name, name): Path(folder) for name, folder in folders.items()}
    if strange := sorted(set(named) - set(FOLDERS.values())):
        raise ValueError(f"unknown folders {strange}; known: {', '.join([*FOLDERS, *FOLDERS.values()])}")
    return named


def _room(names: tuple[str, ...], folder: Path) -> list[Answer]:
    where = str(folder)
    return [
        ask(names[0], lambda: shutil.disk_usage(folder).total, where, ""),
        ask(names[1], lambda: shutil.disk_usage(folder).free, where, ""),
        ask(names[2], lambda: _inodes(folder), where, "this filesystem sets no number of files"),
    ]


def _inodes(folder: Path) -> int | None:
    """None where the filesystem counts none: btrfs and many network drives report 0 of 0; Windows has no statvfs."""
    if not hasattr(os, "statvfs"):
        return None
    stat = os.statvfs(folder)
    return stat.f_favail if stat.f_files else None


def _kind(names: tuple[str, ...], mount: Mount | None, folder: Path) -> list[Answer]:
    if mount is None:
        return unknown(names[3:5], f"no mount of {str(folder)!r} is listed")
    where = f"mount table, {mount.point}"
    return [
        answer(names[3], mount.filesystem or None, where, "the mount table names no filesystem"),
        answer(names[4], mount.remote, where, ""),
    ]


def _readonly(name: str, folder: Path, mount: Mount | None) -> Answer:
    """Read-only by statvfs: macOS lists its system volume as read-only, and shows the writable one through it."""
    try:
        return seen(name, bool(os.statvfs(folder).f_flag & os.ST_RDONLY), str(folder))
    except (AttributeError, OSError):
        if mount is None:
            return Missing(name, f"no mount of {str(folder)!r} is listed")
        return seen(name, "ro" in mount.options, f"mount table, {mount.point}")
