"""Labelled cases, diagnosed: what was said of each, and whether it was right."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from nndoctor.consultation import diagnose_logs
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.diagnosis.rulebook import Rulebook
from nndoctor.evaluation.cases import Case
from nndoctor.logs import open_sources, read_source
from nndoctor.logs.prefixes import strip_ansi

CONFIDENT = 0.9


class Outcome(msgspec.Struct, frozen=True):
    """What was said of one case. `line_right` is None where the case names no line."""

    case: Case
    status: str
    causes: list[str]
    confidence: float
    line_right: bool | None
    heaviest: float = 0.0

    @property
    def first(self) -> str | None:
        return self.causes[0] if self.causes else None

    @property
    def top1(self) -> bool:
        return self.case.right(self.first)

    @property
    def top3(self) -> bool:
        return any(self.case.right(cause) for cause in self.causes[:3])

    @property
    def confidently_wrong(self) -> bool:
        return not self.top1 and self.confidence >= CONFIDENT


def evaluate_cases(cases: Iterable[Case], book: Rulebook) -> list[Outcome]:
    """Diagnose every case by its text alone."""
    return [_outcome(case, _diagnose(case, book)) for case in cases]


def _diagnose(case: Case, book: Rulebook) -> Diagnosis:
    sources = open_sources([str(case.path)])
    readings = [read_source(source, book.rare_words, book.hidden_words) for source in sources]
    return diagnose_logs([log for reading in readings for log in reading.logs], book)


def _outcome(case: Case, found: Diagnosis) -> Outcome:
    causes = [finding.cause for finding in found.findings]
    confidence = found.findings[0].confidence if found.findings else 0.0
    heaviest = max((each.weight for finding in found.findings[:1] for each in finding.evidence), default=0.0)
    return Outcome(case, found.status, causes, confidence, _line_right(case, found), heaviest)


def _line_right(case: Case, found: Diagnosis) -> bool | None:
    """Whether the heaviest evidence of the first finding shows the line that proves it."""
    if not case.key_line or not found.findings:
        return None
    wanted = _bare(case.key_line)
    shown = [_bare(each.text) for each in found.findings[0].evidence[:2]]
    return any(text and (text in wanted or wanted in text) for text in shown)


def _bare(text: str) -> str:
    return " ".join(strip_ansi(text).split())[:200]
