"""What must hold for the tables of problems: known causes, true comparisons, holes that something fills."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

from nndoctor.diagnosis.comparison import ComparisonError, parse
from nndoctor.diagnosis.lint_fixes import unsafe
from nndoctor.diagnosis.problem_table import ProblemRow
from nndoctor.diagnosis.rule_files import load_problem_table, problem_files
from nndoctor.facts import vocabulary


def lint_problems(folder: Path, causes: set[str]) -> Iterator[str]:
    """Every problem of the tables, each in one line that names the file. Raises RuleError for an unreadable one."""
    seen: dict[str, Path] = {}
    for path in problem_files(folder):
        for kind, row in load_problem_table(path).items():
            if seen.setdefault(kind, path) != path:
                yield f"{path}: {kind}: is already a row of {seen[kind].name}"
            yield from (f"{path}: {kind}: {words}" for words in _problems(row, causes))


def _problems(row: ProblemRow, causes: set[str]) -> Iterator[str]:
    if row.cause not in causes:
        yield f"names the unknown cause {row.cause!r}"
    if bool(row.when) != bool(row.commands):
        yield "when and commands belong together"
    for comparison in row.when:
        try:
            parse(comparison)
        except ComparisonError as problem:
            yield str(problem)
    if row.each and (row.each not in vocabulary() or vocabulary()[row.each].type != "list"):
        yield f"each names {row.each!r}, which is no list of facts"
    for fix in row.fixes:
        yield from unsafe(fix)
    yield from _holes(row)


def _holes(row: ProblemRow) -> Iterator[str]:
    """A row that compares facts can show facts only; what code finds brings its own values."""
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(row.says) if name is not None}
    except ValueError as problem:
        yield f"says: {problem}"
        return
    known = {name.replace(".", "_") for name in vocabulary()} | {"where", "item"}
    yield from (f"says names {{{name}}}, which is no fact" for name in sorted(names - known) if row.when)
    yield from (f"says names {{{name}}}, which is no plain name" for name in names if not name.isidentifier())
