"""The allow-list that redaction works by, read from safe_path_words.txt: data, so that it can be reviewed as such."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cache, lru_cache
from importlib import resources

SECTIONS = (
    "components",
    "behind",
    "code",
    "compiled",
    "roots",
    "homes",
    "images",
    "endings",
    "people",
    "hosts",
    "path options",
)


@cache
def section(name: str) -> tuple[str, ...]:
    """The lines of one section, as they are written."""
    return tuple(_sections()[name])


@cache
def folded(name: str) -> frozenset[str]:
    """The lines of one section in lower case, for words that know no case."""
    return frozenset(line.casefold() for line in section(name))


@lru_cache(8192)
def is_safe(component: str) -> bool:
    """Whether a component of a path may be kept as it is."""
    return _matcher("components").fullmatch(component) is not None


def is_code_tree(component: str) -> bool:
    """Whether source files that stand behind this component are public code."""
    return _matcher("code").fullmatch(component) is not None


@cache
def endings() -> tuple[str, ...]:
    """All endings of files that may be kept, longest first."""
    return tuple(sorted({*section("images"), *section("endings")}, key=len, reverse=True))


@cache
def _matcher(name: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(line).replace(r"\#\#", r"\d+") for line in section(name)))


@cache
def _sections() -> dict[str, list[str]]:
    text = resources.files("nndoctor.report").joinpath("safe_path_words.txt").read_text(encoding="utf-8")
    return _parse(text.splitlines())


def _parse(lines: Iterable[str]) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {name: [] for name in SECTIONS}
    current = sections["components"]
    for line in lines:
        title = line[1:-1] if line.startswith("[") and line.endswith("]") else ""
        if title in sections:
            current = sections[title]
        elif line.strip() and not line.startswith("# "):
            current.append(line)
    return sections
