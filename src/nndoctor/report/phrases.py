"""What the program itself says in English, in the reader's language: meanings of facts, reasons, notes.

The rooms that make these sentences know no language, and JSON keeps them as they are; so they are translated here,
when a report is rendered. phrases.<language>.yaml holds them, English to translation, with holes for what changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from nndoctor.diagnosis.model import Diagnosis, Evidence, Finding, InputRecord, NotSeen
from nndoctor.facts import Fact, FactValue, Missing
from nndoctor.report.words import Language, words

_HOLE = re.compile(r"\{([a-z]+)\}")
_PHRASE = "phrase"
_DEEPEST = 3
_IN_WORDS = (
    *("_problem", ".problem", "_problems", ".problems", "_reasons", ".invalid", ".unreadable", ".corrupt"),
    *(".incomplete", ".bad_checkpoints", ".unmet"),
)
"""How the names of those facts end whose values are sentences. All other values are shown as they are."""
_STATED = r"[a-z]\w*(?:\.\w+)+ = "
_NEXT_STATEMENT = re.compile(rf", (?={_STATED})")
_IN_BRACKETS = re.compile(rf" \((?={_STATED})")


class _Template(NamedTuple):
    """The literals around the holes of the English, the names of these holes, and the pieces of the translation, every
    second of which is the name of a hole."""

    literals: list[str]
    holes: list[str]
    pieces: list[str]

    def values(self, text: str) -> dict[str, str] | None:
        """What stands in the holes, None when `text` does not match. Leftmost in turn, so linear in the text."""
        first, *between, last = self.literals
        position, end = len(first), len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last):
            return None
        cuts = [position]
        for literal in between:
            found = text.find(literal, position, end)
            if found < 0:
                return None
            position = found + len(literal)
            cuts += [found, position]
        cuts.append(end)
        pairs = zip(cuts[::2], cuts[1::2], strict=True)
        return None if position > end else dict(zip(self.holes, (text[a:b] for a, b in pairs), strict=True))

    def filled(self, values: dict[str, str]) -> str:
        """The translation. Values are joined in and never formatted: what a user wrote cannot act."""
        return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(self.pieces))


class _Book(NamedTuple):
    """The exact texts, and the templates in the order in which they are tried: those that begin with the most words of
    their own first, then those that hold the most. So `none: {phrase}` comes before `{path} does not exist`."""

    exact: dict[str, str]
    templates: list[_Template]


def phrase(text: str, lang: Language) -> str:
    """`text` in the language: the exact entry, else the first template that matches it whole, else `text`."""
    return text if lang == "en" else _translated(text, lang, _DEEPEST) or text


def in_language(d: Diagnosis, lang: Language) -> Diagnosis:
    """A copy in which everything that the program says, and that no rule's author wrote, is in the language."""
    if lang == "en":
        return d
    return msgspec.structs.replace(
        d,
        findings=[_finding(each, lang) for each in d.findings],
        facts=[_fact(each, lang) for each in d.facts],
        missing=[Missing(each.name, phrase(each.reason, lang)) for each in d.missing],
        inputs=[_record(each, lang) for each in d.inputs],
        environment=phrase(d.environment, lang),
        notes=_all(d.notes, lang),
    )


def _translated(text: str, lang: Language, depth: int) -> str | None:
    book = _book(lang)
    if text in book.exact:
        return book.exact[text]
    found = (_by(each, text, lang, depth) for each in book.templates) if depth else ()
    return next((words for words in found if words is not None), None)


def _by(template: _Template, text: str, lang: Language, depth: int) -> str | None:
    """The translation by one template. A hole {phrase} holds a sentence that has to be known as well."""
    values = template.values(text)
    if values is None:
        return None
    if _PHRASE in values:
        words = _translated(values[_PHRASE], lang, depth - 1)
        if words is None:
            return None
        values[_PHRASE] = words
    return template.filled(values)


@cache
def _book(lang: Language) -> _Book:
    entries = _entries(lang)
    templates = [_template(english, told) for english, told in entries.items() if _HOLE.search(english)]
    exact = {english: told for english, told in entries.items() if not _HOLE.search(english)}
    return _Book(exact, sorted(templates, key=_says_most))


def _entries(lang: Language) -> dict[str, str]:
    import yaml

    text = resources.files("nndoctor.report").joinpath(f"phrases.{lang}.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), dict[str, str])


def _template(english: str, told: str) -> _Template:
    parts = _HOLE.split(english)
    return _Template(parts[::2], parts[1::2], _HOLE.split(told))


def _says_most(template: _Template) -> tuple[int, int]:
    return -len(template.literals[0]), -sum(map(len, template.literals))


def _finding(finding: Finding, lang: Language) -> Finding:
    return msgspec.structs.replace(
        finding,
        evidence=[_sign(each, lang) for each in finding.evidence],
        against=[_sign(each, lang) for each in finding.against],
        not_seen=[_gap(each, lang) for each in finding.not_seen],
    )


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
