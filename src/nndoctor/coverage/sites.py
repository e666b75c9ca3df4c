"""Where a source file fails or warns: every raise, assert and telling print, with the text that it would show."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from nndoctor.coverage.wording import SAMPLES, Wording, is_text, pattern, render, wording

Kind = Literal["raise", "assert", "print", "warning"]
_TELLING = re.compile(
    r"\b(?:errors?|warn(?:ings?|ed)?|missing|fail(?:s|ed|ures?|ing)?|died|crash\w*|killed|abort(?:ed|ing)?|broken"
    r"|not found|no such|cannot|can not|can't|could ?n[o']t|unable|impossible|not available|unavailable|not exist\w*"
    r"|does ?n[o']t|do not|should not|never|must(?: not)? be|not supported|unsupported|invalid|illegal|bad|wrong"
    r"|unknown|unexpected|mismatch|incompatible|inconsistent|corrupt(?:ed)?|deprecated|empty|problem|skipping|ignor\w+"
    r"|too (?:small|large|big|few|many))\b",
    re.IGNORECASE,
)
MOST_PIECES = 200
_PRINTERS = ("print", "print_to_log_file")
_LOGGERS = ("warning", "error", "critical", "exception")


class Site(NamedTuple):
    """One statement that can show a text. `file` starts with the package; `pattern` has {} for what varies."""

    file: str
    line: int
    function: str
    kind: Kind
    exception: str
    pattern: str
    messages: tuple[str, ...]
    code: str

    @property
    def words(self) -> str:
        """What names the site: its message, or its source line where it has none."""
        return self.pattern or self.code


def package_sites(folder: Path) -> Iterator[Site]:
    """Every site of a package. Raises SyntaxError and OSError, which name the file."""
    for path in sorted(folder.rglob("*.py")):
        file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        yield from source_sites(path.read_text(encoding="utf-8", errors="replace"), file)


def source_sites(source: str, file: str) -> list[Site]:
    """Every site of one file, in its order. Raises SyntaxError."""
    reader = _Reader(file, source.split("\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source.removeprefix("\ufeff"), filename=file)
    reader.visit(tree)
    return reader.sites


class _Reader(ast.NodeVisitor):
    """Walks a file and remembers the innermost function and the texts that its variables hold."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.sites: list[Site] = []
        self._file = file
        self._lines = lines
        self._function = "<module>"
        self._names: dict[str, Wording] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self._function, self._names
        arguments = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        known = {name: pieces for name, pieces in self._names.items() if name not in arguments}
        self._function, self._names = node.name, known
        self.generic_visit(node)
        self._function, self._names = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._remember(target.id, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._remember(node.target.id, ast.BinOp(node.target, node.op, node.value))
        self.generic_visit(node)

    def _remember(self, name: str, value: ast.expr) -> None:
        pieces = wording(value, self._names) if is_text(value, self._names) else []
        if 0 < len(pieces) <= MOST_PIECES:
            self._names[name] = pieces
        else:
            self._names.pop(name, None)

    def visit_Raise(self, node: ast.Raise) -> None:
        match node.exc:
            case ast.Call(func=called, args=arguments):
                self._raised(node, _last_name(called), arguments)
            case ast.Name() | ast.Attribute() as named if _last_name(named)[:1].isupper():
                self._raised(node, _last_name(named), [])
        self.generic_visit(node)

    def _raised(self, node: ast.Raise, exception: str, arguments: list[ast.expr]) -> None:
        self._add(node, "raise", exception, self._message(exception, arguments))

    def _message(self, exception: str, arguments: list[ast.expr]) -> Wording:
        if len(arguments) != 1:
            return self._tuple(arguments) if arguments else []
        pieces = wording(arguments[0], self._names)
        return ["'", *pieces, "'"] if exception == "KeyError" and is_text(arguments[0], self._names) else pieces

    def _tuple(self, arguments: list[ast.expr]) -> Wording:
        pieces: Wording = ["("]
        for index, argument in enumerate(arguments):
            quote = "'" if is_text(argument, self._names) else ""
            pieces += [", " if index else "", quote, *wording(argument, self._names), quote]
        return [*pieces, ")"]

    def visit_Assert(self, node: ast.Assert) -> None:
        self._add(node, "assert", "AssertionError", [] if node.msg is None else wording(node.msg, self._names))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _PRINTERS:
                self._printed(node)
            case ast.Attribute(value=ast.Name(id="warnings"), attr="warn") | ast.Name(id="warn"):
                self._add(node, "warning", _category(node), self._words(node.args[:1]))
            case ast.Attribute(value=ast.Name(id="logging" | "logger" | "log"), attr=name) if name in _LOGGERS:
                self._add(node, "print", "", self._words(node.args[:1]))
        self.generic_visit(node)

    def _printed(self, node: ast.Call) -> None:
        pieces = self._words(node.args)
        if _TELLING.search(pattern(pieces)):
            self._add(node, "print", "", pieces)

    def _words(self, arguments: list[ast.expr]) -> Wording:
        pieces: Wording = []
        for index, argument in enumerate(arguments):
            pieces += [" "] if index else []
            pieces += wording(argument, self._names)
        return pieces

    def _add(self, node: ast.stmt | ast.expr, kind: Kind, exception: str, pieces: Wording) -> None:
        messages = tuple(dict.fromkeys(render(pieces, sample) for sample in SAMPLES))
        code = self._lines[node.lineno - 1].strip()
        self.sites.append(
            Site(self._file, node.lineno, self._function, kind, exception, pattern(pieces), messages, code)
        )


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return "Exception"


def _category(node: ast.Call) -> str:
    named = [each.value for each in node.keywords if each.arg == "category"]
    return next((_last_name(each) for each in (*node.args[1:2], *named)), "UserWarning")
