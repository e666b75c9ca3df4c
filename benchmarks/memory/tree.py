"""Runs a command and samples the memory of its whole process tree (Linux)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
PERIOD = 0.02


@dataclass
class Peaks:
    """Bytes. rss: the largest sum of RSS at one moment; pss: the same of PSS, which counts shared pages once.
    working: the largest sum of RSS without the forked children that list files: with spawned workers, or without children.
    by_role: the largest RSS of one process of each role; at_peak: sum of RSS per role at the moment of `rss`."""

    seconds: float = 0.0
    exit_code: int = 0
    rss: int = 0
    working: int = 0
    pss: int = 0
    processes: int = 0
    by_role: dict[str, int] = field(default_factory=dict)
    at_peak: dict[str, int] = field(default_factory=dict)
    trace: list[tuple[float, dict[str, int]]] = field(default_factory=list)


def read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in tasks(parent):
            found.extend(int(child) for child in read(f"/proc/{parent}/task/{task}/children").split())
    return found


def tasks(pid: int) -> list[str]:
    try:
        return [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []


def rss(pid: int) -> int:
    fields = read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * PAGE if len(fields) > 1 else 0


def pss(pid: int) -> int:
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


class Roles:
    """Names processes by what they run; spawned workers by the order in which they were started."""

    def __init__(self, main: int, groups: list[tuple[str, int]]) -> None:
        self.main, self.known, self.spawned = main, {main: "main"}, 0
        self.order = [name for name, count in groups for _ in range(count)]

    def of(self, pid: int) -> str:
        """The role; a child that has just been forked may still become a spawned worker."""
        if self.known.get(pid, "forked") == "forked":
            self.known[pid] = self._name(pid)
        return self.known[pid]

    def _name(self, pid: int) -> str:
        command = read(f"/proc/{pid}/cmdline")
        if "resource_tracker" in command:
            return "tracker"
        if "spawn_main" not in command:
            return "forked"
        self.spawned += 1
        return self.order[self.spawned - 1] if self.spawned <= len(self.order) else "worker"


def measure(
    command: list[str], environment: dict[str, str], log: Path, groups: list[tuple[str, int]], limit: float
) -> Peaks:
    """Run the command to its end. `groups`: the roles of spawned workers in the order of their start."""
    peaks, begun, ended = Peaks(), time.monotonic(), threading.Event()
    with log.open("wb") as sink, subprocess.Popen(command, env=environment, stdout=sink, stderr=sink) as process:
        roles = Roles(process.pid, groups)
        slow = threading.Thread(target=_watch_pss, args=(peaks, process.pid, ended))
        slow.start()
        while process.poll() is None:
            _sample(peaks, sorted(tree(process.pid)), roles, time.monotonic() - begun)
            time.sleep(PERIOD)
            if time.monotonic() - begun > limit:
                for pid in reversed(tree(process.pid)):
                    os.kill(pid, 9)
        ended.set()
        slow.join()
    peaks.seconds, peaks.exit_code = time.monotonic() - begun, process.returncode
    return peaks


def _watch_pss(peaks: Peaks, main: int, ended: threading.Event) -> None:
    """PSS takes the kernel tens of milliseconds per process, so it has a thread and a pace of its own."""
    while not ended.wait(PERIOD * 4):
        peaks.pss = max(peaks.pss, sum(pss(pid) for pid in tree(main)))


def _sample(peaks: Peaks, pids: list[int], roles: Roles, now: float) -> None:
    sums: dict[str, int] = {}
    for pid in pids:
        size, role = rss(pid), roles.of(pid)
        sums[role] = sums.get(role, 0) + size
        peaks.by_role[role] = max(peaks.by_role.get(role, 0), size)
    total = sum(sums.values())
    peaks.trace.append((now, sums))
    if total > peaks.rss:
        peaks.rss, peaks.at_peak, peaks.processes = total, sums, len(pids)
    if "forked" not in sums or sums.keys() & {"export", "preprocess", "fingerprint", "worker"}:
        peaks.working = max(peaks.working, total)
