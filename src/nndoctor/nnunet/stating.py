"""How this room states what it saw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

from nndoctor.facts import Fact, FactValue, Missing, Provenance

Statement = Fact | Missing
LONGEST_LIST = 50
LONGEST_TEXT = 1_000


def state(name: str, value: FactValue, where: Path | str) -> Fact:
    return Fact(name, _printable(value), Provenance("nnunet", clean(str(where))))


def clean(text: str) -> str:
    """At most 1,000 letters of `text`; lone surrogates (file names that are no Unicode) escaped for UTF-8."""
    return text[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")


def _printable(value: FactValue) -> FactValue:
    if isinstance(value, str):
        return clean(value)
    return [clean(item) for item in value if isinstance(item, str)] if _holds_text(value) else value


def _holds_text(value: FactValue) -> TypeGuard[list[str]]:
    return isinstance(value, list) and any(isinstance(item, str) for item in value)


def listed(name: str, values: Sequence[str], where: Path | str) -> list[Statement]:
    """Two facts: the first 50 values under `name`, and how many there are under `name`_count."""
    return [state(name, list(values[:LONGEST_LIST]), where), state(f"{name}_count", len(values), where)]


def absent(names: Sequence[str], reason: str) -> list[Statement]:
    """One Missing per name, all for the same reason, in one line."""
    line = clean(" ".join(reason.splitlines()))
    return [Missing(name, line) for name in names]
