"""Run one command with real nnU-Net: in a fork of this process, which has torch loaded, or as a real process.

Only what nnU-Net imports is preloaded, never nnU-Net itself: versions up to 2.5 read their variables while they are
imported, and every run has to print what it prints then.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tests.lab import spawn
from tests.lab.interpreter import run_script
from tests.lab.model import Run, Stop

SCRIPTS = Path(sys.executable).parent


SCRIPTS_OF_OTHERS = ("dataset_conversion", "batch_running", "tests")  # some of them start pools when imported


def preload() -> None:
    """Import all of nnU-Net for the sake of what it imports, then forget nnU-Net itself."""
    package = importlib.import_module("nnunetv2")
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
        for module in pkgutil.walk_packages(package.__path__, "nnunetv2."):
            with contextlib.suppress(Exception):
                if module.name.split(".")[1] not in SCRIPTS_OF_OTHERS:
                    importlib.import_module(module.name)
    for name in [name for name in sys.modules if name.split(".")[0] == "nnunetv2"]:
        del sys.modules[name]


def _redirect(log: Path) -> None:
    """Both streams into one file, in the order in which they are written, as on a terminal."""
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(fd, 1)
    os.dup2(fd, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.closerange(3, 512)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]


def _start(
    command: str,
    cwd: Path,
    env: dict[str, str],
    confine: Callable[[], object] | None,
    in_main: Callable[[], object] | None,
    in_worker: Callable[[], object] | None,
) -> NoReturn:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    if confine is not None:
        confine()
    words = shlex.split(command)
    script = cwd / words.pop(1) if words[0] == "python" else Path(shutil.which(words[0], path=env["PATH"]) or "")
    if script.parent not in (SCRIPTS, cwd):
        os.execvpe("bash", ["bash", "-c", command], env)
    spawn.install(in_worker)
    if in_main is not None:
        in_main()
    run_script(script, words[1:])


def _end(pid: int, log: Path, started: float, limit: float, stop: Stop | None) -> int | None:
    """Wait for the run; send the signal that the fault asks for; end it when its time is up."""
    pending = stop
    while time.monotonic() - started < limit:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if pending and pending.after in log.read_text(errors="replace"):
            time.sleep(pending.delay)
            (os.killpg if pending.signal == signal.SIGINT else os.kill)(pid, pending.signal)  # Ctrl-C hits all
            pending = None
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def run(
    command: str,
    cwd: Path,
    env: dict[str, str],
    log: Path,
    *,
    confine: Callable[[], object] | None = None,
    in_main: Callable[[], object] | None = None,
    in_worker: Callable[[], object] | None = None,
    stop: Stop | None = None,
    limit: float = 90.0,
) -> Run:
    """Run a command line to its end and return what it printed."""
    log.write_text("")
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl-C
            _redirect(log)
            _start(command, cwd, env, confine, in_main, in_worker)
        finally:
            os._exit(70)  # a run that could not be started must not go on as a second recorder
    try:
        code = _end(pid, log, started, limit, stop)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # workers that outlived the run
    return Run(log.read_text(errors="replace"), code, time.monotonic() - started)
