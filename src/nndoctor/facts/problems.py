"""A problem: one thing that is wrong with a file, a folder or a machine, as it was seen before a run."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

MOST_KEPT = 200


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`kind` is a row of rules/common/problems.yaml, `where` a file or folder; `values` fill the row's sentence."""

    kind: str
    where: str
    case: str | None = None
    values: dict[str, str] = {}


class ProblemLog:
    """Problems by kind: how many there are, and the first 200 of each, so that memory does not grow with the files."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._kept: dict[str, list[Problem]] = {}
        self._counts: dict[str, int] = {}
        self.extend(problems)

    def add(self, problem: Problem) -> None:
        kept = self._kept.setdefault(problem.kind, [])
        self._counts[problem.kind] = self._counts.get(problem.kind, 0) + 1
        if len(kept) < MOST_KEPT:
            kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def kinds(self) -> list[str]:
        return list(self._kept)

    def count(self, kind: str) -> int:
        return self._counts.get(kind, 0)

    def kept(self, kind: str) -> list[Problem]:
        return self._kept.get(kind, [])
