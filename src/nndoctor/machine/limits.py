"""Limits of one process and of the user: getrlimit(2), the `resource` module."""

from __future__ import annotations

from nndoctor.machine.probe import Answer, answer, unknown

NAMES = ("limit.address_space", "limit.open_files", "limit.open_files_hard", "limit.processes")


def limit_facts() -> list[Answer]:
    """The limits (bytes, files, processes) that a command started from here inherits; unlimited ones are missing."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, RLIMIT_NOFILE, RLIMIT_NPROC, getrlimit
    except ImportError:
        return unknown(NAMES, "this system has no resource limits (Windows)")
    space, files, processes = getrlimit(RLIMIT_AS), getrlimit(RLIMIT_NOFILE), getrlimit(RLIMIT_NPROC)
    values = (space[0], files[0], files[1], processes[0])
    sources = ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_NOFILE, hard", "RLIMIT_NPROC")
    return [
        answer(name, None if value == RLIM_INFINITY else value, source, f"{source} sets no limit")
        for name, value, source in zip(NAMES, values, sources, strict=True)
    ]
