"""What the program itself says in English, in the reader's language: meanings of facts, reasons, notes.

The rooms that make these sentences know no language, and JSON keeps them as they are; so they are translated here,
when a report is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from nndoctor.diagnosis.model import Checkup, Diagnosis, Evidence, Finding, InputRecord, NotSeen, Place
from nndoctor.facts import Fact, FactValue, Missing
from nndoctor.report.phrase_book import phrase
from nndoctor.report.words import Language, words

__all__ = ["in_language", "phrase"]

_IN_WORDS = (
    *("_problem", ".problem", "_problems", ".problems", "_reasons", ".invalid", ".unreadable", ".corrupt"),
    *(".incomplete", ".bad_checkpoints", ".unmet"),
)
"""How the names of those facts end whose values are sentences. All other values are shown as they are."""
_STATED = r"[a-z]\w*(?:\.\w+)+ = "
_NEXT_STATEMENT = re.compile(rf", (?={_STATED})")
_IN_BRACKETS = re.compile(rf" \((?={_STATED})")


def in_language(d: Diagnosis, lang: Language) -> Diagnosis:
    """A copy in which everything that the program says, and that no rule's author wrote, is in the language."""
    if lang == "en":
        return d
    told = _told_places(d.checkup, lang)
    return msgspec.structs.replace(
        d,
        findings=[_finding(each, told, lang) for each in d.findings],
        facts=[_fact(each, lang) for each in d.facts],
        missing=[Missing(each.name, phrase(each.reason, lang)) for each in d.missing],
        inputs=[_record(each, lang) for each in d.inputs],
        environment=phrase(d.environment, lang),
        notes=_all(d.notes, lang),
        checkup=None if d.checkup is None else _checkup(d.checkup, told, lang),
    )


def _told_places(checkup: Checkup | None, lang: Language) -> dict[str, str]:
    """The sentences of places whose values are sentences of the program, and these sentences in the language."""
    places = checkup.places if checkup is not None else []
    told = {place.text: _with_values(place, lang) for place in places}
    return {text: words for text, words in told.items() if text != words}


def _with_values(place: Place, lang: Language) -> str:
    text = place.text
    for value in sorted(place.values.values(), key=len, reverse=True):
        if " " in value:
            text = text.replace(value, phrase(value, lang))
    return text


def _checkup(checkup: Checkup, told: dict[str, str], lang: Language) -> Checkup:
    places = [msgspec.structs.replace(place, text=told.get(place.text, place.text)) for place in checkup.places]
    return msgspec.structs.replace(checkup, subject=phrase(checkup.subject, lang), places=places)


def _finding(finding: Finding, told: dict[str, str], lang: Language) -> Finding:
    return msgspec.structs.replace(
        finding,
        evidence=[_told(each, told) or _sign(each, lang) for each in finding.evidence],
        against=[_sign(each, lang) for each in finding.against],
        not_seen=[_gap(each, lang) for each in finding.not_seen],
    )


def _told(sign: Evidence, told: dict[str, str]) -> Evidence | None:
    """The sign of a check, where its place is told in the language."""
    return msgspec.structs.replace(sign, text=told[sign.text]) if sign.text in told else None


def _sign(sign: Evidence, lang: Language) -> Evidence:
    """A line of a text stays as it is; a fact that no line states is told in words."""
    says = _said(sign.says, lang) if sign.says else sign.says
    if sign.line is not None:
        return msgspec.structs.replace(sign, says=says)
    return msgspec.structs.replace(sign, says=says, text=_stated(sign.text, lang), source=phrase(sign.source, lang))


def _said(says: str, lang: Language) -> str:
    """What is said of a sign; the fact that its line states may follow in brackets."""
    found = _IN_BRACKETS.search(says)
    if found is None or not says.endswith(")"):
        return phrase(_stated(says, lang), lang)
    own, stated = says[: found.start()], says[found.end() : -1]
    return phrase(own, lang) + words(lang)["brackets"].format(text=_stated(stated, lang))


def _stated(text: str, lang: Language) -> str:
    """`fact = value, fact = value; value`: those values in the language that are sentences."""
    return ", ".join(_statement(each, lang) for each in _NEXT_STATEMENT.split(text))


def _statement(text: str, lang: Language) -> str:
    name, stated, value = text.partition(" = ")
    if not stated or not name.endswith(_IN_WORDS):
        return text
    return name + stated + words(lang)["semicolon"].join(phrase(each, lang) for each in value.split("; "))


def _gap(gap: NotSeen, lang: Language) -> NotSeen:
    return msgspec.structs.replace(gap, meaning=phrase(gap.meaning, lang), reason=phrase(gap.reason, lang))


def _fact(fact: Fact, lang: Language) -> Fact:
    source = msgspec.structs.replace(fact.source, where=phrase(fact.source.where, lang))
    return Fact(fact.name, _value(fact.value, lang) if fact.name.endswith(_IN_WORDS) else fact.value, source)


def _value(value: FactValue, lang: Language) -> FactValue:
    if isinstance(value, list):
        return [phrase(each, lang) if isinstance(each, str) else each for each in value]  # type: ignore[return-value]
    return phrase(value, lang) if isinstance(value, str) else value


def _record(record: InputRecord, lang: Language) -> InputRecord:
    return msgspec.structs.replace(record, notes=_all(record.notes, lang))


def _all(texts: Iterable[str], lang: Language) -> list[str]:
    return [phrase(each, lang) for each in texts]
