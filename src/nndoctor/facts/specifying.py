"""Short ways to specify facts by the dozen."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec, FactType

Row = tuple[str, FactType, str]


def specs(how: str, *rows: Row, unit: str | None = None) -> tuple[FactSpec, ...]:
    """One fact per row: its name, its type and what it means."""
    return tuple(FactSpec(name, kind, unit, meaning, how) for name, kind, meaning in rows)


def lists(how: str, *rows: tuple[str, str]) -> tuple[FactSpec, ...]:
    """Two facts per row: the list itself, and how many entries it has."""
    found = specs(how, *((name, "list", meaning) for name, meaning in rows))
    return found + specs(how, *((f"{name}_count", "int", f"how many: {meaning}") for name, meaning in rows))
