"""The classes of trainers, read from their source with `ast`; nothing is imported
(recursive_find_python_class in utilities/find_class_by_name.py: modules of a folder, then packages below it)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, files_in, is_file, opened, subfolders_of

MOST_FILES = 2_000
MOST_BYTES = 1024 * 1024
DEEPEST = 12


@dataclass(frozen=True)
class TrainerClass:
    """parameters  of its __init__ without self, those behind * with it; None where it defines none
    epochs      what it sets num_epochs to: 0 when that is no plain number, None where it does not set it
    own_schedule    whether it defines configure_optimizers
    broken      why its file cannot be parsed
    """

    name: str
    path: Path
    bases: tuple[str, ...] = ()
    parameters: tuple[str, ...] | None = None
    epochs: int | None = None
    own_schedule: bool = False
    broken: str | None = None


class SourceFolder:
    """The Python files below a folder that nnU-Net searches: packages need an __init__.py."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = list(_modules(folder, DEEPEST))[:MOST_FILES]
        self._texts: dict[Path, str] = {}

    def find(self, name: str) -> TrainerClass | None:
        """The class of this name; the first in nnU-Net's order."""
        wanted = re.compile(rf"^\s*class\s+{re.escape(name)}\b", re.MULTILINE)
        found = next((path for path in self._files if wanted.search(self._text(path))), None)
        return None if found is None else _parsed(name, found, self._text(found))

    def names(self) -> list[str]:
        """Every class that is defined there, in order."""
        found = (re.findall(r"^class\s+(\w+)", self._text(path), re.MULTILINE) for path in self._files)
        return sorted({name for names in found for name in names})

    def _text(self, path: Path) -> str:
        if path not in self._texts:
            self._texts[path] = _read(path)
        return self._texts[path]


def _modules(folder: Path, depth: int) -> Iterator[Path]:
    try:
        names = [name for name in files_in(folder) if name.endswith(".py") and name != "__init__.py"]
    except BadFileError:
        return
    yield from (folder / name for name in names)
    for name in subfolders_of(folder) if depth else []:
        if is_file(folder / name / "__init__.py"):
            yield from _modules(folder / name, depth - 1)


def _read(path: Path) -> str:
    try:
        with opened(path) as (stream, _):
            return stream.read(MOST_BYTES).decode("utf-8", "replace")
    except BadFileError:
        return ""


def _parsed(name: str, path: Path, text: str) -> TrainerClass | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        return TrainerClass(name, path, broken=f"{error.__class__.__name__}" + (f" in line {line}" if line else ""))
    node = next((each for each in ast.walk(tree) if isinstance(each, ast.ClassDef) and each.name == name), None)
    return None if node is None else _described(node, path)


def _described(node: ast.ClassDef, path: Path) -> TrainerClass:
    functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    init = next((each for each in functions if each.name == "__init__"), None)
    bases = [
        base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else "?"
        for base in node.bases
    ]
    own = any(each.name == "configure_optimizers" for each in functions)
    epochs = next((number for each in functions if (number := _epochs(each)) is not None), None)
    return TrainerClass(node.name, path, tuple(bases), None if init is None else _parameters(init.args), epochs, own)


def _parameters(arguments: ast.arguments) -> tuple[str, ...]:
    plain = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][1:]
    rest = [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    named = [each.arg for each in arguments.kwonlyargs]
    return (*plain, *rest, *named, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else []))


def _epochs(function: ast.FunctionDef) -> int | None:
    """The integer that `self.num_epochs = ...` sets; 0 for anything else that it sets."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr == "num_epochs" and isinstance(node.ctx, ast.Store):
            return _constant(function, node)
    return None


def _constant(function: ast.FunctionDef, target: ast.Attribute) -> int:
    assigned = (each for each in ast.walk(function) if isinstance(each, ast.Assign) and target in each.targets)
    value = next((each.value for each in assigned), None)
    return value.value if isinstance(value, ast.Constant) and type(value.value) is int else 0
