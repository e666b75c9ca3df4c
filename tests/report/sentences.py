"""Collects what the program says: every literal of its rooms that reads like English, with sample words in the holes.

A new sentence is found by its look, not by the call that it stands in; so none can be forgotten in a translation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import nndoctor

SAMPLE = "sample"
_PACKAGE = Path(nndoctor.__file__).parent
_ROOMS = ("machine", "nnunet", "diagnosis", "checkups")
_FILES = ("logs/sources.py", "logs/read.py", "witnesses.py", "consultation.py", "report/redaction.py")
_FOR_AUTHORS = [
    f"diagnosis/{name}.py"
    for name in (
        *("lint", "lint_bugs", "lint_fixes", "lint_problems", "lint_translations", "rule_files", "comparison"),
        "template",
        *("bugs", "translation", "signature"),
    )
]
"""What only authors of rules are told: in English, and verbatim in the note that a rule was left out. The last three
say where a text of a rule stands, and how facts are compared; a signature is a name, the same in every language."""
_NO_REPORT = [
    "checkups/shards.py",
    *(f"nnunet/examination/{name}.py" for name in ("known_files", "shards", "shard_writing")),
]
"""What standard error says of shards, and a database's own language."""
_READS_LIKE_ENGLISH = re.compile(r"[A-Za-z_']+[,:]? \(?[a-z]+")
_NEVER_SHOWN = re.compile(
    r"import sys|unknown folders|"
    r"^nnUNet_raw, nnUNet_preprocessed, nnUNet_results$|"
    r"^(?:un)?signed|^short int$|^long long|^(?:data file|byte skip|line skip|space directions)$|"
    r"a snapshot of nndoctor|or a snapshot$|"
    r"^sample starts sample$|\(no version\)|^sample in sample$|^sample sample in sample$|"
    r"^no Dask scheduler|^the Dask scheduler at|^Dask worker sample|^pip install 'nndoctor|"
    r"^case sample$|^-device cpu$|^sample bytes$|^has the keys$|^builtins dict$|^__builtin__ dict$|^axis mins$|^space origin$|^data check$|^length check$|^\^\\S|"
    r"^Windows sample|^macOS sample|^sample\[cell sample\]$|^sample has no sample$|^sample: no sample$"
)
"""Programs and words of file formats and libraries, what only a mistake of nndoctor's own can raise, what standard
error says, names and values that stay as they are, and two whose translations are narrower: `/proc/meminfo has no` and
`: no x.pkl`."""


def sentences() -> Iterator[tuple[str, str]]:
    """Where, and what: each sentence of the rooms whose words end up in a Diagnosis."""
    files = [path for room in _ROOMS for path in sorted((_PACKAGE / room).rglob("*.py"))]
    for path in [*files, *(_PACKAGE / name for name in _FILES)]:
        if path.relative_to(_PACKAGE).as_posix() in (*_FOR_AUTHORS, *_NO_REPORT):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {id(part) for node in ast.walk(tree) for part in _parts(node)}
        for node in ast.walk(tree):
            if id(node) in inner or not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                continue
            for text in _spelled(node):
                if _is_sentence(text):
                    yield f"{path.relative_to(_PACKAGE)}:{node.lineno}", text


def _is_sentence(text: str) -> bool:
    own = text.replace(SAMPLE, "")
    return bool(re.search("[a-z]{2}", own) and _READS_LIKE_ENGLISH.search(text) and not _NEVER_SHOWN.search(text))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is no text of its own: docstrings, and the pieces of a text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from node.values
        yield from (
            each.format_spec for each in node.values if isinstance(each, ast.FormattedValue) and each.format_spec
        )
    if isinstance(node, ast.BinOp) and any(not text.endswith(SAMPLE * 2) for text in _spelled(node)):
        yield from (each for side in (node.left, node.right) for each in ast.walk(side))


def _spelled(node: ast.AST) -> list[str]:
    """Every text that an expression can become, a sample word for what is not known here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*map(_spelled, node.values))]
    if isinstance(node, ast.IfExp):
        return [*_spelled(node.body), *_spelled(node.orelse)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ["".join(parts) for parts in product(_spelled(node.left), _spelled(node.right))]
    return [SAMPLE]
