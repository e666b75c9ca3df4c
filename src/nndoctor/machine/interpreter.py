"""An interpreter as it would start from this shell: its version, its folders, its path. Nothing is guessed."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from nndoctor.machine.child import NoAnswerError, run

LIMIT_S = 10.0
# Standard library only, for any Python from 2.7 on; a json.py in the current folder is kept from being imported.
# A start-up hook may print before it: the last line counts. The headers are looked for where Triton does
# (runtime/build.py: Debian's scheme posix_local has none).
_SCRIPT = """
import sys
sys.path = [p for p in sys.path if p]
import json, platform, sysconfig
scheme = sysconfig.get_default_scheme() if hasattr(sysconfig, "get_default_scheme") else None
scheme = "posix_prefix" if scheme == "posix_local" else scheme
include = (sysconfig.get_paths(scheme) if scheme else sysconfig.get_paths())["include"]
print("")
print(json.dumps({"version": platform.python_version(), "executable": sys.executable, "prefix": sys.prefix,
                  "path": sys.path, "include": include}))
"""
_EXE_LAUNCHER = re.compile(rb"#!([^\r\n]+)\r?\n\s*PK\x03\x04")
_LARGEST_SCRIPT = 2**20


class Interpreter(NamedTuple):
    """What one interpreter says about itself."""

    version: str
    executable: str
    prefix: str
    path: list[str]
    include: str


class InterpreterError(Exception):
    """The interpreter was not found, did not start, was too slow or did not answer; the message says which."""


def interpreter(python: str | None = None, limit_s: float = LIMIT_S) -> Interpreter:
    """This process's interpreter, or the one at `python` (a path, or a name on PATH). Raises InterpreterError."""
    if python is None:
        return Interpreter(platform.python_version(), sys.executable, sys.prefix, _own_path(), _own_include())
    return _read(python, _started(python, limit_s))


def shebang(script: Path) -> str | None:
    """The interpreter that a console script starts, as pip writes it; None where it names none. Raises OSError.

    On Windows pip writes an .exe that ends in `#!python.exe` and a zip (distlib's launchers).
    """
    with script.open("rb") as file:
        data = file.read(_LARGEST_SCRIPT)
    if data[:2] == b"MZ":
        found = _EXE_LAUNCHER.search(data)
        return None if found is None else os.fsdecode(found[1]).strip().strip('"')
    lines = data[:4096].splitlines()
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


def _own_include() -> str:
    import sysconfig

    scheme = sysconfig.get_default_scheme()
    return sysconfig.get_paths("posix_prefix" if scheme == "posix_local" else scheme)["include"]


def _started(python: str, limit_s: float) -> str:
    try:
        said = run([shutil.which(python) or python, "-c", _SCRIPT], limit_s)
    except NoAnswerError:
        raise InterpreterError(f"{python} gave no answer within {limit_s:g} s") from None
    except (OSError, ValueError) as error:
        raise InterpreterError(f"{python} cannot be started: {error}") from error
    if said.code != 0:
        last = said.err.strip().splitlines()[-1:] or ["nothing on stderr"]
        raise InterpreterError(f"{python} ended with code {said.code}: {last[0]}")
    return said.out


def _read(python: str, output: str) -> Interpreter:
    try:
        told = json.loads(output.strip().splitlines()[-1])
        version, executable, prefix, include = (
            str(told[key]) for key in ("version", "executable", "prefix", "include")
        )
        return Interpreter(version, executable, prefix, [str(entry) for entry in told["path"]], include)
    except (IndexError, KeyError, TypeError, ValueError):
        raise InterpreterError(f"{python} is no Python interpreter: its answer is not JSON") from None
