"""Outcomes that were written down: what was said of texts the first time that nndoctor saw them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from nndoctor.evaluation.cases import Case
from nndoctor.evaluation.outcomes import Outcome
from nndoctor.logs import SourceError

COLUMNS = ("set", "case", "label", "also", "status", "said", "confidence", "line", "heaviest")
BETWEEN = "|"
LINE = {"": None, "right": True, "wrong": False}


def read_outcomes(path: Path) -> list[Outcome]:
    """The outcomes of a CSV file with COLUMNS. Raises SourceError when it is another kind of file."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return [_outcome(path, row) for row in csv.DictReader(stream)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as problem:
        raise SourceError(f"{path}: no recorded outcomes ({problem}); columns: {', '.join(COLUMNS)}") from None


def _outcome(path: Path, row: dict[str, str]) -> Outcome:
    also, said = _several(row["also"]), _several(row["said"])
    case = Case(f"{row['set']}/{row['case']}", path, row["label"], also, None, None)
    return Outcome(case, row["status"], said, float(row["confidence"]), LINE[row["line"]], float(row["heaviest"]))


def _several(text: str) -> list[str]:
    return text.split(BETWEEN) if text else []


def rows(name: str, outcomes: Iterable[Outcome]) -> Iterator[tuple[str, ...]]:
    """The outcomes as rows of COLUMNS, the three first causes each."""
    words = {value: text for text, value in LINE.items()}
    for each in outcomes:
        case = each.case
        said = BETWEEN.join(each.causes[:3])
        figures = (f"{each.confidence:.3f}", words[each.line_right], f"{each.heaviest:g}")
        yield (name, case.name, case.first, BETWEEN.join(case.also), each.status, said, *figures)
