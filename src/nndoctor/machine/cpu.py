"""CPUs of the computer and of this process. nnU-Net sizes its workers by the first number, whatever the second is."""

from __future__ import annotations

import os

from nndoctor.machine.probe import Answer, ask

NAMES = ("cpu.host", "cpu.affinity", "cpu.load")


def cpu_facts() -> list[Answer]:
    """Logical CPUs of the computer and of this process (sched_getaffinity(2)), and the load of the last minute."""
    return [
        ask("cpu.host", os.cpu_count, "os.cpu_count", "the system does not say"),
        ask("cpu.affinity", _affinity, "CPU affinity", "this system has no CPU affinity (macOS)"),
        ask("cpu.load", _load, "os.getloadavg", "this system does not say (Windows)"),
    ]


def _affinity() -> int | None:
    """By the system call on Linux, by psutil on Windows; macOS ties no process to CPUs."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    import psutil

    process = psutil.Process()
    return len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else None


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
