"""CPUs of the computer and of this process. nnU-Net sizes its workers by the first number, whatever the second is."""

from __future__ import annotations

import os

from nndoctor.machine.probe import Answer, ask

NAMES = ("cpu.host", "cpu.affinity", "cpu.load")


def cpu_facts() -> list[Answer]:
    """Logical CPUs of the computer and of this process (sched_getaffinity(2)), and the load of the last minute."""
    return [
        ask("cpu.host", os.cpu_count, "os.cpu_count", "the system does not say"),
        ask("cpu.affinity", lambda: len(os.sched_getaffinity(0)), "os.sched_getaffinity", ""),
        ask("cpu.load", lambda: round(os.getloadavg()[0], 2), "os.getloadavg", ""),
    ]
