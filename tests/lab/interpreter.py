"""Run a script or a code string in a forked process as a fresh interpreter would, and end as one would."""

from __future__ import annotations

import ctypes
import os
import sys
import traceback
import types
from pathlib import Path
from typing import NoReturn

HERE = str(Path(__file__).parent)


def _without_lab(tb: types.TracebackType | None) -> types.TracebackType | None:
    """Drop the leading frames that belong to the lab: the user's terminal would not show them."""
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(HERE):
        tb = tb.tb_next
    return tb


def _report(error: BaseException) -> int:
    """Print an uncaught exception as the interpreter does; return the exit code."""
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    traceback.print_exception(type(error), error, _without_lab(error.__traceback__))
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def _finish(code: int) -> NoReturn:
    """Join threads, run atexit handlers, tear down modules: what they print belongs to the text."""
    ctypes.pythonapi.Py_Exit(ctypes.c_int(code))
    os._exit(code)


def _run(code: types.CodeType, main: types.ModuleType) -> NoReturn:
    sys.modules["__main__"] = main
    exit_code = 0
    try:
        exec(code, main.__dict__)
    except BaseException as error:
        exit_code = _report(error)
    _finish(exit_code)


def run_script(path: Path, arguments: list[str]) -> NoReturn:
    """`python PATH ARGUMENTS`"""
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=str(path), __builtins__=__builtins__, __spec__=None)
    sys.argv = [str(path), *arguments]
    sys.path[0] = str(path.parent)
    _run(compile(path.read_text(), str(path), "exec"), main)


def run_code(text: str, name: str) -> NoReturn:
    """`python -c TEXT`"""
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=__builtins__, __spec__=None)
    _run(compile(text, name, "exec"), main)
