"""Limits of the control group: kernel docs admin-guide/cgroup-v2 and cgroup-v1/{cgroups,memory,pids}, sched-bwc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from nndoctor.facts import Missing
from nndoctor.machine.mounts import Mount, mounts
from nndoctor.machine.probe import Answer, answer, seen, unknown

NAMES = (
    "cgroup.version",
    "cgroup.memory_limit",
    "cgroup.memory_used",
    "cgroup.memory_peak",
    "memory.oom_kills",
    "cgroup.cpu_quota",
    "cgroup.pids_limit",
    "cgroup.pids_used",
)
_FILES = {
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"),
    2: ("memory.max", "memory.current", "memory.peak", "memory.events"),
}
_UNLIMITED = 1 << 60  # v1 writes "no limit" as the largest multiple of the page size below 2**63


class Group(NamedTuple):
    """This process's group under one controller: its folder, then those above it, which bind it too."""

    version: int
    levels: tuple[Path, ...]


class _Bound(NamedTuple):
    value: float
    level: Path


def cgroup_facts(root: Path = Path("/")) -> list[Answer]:
    """Memory in bytes, CPU quota in cores, kills by the OOM killer. What is unlimited is missing, with that reason."""
    if not (root / "proc/self/cgroup").exists():
        return unknown(NAMES, "this system has no control groups")
    return [*_memory(root), _cpu(root), *_pids(root)]


def find(controller: str, root: Path) -> Group | None:
    """The group that governs this process under `controller`: v1's when v1 has it, else v2's. Raises OSError."""
    table, paths = mounts(root), _membership(root)
    if controller in paths:
        return _group(1, root, _v1_mount(table, controller), paths[controller])
    return _group(2, root, _v2_mount(table), paths[""]) if "" in paths else None


def _membership(root: Path) -> dict[str, str]:
    """Controller to group, of /proc/self/cgroup (cgroups(7)); the v2 group is under the empty name."""
    paths: dict[str, str] = {}
    for line in (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace").splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        paths.update(dict.fromkeys(names.split(","), path))
    return paths


def _v1_mount(table: list[Mount], controller: str) -> Mount | None:
    return next((one for one in table if one.filesystem == "cgroup" and controller in one.options), None)


def _v2_mount(table: list[Mount]) -> Mount | None:
    return next((one for one in table if one.filesystem == "cgroup2"), None)


def _group(version: int, root: Path, mount: Mount | None, path: str) -> Group | None:
    """In a container the path may be the host's, seen from outside: then only the mount's own root exists."""
    if mount is None:
        return None
    base = root / mount.point.lstrip("/")
    parts = [part for part in path.split("/") if part not in ("", "..")]
    levels = [base.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]
    return Group(version, tuple(level for level in levels if level.is_dir()))


def _memory(root: Path) -> list[Answer]:
    names = NAMES[:5]
    group = find("memory", root)
    if group is None or not group.levels:
        return unknown(names, "the memory controller of the control groups is not mounted")
    limit, used, peak, events = _FILES[group.version]
    bound = _tightest(group, lambda level: _number(level / limit))
    bearer = bound.level if bound else group.levels[0]
    return [
        seen(names[0], group.version, "/proc/self/cgroup"),
        _limit(names[1], bound, limit),
        _count(names[2], bearer / used),
        _count(names[3], bearer / peak),
        answer(names[4], _kills(bearer / events), str(bearer / events), f"{bearer / events} does not count them"),
    ]


def _cpu(root: Path) -> Answer:
    name = "cgroup.cpu_quota"
    group = find("cpu", root)
    if group is None:
        return Missing(name, "the cpu controller of the control groups is not mounted")
    bound = _tightest(group, _quota_v1 if group.version == 1 else _quota_v2)
    return _limit(name, bound, "cpu.cfs_quota_us" if group.version == 1 else "cpu.max")


def _pids(root: Path) -> list[Answer]:
    names = NAMES[6:]
    group = find("pids", root)
    if group is None or not group.levels:
        return unknown(names, "the pids controller of the control groups is not mounted")
    bound = _tightest(group, lambda level: _number(level / "pids.max"))
    bearer = bound.level if bound else group.levels[0]
    return [_limit(names[0], bound, "pids.max"), _count(names[1], bearer / "pids.current")]


def _tightest(group: Group, read: Callable[[Path], float | None]) -> _Bound | None:
    bounds = (_Bound(value, level) for level in group.levels if (value := read(level)) is not None)
    return min(bounds, key=lambda bound: bound.value, default=None)


def _limit(name: str, bound: _Bound | None, file: str) -> Answer:
    if bound is None:
        return Missing(name, f"no control group sets a limit in {file}")
    return seen(name, bound.value, str(bound.level / file))


def _count(name: str, file: Path) -> Answer:
    return answer(name, _number(file), str(file), f"{file.name} cannot be read")


def _kills(file: Path) -> int | None:
    """The `oom_kill N` line of v2's memory.events (groups below included) or v1's memory.oom_control (Linux 4.13)."""
    for line in _text(file).splitlines():
        key, _, count = line.partition(" ")
        if key == "oom_kill":
            return int(count)
    return None


def _quota_v2(level: Path) -> float | None:
    quota, _, period = _text(level / "cpu.max").partition(" ")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _quota_v1(level: Path) -> float | None:
    quota, period = _number(level / "cpu.cfs_quota_us"), _number(level / "cpu.cfs_period_us")
    return quota / period if quota and period else None


def _number(file: Path) -> int | None:
    """The number in a one-number file; None for `max`, -1, v1's "no limit" and a file that cannot be read."""
    text = _text(file)
    return int(text) if text.isdigit() and int(text) < _UNLIMITED else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
