"""An interpreter as it would start from this shell: its version, its folders, its path. Nothing is guessed."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

LIMIT_S = 10.0
# Standard library only, for any Python from 2.7 on; a json.py in the current folder is kept from being imported.
# A start-up hook may print before it: the last line counts.
_SCRIPT = """
import sys
sys.path = [p for p in sys.path if p]
import json, platform
print("")
print(json.dumps({"version": platform.python_version(), "executable": sys.executable, "prefix": sys.prefix,
                  "path": sys.path}))
"""


class Interpreter(NamedTuple):
    """What one interpreter says about itself."""

    version: str
    executable: str
    prefix: str
    path: list[str]


class InterpreterError(Exception):
    """The interpreter was not found, did not start, was too slow or did not answer; the message says which."""


def interpreter(python: str | None = None, limit_s: float = LIMIT_S) -> Interpreter:
    """This process's interpreter, or the one at `python` (a path, or a name on PATH). Raises InterpreterError."""
    if python is None:
        return Interpreter(platform.python_version(), sys.executable, sys.prefix, _own_path())
    return _read(python, _started(python, limit_s))


def shebang(script: Path) -> str | None:
    """The interpreter that a console script starts, as pip writes it; None for a Windows .exe. Raises OSError."""
    with script.open("rb") as file:
        lines = file.read(4096).splitlines()
    if not lines or not lines[0].startswith(b"#!"):
        return None
    words = os.fsdecode(lines[0][2:]).split()
    if words[:1] == ["/bin/sh"] and len(lines) > 1:  # a long path: '''exec' "/long/path/python" "$0" "$@"
        words = os.fsdecode(lines[1]).replace("'''exec'", "").replace('"', " ").split()
    if words and Path(words[0]).name == "env":
        return shutil.which(words[-1])
    return words[0] if words else None


def _own_path() -> list[str]:
    """sys.path without its first entry, the folder that nndoctor itself was started from or by."""
    wanted = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [entry for index, entry in enumerate(sys.path) if entry and (index or entry in wanted)]


def _started(python: str, limit_s: float) -> str:
    import subprocess

    command = [shutil.which(python) or python, "-c", _SCRIPT]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        raise InterpreterError(f"{python} gave no answer within {limit_s:g} s") from None
    except (OSError, ValueError) as error:
        raise InterpreterError(f"{python} cannot be started: {error}") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["nothing on stderr"]
        raise InterpreterError(f"{python} ended with code {done.returncode}: {last[0]}")
    return done.stdout.decode("utf-8", "replace")


def _read(python: str, output: str) -> Interpreter:
    try:
        told = json.loads(output.strip().splitlines()[-1])
        return Interpreter(
            str(told["version"]), str(told["executable"]), str(told["prefix"]), [str(entry) for entry in told["path"]]
        )
    except (IndexError, KeyError, TypeError, ValueError):
        raise InterpreterError(f"{python} is no Python interpreter: its answer is not JSON") from None
