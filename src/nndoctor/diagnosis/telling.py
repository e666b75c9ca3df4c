"""The lines that say most where no rule does: of unknown failures, of texts that end too early, of other software."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import msgspec

from nndoctor.diagnosis.case import Case
from nndoctor.diagnosis.matching import Place
from nndoctor.diagnosis.model import Evidence, Finding
from nndoctor.diagnosis.template import readable

STRANGE = 4


def with_evidence(findings: list[Finding], signs: list[Evidence]) -> list[Finding]:
    """The findings with further signs; a line that is shown already is not shown again."""
    return [msgspec.structs.replace(each, evidence=_each_once([*each.evidence, *signs])) for each in findings]


def _each_once(signs: list[Evidence]) -> list[Evidence]:
    first: dict[tuple[str, int | None], Evidence] = {}
    for sign in signs:
        first.setdefault((sign.source, sign.line), sign)
    return list(first.values())


def telling_line(case: Case, says: str | None) -> list[Evidence]:
    """The first exception of its own right, else the first failure, else where the text breaks off."""
    harmless = case.harmless()
    places = [place for place, _ in case.exceptions() if place not in harmless]
    own = [place for place in places if place not in case.consequences] or places
    signs = (sign for place in (*own, *sorted(case.failure_lines() - harmless)) for sign in _shown(case, place, says))
    return [*islice(chain(signs, _broken_off(case)), 1)]


def unexplained(case: Case) -> list[Evidence]:
    """The first exception of its own right that speaks for no cause and for no symptom."""
    ranked = (*case.ranked.causes, *case.ranked.symptoms, *case.ranked.remarks)
    told = {hit.event for candidate, _ in ranked for hit in candidate.hits if hit.sign.weight in ("decisive", "strong")}
    places = [place for place, _ in case.exceptions() if place not in told and place not in case.consequences]
    return [sign for place in places[:1] for sign in _shown(case, place, "no rule knows this line")]


def strange_lines(case: Case) -> list[Evidence]:
    """The last printed lines that no healthy run prints, in their order."""
    _, unknown = case.healthy.familiar(case.texts)
    says = "no healthy run prints this line"
    return [sign for place in unknown[-STRANGE:] for sign in _shown(case, place, says)]


def last_step(case: Case) -> list[Evidence]:
    """The last step of a healthy run that the text shows, and the step that is missing after it."""
    reached = case.healthy.reached(str(case.facts.value("log.command")), case.texts, case.facts)
    if reached is None:
        return []
    says = f"the last step of a healthy run that is here: {reached.step.means}" + (
        f"; a healthy run goes on with: {readable(reached.next.text)}" if reached.next else ""
    )
    return list(_shown(case, reached.place, says))


def _broken_off(case: Case) -> Iterator[Evidence]:
    """The header of the traceback in which a text stops."""
    for index, log in enumerate(case.texts.logs):
        if log.truncated:
            headers = [line.number for line in log.lines if line.text.strip().startswith("Traceback (")]
            for number in headers[-1:]:
                yield from _shown(case, Place(index, number), "the text stops inside this traceback")


def _shown(case: Case, place: Place, says: str | None) -> Iterator[Evidence]:
    line = case.texts.line(place.log, place.line)
    text = line.shown.strip() if line is not None else ""
    if text:
        yield Evidence("message", case.texts.logs[place.log].name, text, 0.0, place.line, says)
