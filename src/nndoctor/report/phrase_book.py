"""The phrase book: what the program says in English, and the same in the reader's language.

phrases.<language>.yaml holds it, English to translation, with holes for what changes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from nndoctor.report.words import Language

_HOLE = re.compile(r"\{([a-z]+)\}")
_PHRASE = "phrase"
_DEEPEST = 3


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
