"""Cases that differ from the rest of their dataset: spacing, orientation, size."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from statistics import median

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.grids import numbers
from nndoctor.nnunet.examination.records import CaseRecord

ENOUGH = 5
FAR = 5.0
"""A spacing this many times above or below the median is more often a wrong unit or a lost header than a scanner."""
MINORITY = 0.1


class Outliers:
    """Collects the grids of all cases, three numbers each, and then names those that stand apart."""

    def __init__(self) -> None:
        self._cases: list[tuple[str, str]] = []
        self._spacings = (array("d"), array("d"), array("d"))
        self._orientations: list[str] = []

    def add(self, record: CaseRecord) -> None:
        header = record.images[0].sound if record.images else None
        if header is None or len(header.spacing) != 3:
            return
        self._cases.append((record.case, record.images[0].path))
        for column, step in zip(self._spacings, header.spacing, strict=True):
            column.append(step)
        self._orientations.append(orientation(header.direction))

    def problems(self) -> Iterator[Problem]:
        """The cases that stand apart, when there are enough to tell."""
        if len(self._cases) < ENOUGH:
            return
        middle = [median(column) for column in self._spacings]
        for place, (case, path) in enumerate(self._cases):
            steps = [column[place] for column in self._spacings]
            if any(not _near(step, usual) for step, usual in zip(steps, middle, strict=True)):
                yield Problem("spacing-outlier", path, case, {"found": numbers(steps), "usual": numbers(middle)})
        yield from self._turned()

    def _turned(self) -> Iterator[Problem]:
        """Orientations of less than a tenth of the cases."""
        counted = Counter(self._orientations)
        usual, _ = counted.most_common(1)[0]
        rare = {name for name, count in counted.items() if name and count < max(2, MINORITY * len(self._cases))}
        for (case, path), name in zip(self._cases, self._orientations, strict=True):
            if name in rare and name != usual:
                yield Problem("orientation-outlier", path, case, {"found": name, "usual": usual})


def _near(step: float, usual: float) -> bool:
    return usual <= 0 or usual / FAR <= step <= usual * FAR


def orientation(direction: tuple[float, ...]) -> str:
    """The anatomical axes that x, y, z run along, e.g. LPS: ITK's directions point to the left, back and head."""
    if len(direction) != 9:
        return ""
    columns = [direction[axis::3] for axis in range(3)]
    return "".join(_letter(column) for column in columns)


def _letter(column: tuple[float, ...]) -> str:
    axis = max(range(3), key=lambda index: abs(column[index]))
    return ("LR", "PA", "SI")[axis][0 if column[axis] > 0 else 1]
