"""A short program in a process of its own, with a limit on its time and on what it may print."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import IO, NamedTuple

MOST_BYTES = 2**20
_GRACE_S = 0.5


class Said(NamedTuple):
    """How the program ended, and at most 1 MiB of each of its streams."""

    code: int
    out: str
    err: str


class NoAnswerError(Exception):
    """The program did not end within its time; the message says within which."""


def run(command: Sequence[str], limit_s: float, env: Mapping[str, str] | None = None) -> Said:
    """What the program printed, and its exit code. Raises NoAnswerError, OSError and ValueError (a NUL in a path).

    What takes longer than `limit_s` seconds is killed with all that it started, and not waited for: a process that
    hangs inside a driver or a network drive (state D) cannot be killed, and would hold up its parent.
    """
    deadline = monotonic() + limit_s
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=None if env is None else dict(env),
        start_new_session=os.name == "posix",
    )
    out, err = _Reader(child.stdout), _Reader(child.stderr)
    try:
        ended = out.ended(deadline) and err.ended(deadline)
        code = child.wait(max(0.0, deadline - monotonic())) if ended else None
    except subprocess.TimeoutExpired:
        code = None
    if code is None:
        _kill(child)
        raise NoAnswerError(f"no answer within {limit_s:g} s")
    return Said(code, out.text(), err.text())


class _Reader:
    """Reads a stream to its end, or to 1 MiB, in a thread that nobody has to wait for."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._data = b""
        self._stream = stream
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._stream is None:
            return
        with suppress(OSError, ValueError), self._stream:
            self._data = self._stream.read(MOST_BYTES)

    def ended(self, deadline: float) -> bool:
        self._thread.join(max(0.0, deadline - monotonic()))
        return not self._thread.is_alive()

    def text(self) -> str:
        return self._data.decode("utf-8", "replace")


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    with suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE_S)
