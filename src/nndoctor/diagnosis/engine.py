"""Rules + events + facts become a Diagnosis."""

from __future__ import annotations

import re

import msgspec

from nndoctor.diagnosis.answers import decide
from nndoctor.diagnosis.case import Case
from nndoctor.diagnosis.comparison import parse
from nndoctor.diagnosis.dating import date
from nndoctor.diagnosis.matching import Place, Texts, context_holds, exception_holds, match_signs
from nndoctor.diagnosis.model import Diagnosis, Excerpt, Finding, InputRecord
from nndoctor.diagnosis.rank import rank
from nndoctor.diagnosis.releases import unmet
from nndoctor.diagnosis.rulebook import Common, Rulebook
from nndoctor.diagnosis.signature import signature
from nndoctor.diagnosis.template import tokens
from nndoctor.diagnosis.weigh import weigh
from nndoctor.facts import Facts
from nndoctor.logs import Log

FINDINGS = 6
AROUND = 3
_ENVIRONMENT = re.compile(r"/envs/[^/]+/|/[^/]*v?env[^/]*/(?=lib/|bin/|Lib/|Scripts/)|^\(\S+\) (?=\S*[@$#>])")
EXCERPT_LINES = 240


def diagnose(
    book: Rulebook,
    logs: list[Log],
    facts: Facts,
    inputs: list[InputRecord],
    environment: str,
    notes: list[str],
) -> Diagnosis:
    """The ranked Diagnosis of these texts and facts. What the texts say about versions is believed first."""
    common = book.common_knowledge()
    texts = Texts(logs, {package: frozenset(files) for package, files in common.upstream.items()})
    facts = Facts([*date(texts, common.markers), *facts, *facts.missing()])
    facts.extend(unmet(facts, common.releases))
    consequences = _consequences(texts, common)
    candidates = weigh(book, match_signs(book, texts), facts, consequences)
    about = _about_nnunet(texts, common)
    case = Case(book, common, texts, facts, rank(candidates), consequences, about, list(notes))
    status, findings = decide(case)
    findings = [msgspec.structs.replace(each, rank=place) for place, each in enumerate(findings[:FINDINGS], 1)]
    return Diagnosis(
        status,
        findings,
        _signature(case),
        list(facts),
        facts.missing(),
        inputs,
        environment,
        [*case.notes, *_hints(case, findings)],
        _excerpts(texts, findings),
    )


def _hints(case: Case, findings: list[Finding]) -> list[str]:
    """Notes that the facts and the first finding's commands call for."""
    commands = " ".join(fix.command or "" for finding in findings[:1] for fix in finding.fixes)
    hints = case.common.hints
    return [hint.note for hint in hints if hint.command in commands and parse(hint.fact).holds(case.facts)]


def _consequences(texts: Texts, common: Common) -> set[Place]:
    """Exceptions that only follow from another one: by kind, or by the chain that the text draws."""
    found = set()
    for log, event in texts.exceptions():
        for sign in common.consequences:
            if exception_holds(sign, event, texts.upstream) is not None and context_holds(sign, texts):
                found.add(Place(log, event.number))
    return found


def _about_nnunet(texts: Texts, common: Common) -> bool:
    """Whether a line or a frame bears a word of nnU-Net; the name of an environment is none."""
    signs = frozenset(common.nnunet)
    bearing = {index for sign in signs & texts.words.keys() for index in texts.words[sign]}
    lines = (texts.entries[index][1].shown for index in sorted(bearing))
    paths = (frame.path for _, event in texts.exceptions() for frame in event.frames)
    if any(not signs.isdisjoint(tokens(_ENVIRONMENT.sub("/", text))) for text in (*lines, *paths)):
        return True
    return texts.holds_anywhere(sign for sign in signs if not sign.isidentifier())


def _signature(case: Case) -> str | None:
    """Of the first exception that is not a mere consequence; of the first one where all are."""
    events = case.exceptions()
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
