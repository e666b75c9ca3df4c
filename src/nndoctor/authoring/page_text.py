"""Markdown in which the text of a rule is text: nothing of it becomes markup, HTML or a template."""

from __future__ import annotations

import html
import json
import re

from nndoctor.report.visible import one_line, visible

_TICKS = re.compile("`+")
_ACTING = {char: f"\\{char}" for char in "\\`*_{}[]#|!"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_START = re.compile(r"^(\d*)([-+:?/.)~=^$])")


def prose(text: str) -> str:
    """`text` for a paragraph, a table cell or a list item, on one line."""
    calm = "".join(_ACTING.get(char, char) for char in one_line(text))
    return _LINE_START.sub(lambda match: f"{match[1]}&#{ord(match[2])};", calm)


def code(text: str) -> str:
    """`text` as code within a line; its own backticks cannot end it."""
    text = one_line(text) or " "
    ticks = "`" * _longer_than_any_run(text, 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, shell: str = "text") -> str:
    """`text` as a block that nothing in it can end."""
    ticks = "`" * _longer_than_any_run(text, 3)
    return f"{ticks}{shell}\n{visible(text).strip()}\n{ticks}"


def _longer_than_any_run(text: str, least: int) -> int:
    return max(least, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))


def heading(level: int, text: str, anchor: str = "", *, searched: bool = True) -> str:
    """A heading; its anchor is the same in every language. What is not searched would only hide better answers."""
    attributes = f" {{#{anchor}{'' if searched else ' data-search-exclude'}}}" if anchor else ""
    return f"{'#' * level} {text}{attributes}"


def capital(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]


def link(text: str, target: str) -> str:
    """A link to another page of the same language; the build fails when there is none."""
    return f"[{prose(text)}]({target})"


def other_site(text: str, target: str, lang: str) -> str:
    """A link into the site in the other language, which the generator does not know of."""
    return f'<a href="{target}" hreflang="{lang}" lang="{lang}">{text}</a>'


def indented(text: str, spaces: int = 4) -> str:
    """`text` within a list item or a tab. Empty lines stay empty."""
    return "\n".join(" " * spaces + line if line else "" for line in text.split("\n"))


def bullets(items: list[str]) -> str:
    """A list; the further lines of an item belong to it."""
    apart = "\n\n" if any("\n\n" in item for item in items) else "\n"
    return apart.join(f"- {indented(item).lstrip()}" for item in items)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of finished cells."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))


def page(title: str, blocks: list[str], *, description: str = "", searched: bool = True, wide: bool = False) -> str:
    """A whole page; a `wide` one has no table of contents beside it.

    The generator puts title and description into the HTML head as they are, so they are HTML.
    """
    told = {"title": html.escape(one_line(title)), "description": html.escape(one_line(description))}
    meta = {**told, "search": {"exclude": not searched}, "hide": ["toc"] if wide else []}
    head = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in meta.items() if value]
    return "\n".join(["---", *head, "---", "", "\n\n".join([heading(1, prose(title)), *filter(None, blocks)]), ""])
