"""Start multiprocessing's spawned workers by forking a clean, preloaded process instead of a new interpreter.

nnU-Net starts six workers for a prediction and each imports torch anew: 8 CPU seconds, every time. The workers here run
the very same start-up code in a process that has torch (but nothing of nnU-Net) loaded, so their output is the same.
They are children of the run itself (double fork plus PR_SET_CHILD_SUBREAPER), so exit codes and kills look real.
"""

from __future__ import annotations

import ctypes
import fcntl
import itertools
import multiprocessing.process
import multiprocessing.util
import os
import pickle
import socket
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

from tests.lab.interpreter import run_code

PR_SET_CHILD_SUBREAPER = 36
FIRST_FREE = 700  # descriptors are parked above this number while they are put in order


def _become_subreaper() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _arrange(received: list[int], wanted: list[int]) -> None:
    """Give the received descriptors the numbers that the worker's command line names; close all others."""
    parked = [fcntl.fcntl(fd, fcntl.F_DUPFD, FIRST_FREE) for fd in received]
    os.closerange(3, FIRST_FREE)
    for source, target in zip(parked, wanted, strict=True):
        os.dup2(source, target)
    os.closerange(FIRST_FREE, FIRST_FREE + 256)


def _worker(request: dict[str, object], received: list[int], hook: Callable[[], object] | None) -> NoReturn:
    wanted: list[int] = request["fds"]  # type: ignore[assignment]
    _arrange(received, wanted)
    environment: dict[str, str] = request["env"]  # type: ignore[assignment]
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", "--multiprocessing-fork"]
    if hook is not None:
        hook()
    run_code(str(request["code"]), "<string>")


def _fork_twice(request: dict[str, object], received: list[int], hook: Callable[[], object] | None) -> int:
    """Fork a grandchild, so that it is handed to the run as its own child; return its id."""
    reader, writer = os.pipe()
    middle = os.fork()
    if middle == 0:
        worker = os.fork()
        if worker == 0:
            _worker(request, received, hook)
        os.write(writer, str(worker).encode())
        os._exit(0)
    os.waitpid(middle, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        return int(pipe.read())


def _serve(channel: socket.socket, hook: Callable[[], object] | None) -> NoReturn:
    while True:
        data, received, _, _ = socket.recv_fds(channel, 1 << 20, 64)
        if not data:
            os._exit(0)
        try:
            pid = _fork_twice(pickle.loads(data), received, hook)
        except OSError as error:
            pid = -(error.errno or 1)  # no process could be made: the run has to see it
        for fd in received:
            os.close(fd)
        channel.sendall(str(pid).encode())


def install(hook: Callable[[], object] | None) -> None:
    """Call this in the run's process before anything of nnU-Net is imported."""
    _become_subreaper()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        _serve(theirs, hook)
    theirs.close()
    lock = threading.Lock()
    original = multiprocessing.util.spawnv_passfds
    multiprocessing.process._process_counter = itertools.count(1)  # type: ignore[attr-defined]  # names of workers are numbered

    def spawn(path: bytes, args: list[str], passfds: list[int]) -> int:
        if "--multiprocessing-fork" not in args:
            return original(path, args, passfds)  # the resource tracker is cheap: it may be a real process
        fds = sorted(int(fd) for fd in passfds)
        request = {"code": args[args.index("-c") + 1], "fds": fds, "env": dict(os.environ)}
        with lock:
            socket.send_fds(ours, [pickle.dumps(request)], fds)
            pid = int(ours.recv(64))
        if pid < 0:
            raise OSError(-pid, os.strerror(-pid))
        return pid

    multiprocessing.util.spawnv_passfds = spawn  # type: ignore[assignment]
