"""Cases that differ from the rest of their dataset: spacing, orientation, size."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from sys import intern

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.grids import numbers, orientation
from nndoctor.nnunet.examination.records import CaseRecord

ENOUGH = 5
FAR = 8.0
"""A slice thickness varies from 0.6 to 5 mm between scanners; beyond that a header is lost more often than not."""
UNITS = (10.0, 1000.0)
"""cm for mm, m or micrometres for mm: then all three axes are off by the same power of ten."""
SAME = 3.0
"""How far around such a power the ratio may lie."""
MINORITY = 0.1


class Outliers:
    """Collects the grids of all cases, six numbers each, and then names those that stand apart."""

    def __init__(self) -> None:
        self._cases: list[tuple[str, str]] = []
        self._spacings = (array("d"), array("d"), array("d"))
        self._extents = (array("d"), array("d"), array("d"))
        self._orientations: list[str] = []

    def add(self, record: CaseRecord) -> None:
        header = record.images[0].sound if record.images else None
        if header is None or len(header.spacing) != 3 or len(header.shape) < 3:
            return
        self._cases.append((record.case, record.images[0].path))
        for axis, step in enumerate(header.spacing):
            self._spacings[axis].append(step)
            self._extents[axis].append(step * header.shape[axis])
        self._orientations.append(intern(orientation(header.direction)))

    def problems(self) -> Iterator[Problem]:
        """The cases that stand apart, when there are enough to tell."""
        if len(self._cases) < ENOUGH:
            return
        middle, wide = ([_median(column) for column in each] for each in (self._spacings, self._extents))
        for place, (case, path) in enumerate(self._cases):
            steps, sizes = ([column[place] for column in each] for each in (self._spacings, self._extents))
            kind = _unusual(_ratios(steps, middle), _ratios(sizes, wide))
            if kind is not None:
                yield Problem(kind, path, case, {"found": numbers(steps), "usual": numbers(middle)})
        yield from self._turned()

    def _turned(self) -> Iterator[Problem]:
        """Orientations of less than a tenth of the cases."""
        counted = Counter(self._orientations)
        usual, _ = counted.most_common(1)[0]
        rare = {name for name, count in counted.items() if name and count < max(2, MINORITY * len(self._cases))}
        for (case, path), name in zip(self._cases, self._orientations, strict=True):
            if name in rare and name != usual:
                yield Problem("orientation-outlier", path, case, {"found": name, "usual": usual})


def _median(column: array[float]) -> float:
    """As statistics.median, whose import costs as much as 200 headers."""
    ordered, half = sorted(column), len(column) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _ratios(values: list[float], usual: list[float]) -> list[float]:
    return [value / middle for value, middle in zip(values, usual, strict=True) if value > 0 and middle > 0]


def _unusual(ratios: list[float], sizes: list[float]) -> str | None:
    """What spacings that are these times the usual ones are a sign of. A coarse scan has as many mm as a fine one; with
    another unit the size of the body is off as well."""
    if len(ratios) == len(sizes) == 3 and _other_unit(ratios) and _other_unit(sizes):
        return "spacing-unit"
    return "spacing-outlier" if any(not 1 / FAR <= ratio <= FAR for ratio in ratios) else None


def _other_unit(ratios: list[float]) -> bool:
    """Whether all three axes are larger, or smaller, by about the same power of ten, and none beyond it."""
    sides = (ratios, [1 / ratio for ratio in ratios])
    return any(all(unit / SAME <= ratio <= unit * SAME for ratio in side) for side in sides for unit in UNITS)
