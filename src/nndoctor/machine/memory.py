"""Main memory, swap and /dev/shm: proc(5) on Linux, psutil elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from nndoctor.facts import Fact
from nndoctor.machine.probe import Answer, answer, ask, seen, unknown

NAMES = (
    "memory.total",
    "memory.available",
    "memory.swap_total",
    "memory.swap_free",
    "memory.host_oom_kills",
    "memory.overcommit",
)
SHM_NAMES = ("shm.size", "shm.free")
_MEMINFO = dict(zip(NAMES, ("MemTotal", "MemAvailable", "SwapTotal", "SwapFree"), strict=False))


def memory_facts(root: Path = Path("/")) -> list[Answer]:
    """RAM and swap of the computer in bytes, and what the kernel did about their lack."""
    try:
        text = (root / "proc/meminfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return [*_by_psutil(), *unknown(NAMES[4:], "only Linux counts this")]
    return [*_by_meminfo(_table(text)), _host_kills(root), _overcommit(root)]


def shm_facts(root: Path = Path("/")) -> list[Answer]:
    """Size of and free room in /dev/shm in bytes, which torch's and multiprocessing's workers share arrays through."""
    folder = root / "dev/shm"
    if not folder.is_dir():
        return unknown(SHM_NAMES, "this system has no /dev/shm (Windows and macOS need none)")
    room = shutil.disk_usage(folder)
    return [seen("shm.size", room.total, str(folder)), seen("shm.free", room.free, str(folder))]


def _table(text: str) -> dict[str, str]:
    """The second column of `name value` lines, with or without the colon."""
    rows = (line.split() for line in text.splitlines())
    return {row[0].rstrip(":"): row[1] for row in rows if len(row) > 1}


def _by_meminfo(table: Mapping[str, str]) -> list[Answer]:
    """proc(5) counts in kB of 1024 bytes."""
    where = "/proc/meminfo"
    return [
        answer(name, int(table[key]) * 1024 if key in table else None, where, f"{where} has no {key}")
        for name, key in _MEMINFO.items()
    ]


def _by_psutil() -> list[Fact]:
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    values = (memory.total, memory.available, swap.total, swap.free)
    return [seen(name, value, "psutil") for name, value in zip(_MEMINFO, values, strict=True)]


def _host_kills(root: Path) -> Answer:
    file = root / "proc/vmstat"

    def read() -> int | None:
        count = _table(file.read_text(encoding="ascii")).get("oom_kill")
        return None if count is None else int(count)

    return ask("memory.host_oom_kills", read, str(file), "this kernel does not count them (Linux < 4.13)")


def _overcommit(root: Path) -> Answer:
    file = root / "proc/sys/vm/overcommit_memory"
    return ask("memory.overcommit", lambda: int(file.read_text(encoding="ascii")), str(file), "")
