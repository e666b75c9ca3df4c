"""The table of problems in another language. Compile time only."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from nndoctor.diagnosis.problem_table import ProblemRow, ProblemTable
from nndoctor.diagnosis.translation import FixWords, spoken_fixes, translate_fixes


class ProblemWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a row in another language."""

    title: str
    says: str
    means: str
    fixes: list[FixWords] = []


class ProblemTableWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the table in another language; `english` is the digest of what was translated."""

    english: str
    problems: dict[str, ProblemWords]


def translate_problems(table: ProblemTable, words: ProblemTableWords) -> ProblemTable:
    """The table in another language; what has no translation stays English."""
    told = words.problems
    return {kind: _translated(row, told[kind]) if kind in told else row for kind, row in table.items()}


def _translated(row: ProblemRow, words: ProblemWords) -> ProblemRow:
    fixes = translate_fixes(row.fixes, words.fixes)
    return msgspec.structs.replace(row, title=words.title, says=words.says, means=words.means, fixes=fixes)


def spoken_problems(table: ProblemTable) -> Iterator[tuple[str, str]]:
    """Where and what: every text of the table that a user may read."""
    for kind, row in table.items():
        yield from ((f"{kind} {name}", getattr(row, name)) for name in ("title", "says", "means"))
        yield from spoken_fixes(f"{kind} ", row.fixes)
