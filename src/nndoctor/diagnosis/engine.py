"""Rules + events + facts become a Diagnosis."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from nndoctor.diagnosis.dating import date
from nndoctor.diagnosis.findings import build_finding
from nndoctor.diagnosis.matching import Place, Texts, context_holds, exception_holds, match_signs
from nndoctor.diagnosis.model import Diagnosis, Evidence, Excerpt, Finding, InputRecord, Status
from nndoctor.diagnosis.ownership import is_foreign
from nndoctor.diagnosis.rank import NAMED, Ranked, rank
from nndoctor.diagnosis.rulebook import Common, Rulebook
from nndoctor.diagnosis.signature import signature
from nndoctor.diagnosis.template import tokens
from nndoctor.diagnosis.weigh import Candidate, weigh
from nndoctor.facts import Facts
from nndoctor.logs import ExceptionEvent, Log

WORTH_NAMING = 0.3
UNPROVEN = 0.98
UNKNOWN = 0.45
SHOWN = 0.02
FINDINGS = 6
AROUND = 3
EXCERPT_LINES = 240
SHORT = 12


class Case(msgspec.Struct):
    """What the engine knows of one consultation while it decides."""

    book: Rulebook
    common: Common
    texts: Texts
    facts: Facts
    ranked: Ranked
    consequences: set[Place]
    about_nnunet: bool


@lru_cache(maxsize=2)
def _common(book_stamp: str, raw: bytes) -> Common:
    return msgspec.json.decode(raw, type=Common)


def diagnose(
    book: Rulebook,
    logs: list[Log],
    facts: Facts,
    inputs: list[InputRecord],
    environment: str,
    notes: list[str],
) -> Diagnosis:
    """The ranked Diagnosis of these texts and facts. What the texts say about versions is believed first."""
    common = _common(book.stamp, bytes(book.common))
    texts = Texts(logs, {package: frozenset(files) for package, files in common.upstream.items()})
    facts = Facts([*date(texts, common.markers), *facts, *facts.missing()])
    consequences = _consequences(texts, common)
    candidates = weigh(book, match_signs(book, texts), facts, consequences)
    about = _about_nnunet(texts, common)
    case = Case(book, common, texts, facts, rank(candidates), consequences, about)
    status, findings = _decide(case)
    findings = [msgspec.structs.replace(each, rank=place) for place, each in enumerate(findings[:FINDINGS], 1)]
    return Diagnosis(
        status,
        findings,
        _signature(case),
        list(facts),
        facts.missing(),
        inputs,
        environment,
        notes,
        _excerpts(texts, findings),
    )


def _consequences(texts: Texts, common: Common) -> set[Place]:
    """Exceptions that only follow from another one: by kind, or by the chain that the text draws."""
    found = set()
    for log, event in texts.exceptions():
        for sign in common.consequences:
            if exception_holds(sign, event, texts.upstream) is not None and context_holds(sign, texts):
                found.add(Place(log, event.number))
    return found


def _about_nnunet(texts: Texts, common: Common) -> bool:
    if any(source in texts.words for source in common.nnunet) or texts.holds_anywhere(common.nnunet):
        return True
    signs = frozenset(common.nnunet)
    paths = {frame.path for _, event in texts.exceptions() for frame in event.frames}
    return any("nnunet" in path.lower() or not signs.isdisjoint(tokens(path)) for path in paths)


def _decide(case: Case) -> tuple[Status, list[Finding]]:
    if not case.about_nnunet:
        return _elsewhere(case)
    causes = case.ranked.causes
    if causes and causes[0][1] >= NAMED:
        return "diagnosed", [*_causes(case), *_remarks(case)]
    if case.ranked.symptoms and case.ranked.symptoms[0][1] >= NAMED:
        return "undetermined", [*_symptoms(case), *_causes(case), *_remarks(case)]
    if _failed(case):
        return "undetermined", _unknown(case)
    return "no-failure", _healthy(case)


def _causes(case: Case) -> list[Finding]:
    symptoms = [each.card.id for each, _ in case.ranked.symptoms]
    return [
        build_finding(candidate, min(confidence, UNPROVEN), symptoms, case.texts, case.facts)
        for candidate, confidence in case.ranked.causes
        if confidence >= SHOWN
    ]


def _symptoms(case: Case) -> list[Finding]:
    top, confidence = case.ranked.symptoms[0]
    return [build_finding(top, min(confidence, UNPROVEN), [], case.texts, case.facts)]


def _remarks(case: Case) -> list[Finding]:
    return [
        build_finding(candidate, min(confidence, UNPROVEN), [], case.texts, case.facts)
        for candidate, confidence in case.ranked.remarks
        if candidate.card.family != "no-fault" or candidate.card.id == "harmless-warning"
    ]


def _failed(case: Case) -> bool:
    """Whether the text shows a failure that nothing harmless accounts for."""
    if any(place not in _accounted(case) for place, _ in _open_exceptions(case)):
        return True
    if any(log.truncated for log in case.texts.logs):
        return True
    harmless = {hit.event for candidate, _ in case.ranked.remarks for hit in candidate.hits}
    lines = {place for source in case.common.failures for place, _, _ in case.texts.find(source)}
    told = any(candidate.hits and confidence >= WORTH_NAMING for candidate, confidence in case.ranked.causes)
    return bool(lines - harmless) or told


def _accounted(case: Case) -> set[Place]:
    return {hit.event for candidate, _ in case.ranked.remarks for hit in candidate.hits}


def _open_exceptions(case: Case) -> list[tuple[Place, ExceptionEvent]]:
    return [(Place(log, event.number), event) for log, event in case.texts.exceptions()]


def _unknown(case: Case) -> list[Finding]:
    causes = _causes(case)
    taken = sum(confidence for _, confidence in case.ranked.causes)
    unknown = _with_telling_line(case, _plain(case, "unknown", UNKNOWN * (1 - taken)))
    if causes and causes[0].confidence >= WORTH_NAMING:
        return [*causes, *unknown, *_remarks(case)]
    return [*unknown, *causes, *_remarks(case)]


def _with_telling_line(case: Case, findings: list[Finding]) -> list[Finding]:
    """What no rule knows is answered with the line that says most: the first own exception, else the first failure."""
    events = [(place, event) for place, event in _open_exceptions(case) if place not in _accounted(case)]
    own = [place for place, _ in events if place not in case.consequences] or [place for place, _ in events]
    lines = sorted(place for source in case.common.failures for place, _, _ in case.texts.find(source))
    for place in (*own, *lines):
        log = case.texts.logs[place.log]
        text = case.texts.shown(log.name, place.line)
        if text:
            evidence = [Evidence("message", log.name, text, 0.0, place.line, "no rule knows this line")]
            return [msgspec.structs.replace(each, evidence=evidence) for each in findings]
    return findings


def _healthy(case: Case) -> list[Finding]:
    remarks = [each for each in _remarks(case) if each.confidence >= NAMED]
    return [*remarks, *_plain(case, "no-failure", 0.9 if not remarks else 0.4)]


def _elsewhere(case: Case) -> tuple[Status, list[Finding]]:
    """No word of nnU-Net: another software's text, or a line too short to tell."""
    causes = [msgspec.structs.replace(each, confidence=round(each.confidence / 2.1, 3)) for each in _named(case)]
    if _may_be_nnunet(case) and causes:
        return "undetermined", causes
    if _may_be_nnunet(case) and _open_exceptions(case):
        return "undetermined", _with_telling_line(case, _plain(case, "unknown", UNKNOWN))
    return "not-nnunet", [*_plain(case, "not-nnunet", 0.9), *causes]


def _may_be_nnunet(case: Case) -> bool:
    """A piece too short to show where it comes from, with no frame of software that nnU-Net does not call."""
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
    return [build_finding(candidate, confidence, [], case.texts, case.facts)]


def _signature(case: Case) -> str | None:
    """Of the first exception that is not a mere consequence; of the first one where all are."""
    events = _open_exceptions(case)
    own = [event for place, event in events if place not in case.consequences] or [event for _, event in events]
    return signature(own[0], case.texts.upstream) if own else None


def _excerpts(texts: Texts, findings: list[Finding]) -> list[Excerpt]:
    """The lines around the evidence, in the order of the texts."""
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        for each in finding.evidence:
            if each.line is not None:
                wanted.setdefault(each.source, set()).update(range(each.line - AROUND, each.line + AROUND + 1))
    lines = (
        Excerpt(log.name, line.number, line.shown[:400])
        for log in texts.logs
        for line in log.lines
        if line.number in wanted.get(log.name, ())
    )
    return [line for _, line in zip(range(EXCERPT_LINES), lines, strict=False)]
