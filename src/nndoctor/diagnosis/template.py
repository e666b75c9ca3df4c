"""Message templates: literal text with holes. Matching is linear in the text, whatever the template says."""

from __future__ import annotations

import re
from functools import cache

_HOLE = re.compile(r"\[\*\]|\{([a-z_]+)(:d)?\}")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = r"-?\d+"


class TemplateError(ValueError):
    """A template that cannot be matched by words, or whose hole is malformed."""


def tokens(text: str) -> set[str]:
    """The ASCII words of a text: what templates are found by."""
    return set(_WORD.findall(text))


def collapse(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


class Template:
    """One parsed template.

    It is a sequence of blocks: literals joined by integer holes. Blocks are searched leftmost in turn, each
    from the end of the one before. That is complete for wildcards and never backtracks, so it is linear.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        text = collapse(source)
        self._from_start = text.startswith("^")
        self._to_end = text.endswith("$")
        text = text[self._from_start : len(text) - self._to_end]
        hole = _HOLE.match(text)
        self._from_start = self._from_start and (hole is None or bool(hole.group(2)))
        self._blocks, self._names = _parse(text)

    def match(self, text: str) -> dict[str, str] | None:
        """The captures when the collapsed `text` matches, else None."""
        captures: dict[str, str] = {}
        position, last = 0, len(self._blocks) - 1
        for index, block in enumerate(self._blocks):
            found = self._find(block, text, position, index == 0, index == last)
            if found is None:
                return None
            if index and self._names[index - 1]:
                captures[self._names[index - 1]] = text[position : found.start()].strip()
            captures.update({name: value for name, value in found.groupdict().items() if value is not None})
            position = found.end()
        return captures

    def _find(self, block: str, text: str, position: int, first: bool, last: bool) -> re.Match[str] | None:
        anchored = first and self._from_start
        pattern = _compiled(block + r"\Z" if last and self._to_end else block)
        return pattern.match(text, position) if anchored else pattern.search(text, position)


@cache
def _compiled(block: str) -> re.Pattern[str]:
    return re.compile(block)


def readable(source: str) -> str:
    """A template as a reader takes it: … for anything, ‹name› for what is captured."""
    text = source.removeprefix("^").removesuffix("$")
    return _HOLE.sub(lambda hole: f"‹{hole[1].replace('_', ' ')}›" if hole[1] else "…", text)


@cache
def template(source: str) -> Template:
    """The parsed template, kept for the next call. Raises TemplateError."""
    return Template(source)


def _parse(text: str) -> tuple[list[str], list[str]]:
    """Regular expressions of the blocks, and the name of each hole between two of them ('' for [*])."""
    blocks, names, current, position = [], [], "", 0
    for hole in _HOLE.finditer(text):
        current += _literal(text, position, hole.start())
        position = hole.end()
        if hole.group(2):
            current += f"(?P<{hole.group(1)}>{_NUMBER})"
            continue
        if current:
            blocks.append(current)
            names.append(hole.group(1) or "")
            current = ""
        elif names:
            names[-1] = names[-1] or hole.group(1) or ""
    blocks.append(current + _literal(text, position, len(text)))
    return _without_empty(blocks, names)


def _literal(text: str, start: int, end: int) -> str:
    literal = re.escape(text[start:end])
    if not literal:
        return ""
    before = r"(?<!\w)" if start == 0 and _is_word(text[0]) else ""
    after = r"(?!\w)" if end == len(text) and _is_word(text[-1]) else ""
    return before + literal + after


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _without_empty(blocks: list[str], names: list[str]) -> tuple[list[str], list[str]]:
    if len(blocks) > 1 and not blocks[-1]:
        if names[-1]:
            return [*blocks[:-1], r"\Z"], names
        return blocks[:-1], names[:-1]
    return blocks, names


def literal_start(source: str) -> str:
    """The literal text before the first hole, as far as its white space is single; every matching text holds it."""
    start = source.removeprefix("^").partition("[*]")[0].partition("{")[0].removesuffix("$")
    return " ".join(start.split())


@cache
def anchor_words(source: str) -> list[str]:
    """The whole words of three letters or more that every matching text must hold.

    Raises TemplateError when there is none: such a template could not be found by words.
    """
    text = collapse(source).removeprefix("^").removesuffix("$")
    words = [word.group() for piece in _pieces(text) for word in _WORD.finditer(piece)]
    usable = [word for word in words if len(word) >= 3 and not word.isdigit()]
    if not usable:
        raise TemplateError(f"template {source!r} holds no whole ASCII word of three letters to find it by")
    return usable


def _pieces(text: str) -> list[str]:
    """The literal pieces, without the words that touch a hole (they may be cut there)."""
    pieces, position = [], 0
    for hole in [*_HOLE.finditer(text), None]:
        end = len(text) if hole is None else hole.start()
        piece = text[position:end]
        if position:
            piece = re.sub(r"^[A-Za-z0-9_]+", "", piece)
        if hole is not None:
            piece = re.sub(r"[A-Za-z0-9_]+$", "", piece)
        pieces.append(piece)
        position = end if hole is None else hole.end()
    return pieces
