"""The compilers that torch.compile starts: Triton for the GPU's launchers (C), Inductor for the CPU's code (C++).

Triton (python/triton/runtime/build.py, 2.1 to 3.5): the variable CC, else gcc, else clang; it never asks for `cc`.
Inductor (torch/_inductor/config.py, cpp.cxx): the variable CXX, else g++ (macOS: clang++; Windows: cl).
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path

from nndoctor.machine.child import NoAnswerError, run
from nndoctor.machine.probe import Answer, answer, seen, unknown

NAMES = ("compiler.found", "compiler.path", "compiler.cxx_path", "compiler.banner")
LIMIT_S = 3.0
_C = {"Windows": ("cl", "clang-cl", "gcc", "clang"), "Darwin": ("clang", "gcc")}
_CXX = {"Windows": ("cl", "clang-cl", "g++"), "Darwin": ("clang++",)}
_ON_LINUX = {"CC": ("gcc", "clang"), "CXX": ("g++",)}


def compiler_facts(variables: Mapping[str, str] | None = None, limit_s: float = LIMIT_S) -> list[Answer]:
    """The C and the C++ compiler, and the first line that the C compiler says of itself within `limit_s` seconds."""
    env = os.environ if variables is None else variables
    system = platform.system()
    names = _C.get(system, _ON_LINUX["CC"])
    path, cxx = _compiler("CC", names, env), _compiler("CXX", _CXX.get(system, _ON_LINUX["CXX"]), env)
    where = "CC" if env.get("CC") else "PATH"
    none = f"{env['CC']} (variable CC) cannot be started" if env.get("CC") else f"none of {', '.join(names)} is on PATH"
    return [
        seen(NAMES[0], path is not None, where),
        answer(NAMES[1], path, where, none),
        answer(NAMES[2], cxx, "CXX" if env.get("CXX") else "PATH", "no C++ compiler on PATH"),
        *([_banner(path, limit_s)] if path else unknown(NAMES[3:], none)),
    ]


def _compiler(variable: str, names: tuple[str, ...], env: Mapping[str, str]) -> str | None:
    """The compiler that the variable names beats those on PATH, even where it does not exist."""
    wanted = (env[variable],) if env.get(variable) else names
    return next((path for name in wanted if (path := shutil.which(name, path=env.get("PATH")))), None)


def _banner(path: str, limit_s: float) -> Answer:
    """Microsoft's cl knows no --version: it says what it is when it is given nothing, on standard error."""
    alone = Path(path).stem.lower() == "cl"
    command = [path] if alone else [path, "--version"]
    try:
        said = run(command, limit_s)
    except NoAnswerError as error:
        return unknown(NAMES[3:], f"{path}: {error}")[0]
    except (OSError, ValueError) as error:
        return unknown(NAMES[3:], f"{path} cannot be started: {error}")[0]
    lines = [line.strip() for line in (said.err + said.out if alone else said.out).splitlines() if line.strip()]
    return answer(NAMES[3], lines[0][:200] if lines else None, path, f"{path} does not say its version")
