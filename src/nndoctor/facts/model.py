"""A fact: a dotted name, a value and where it was seen; or the reason why it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

FactValue = bool | int | float | str | list[str] | list[int] | list[float]
FactType = Literal["bool", "int", "float", "str", "version", "list"]


class FactSpec(msgspec.Struct, frozen=True):
    """What a fact name means: its type, its unit and the command that makes it known."""

    name: str
    type: FactType
    unit: str | None
    meaning: str
    how: str | None = None


class Provenance(msgspec.Struct, frozen=True):
    """Where a value was seen: a line of a text, a file, a probe, or the user's own word."""

    witness: Literal["text", "machine", "nnunet", "user"]
    where: str
    line: int | None = None

    def __str__(self) -> str:
        return self.where if self.line is None else f"{self.where}:{self.line}"


class Fact(msgspec.Struct, frozen=True):
    name: str
    value: FactValue
    source: Provenance


class Missing(msgspec.Struct, frozen=True):
    """A fact that was looked for and not found, with the reason in one line."""

    name: str
    reason: str


class Facts:
    """The facts of one consultation, by name. A present value always beats a reason for its absence."""

    def __init__(self, facts: Iterable[Fact | Missing] = ()) -> None:
        self._known: dict[str, Fact] = {}
        self._missing: dict[str, Missing] = {}
        self.extend(facts)

    def add(self, fact: Fact | Missing) -> None:
        """Keep the fact; the first witness of a name is believed, later ones are not."""
        if isinstance(fact, Missing):
            self._missing.setdefault(fact.name, fact)
        else:
            self._known.setdefault(fact.name, fact)

    def extend(self, facts: Iterable[Fact | Missing]) -> None:
        for fact in facts:
            self.add(fact)

    def get(self, name: str) -> Fact | None:
        return self._known.get(name)

    def value(self, name: str) -> FactValue | None:
        fact = self._known.get(name)
        return None if fact is None else fact.value

    def why_missing(self, name: str) -> str | None:
        """The reason why `name` has no value, or None when nobody looked or when it is known."""
        if name in self._known or name not in self._missing:
            return None
        return self._missing[name].reason

    def missing(self) -> list[Missing]:
        return [gap for name, gap in self._missing.items() if name not in self._known]

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)
