"""A ranking becomes an answer: one of four statuses, and the findings in the order in which they are told."""

from __future__ import annotations

import msgspec

from nndoctor.diagnosis.calibration import calibrated
from nndoctor.diagnosis.case import Case
from nndoctor.diagnosis.findings import build_finding
from nndoctor.diagnosis.model import Finding, Status
from nndoctor.diagnosis.ownership import is_foreign
from nndoctor.diagnosis.rank import NAMED
from nndoctor.diagnosis.telling import last_step, strange_lines, telling_line, unexplained, with_evidence
from nndoctor.diagnosis.weigh import Candidate

WORTH_NAMING = 0.3
SHOWN = 0.02
SHORT = 12  # printed lines
LONG = 15  # lines that healthy runs print
USUAL = 0.9

# How often such answers were right in first runs (benchmarks/first_runs.csv), in round numbers and rather too low.
UNPROVEN = 0.98
UNKNOWN = 0.49
ELSEWHERE = 0.495
BESIDE_REASONS = 0.7
BESIDE_REMARKS = 0.4
HEALTHY = ((USUAL, 0.95), (0.7, 0.75), (0.0, 0.6))  # by the share of lines that healthy runs print
SHORT_OR_FOREIGN = {True: 0.85, False: 0.95}
ANSWERS = ("no-failure", "not-nnunet", "unknown")


def decide(case: Case) -> tuple[Status, list[Finding]]:
    """The status, and the findings in order."""
    if not case.about_nnunet:
        return _elsewhere(case)
    causes, symptoms = _causes(case), _symptoms(case)
    if causes and causes[0].confidence >= NAMED:
        return "diagnosed", [*_calibrated(case, causes), *_remarks(case)]
    if symptoms and symptoms[0].confidence >= NAMED:
        return "undetermined", [*symptoms, *causes, *_remarks(case)]
    if _failed(case):
        return "undetermined", _unknown(case, causes)
    return "no-failure", _healthy(case)


def _finding(case: Case, candidate: Candidate, confidence: float, symptoms: list[str]) -> list[Finding]:
    """One finding; none, and a note, when its rule fails: the doctor never crashes on the crash."""
    try:
        return [build_finding(candidate, min(confidence, UNPROVEN), symptoms, case.texts, case.facts)]
    except Exception as problem:
        case.notes.append(f"rule {candidate.card.id} failed: {problem.__class__.__name__}: {problem}")
        return []


def _findings(case: Case, ranking: list[tuple[Candidate, float]], symptoms: list[str]) -> list[Finding]:
    return [found for each, confidence in ranking for found in _finding(case, each, confidence, symptoms)]


def _causes(case: Case) -> list[Finding]:
    symptoms = [each.card.id for each, _ in case.ranked.symptoms]
    return _findings(case, [pair for pair in case.ranked.causes if pair[1] >= SHOWN], symptoms)


def _calibrated(case: Case, causes: list[Finding]) -> list[Finding]:
    """The first finding as sure as such findings were right; the others share what is left."""
    first, *others = causes
    sure = round(calibrated(first.confidence, case.common.calibration), 3)
    room = [min(each.confidence, round(1 - sure, 3)) for each in others]
    rest = [msgspec.structs.replace(each, confidence=left) for each, left in zip(others, room, strict=True)]
    return [msgspec.structs.replace(first, confidence=sure), *rest]


def _symptoms(case: Case) -> list[Finding]:
    """The symptom that the text shows; less sure where a reason stands beside it that no rule knows."""
    reasons = unexplained(case)
    rival = max((confidence for each, confidence in case.ranked.causes if each.hits), default=0.0)
    surest = BESIDE_REASONS if reasons else max(NAMED, 1 - rival)
    found = _findings(case, [(each, min(surest, confidence)) for each, confidence in case.ranked.symptoms[:1]], [])
    return with_evidence(found, reasons)


def _remarks(case: Case) -> list[Finding]:
    return _findings(case, [pair for pair in case.ranked.remarks if pair[0].card.id not in ANSWERS], [])


def _failed(case: Case) -> bool:
    """Whether the text shows a failure that nothing harmless accounts for."""
    harmless = case.harmless()
    if any(place not in harmless for place, _ in case.exceptions()):
        return True
    if any(log.truncated for log in case.texts.logs):
        return True
    told = any(candidate.hits and confidence >= WORTH_NAMING for candidate, confidence in case.ranked.causes)
    return told or bool(case.failure_lines() - harmless)


def _unknown(case: Case, causes: list[Finding]) -> list[Finding]:
    taken = sum(confidence for _, confidence in case.ranked.causes)
    unknown = _strange(case, "unknown", UNKNOWN * (1 - taken))
    if causes and causes[0].confidence >= WORTH_NAMING:
        return [*causes, *unknown, *_remarks(case)]
    return [*unknown, *causes, *_remarks(case)]


def _strange(case: Case, cause: str, confidence: float) -> list[Finding]:
    """An answer without evidence of its own: shown by the line that says most, and by what no healthy run prints."""
    signs = [*telling_line(case, "no rule knows this line"), *strange_lines(case), *last_step(case)]
    return with_evidence(_plain(case, cause, confidence), signs)


def _healthy(case: Case) -> list[Finding]:
    """No failure: the surer, the more of the text is what healthy runs print."""
    remarks = [each for each in _remarks(case) if each.confidence >= NAMED]
    known, unknown = case.healthy.familiar(case.texts)
    share = len(known) / max(1, len(known) + len(unknown))
    confidence = next(confidence for least, confidence in HEALTHY if share >= least)
    usual = len(known) >= LONG and share >= USUAL
    found = with_evidence(
        _plain(case, "no-failure", confidence if usual or not remarks else BESIDE_REMARKS), last_step(case)
    )
    return [*found, *remarks] if usual else [*remarks, *found]


def _elsewhere(case: Case) -> tuple[Status, list[Finding]]:
    """No word of nnU-Net: another software's text, or a line too short to tell."""
    causes = [msgspec.structs.replace(each, confidence=round(each.confidence * ELSEWHERE, 3)) for each in _named(case)]
    may_be = _may_be_nnunet(case)
    if may_be and causes and causes[0].confidence >= WORTH_NAMING:
        return "undetermined", causes
    foreign = with_evidence(_plain(case, "not-nnunet", SHORT_OR_FOREIGN[may_be]), telling_line(case, None))
    return "not-nnunet", [*foreign, *causes]


def _may_be_nnunet(case: Case) -> bool:
    """A piece too short to show where it comes from, with no word or frame of software that nnU-Net does not call."""
    if not case.texts.words.keys().isdisjoint(case.common.others):
        return False
    printed = sum(bool(line.text.strip()) and line.role == "print" for log in case.texts.logs for line in log.lines)
    frames = [frame for _, event in case.texts.exceptions() for frame in event.frames]
    dependencies = frozenset(case.common.dependencies)
    return printed <= SHORT and not any(is_foreign(frame, case.texts.upstream, dependencies) for frame in frames)


def _named(case: Case) -> list[Finding]:
    return _causes(case) or [each for each in _remarks(case) if each.confidence >= NAMED]


def _plain(case: Case, cause: str, confidence: float) -> list[Finding]:
    """The finding of a first-class answer that needs no evidence."""
    card = case.book.card(cause)
    if card is None:
        return []
    known = next((each for each, _ in (*case.ranked.remarks, *case.ranked.causes) if each.card.id == cause), None)
    candidate = known or Candidate(card, [], [], [], [])
    return _finding(case, candidate, confidence, [])
