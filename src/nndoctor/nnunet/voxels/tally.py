"""Running figures over the voxels of one image."""

from __future__ import annotations

import math

import numpy as np

from nndoctor.nnunet.voxels.model import MOST_VALUES, Voxels
from nndoctor.nnunet.voxels.numbers import Numbers


class Tally:
    """Minimum, maximum, NaN and infinite voxels of the chunks it is given."""

    def __init__(self) -> None:
        self.count = 0
        self.nan = 0
        self.infinite = 0
        self.minimum = math.inf
        self.maximum = -math.inf

    def add(self, chunk: Numbers) -> None:
        """Counts a chunk of at least one voxel."""
        self.count += chunk.size
        self._extremes(self._finite(chunk) if chunk.dtype.kind == "f" else chunk)

    def _finite(self, chunk: Numbers) -> Numbers:
        """The finite voxels. Sums tell at little cost that all of them are: NaN and infinity survive every sum."""
        with np.errstate(all="ignore"):
            if math.isfinite(chunk.min()) and math.isfinite(chunk.max()):
                return chunk
            finite = np.isfinite(chunk)
            nan = int(np.count_nonzero(np.isnan(chunk)))
        self.nan += nan
        self.infinite += chunk.size - int(np.count_nonzero(finite)) - nan
        return chunk[finite]

    def _extremes(self, chunk: Numbers) -> None:
        if chunk.size:
            self.minimum = min(self.minimum, chunk.min().item())
            self.maximum = max(self.maximum, chunk.max().item())

    @property
    def constant(self) -> bool:
        finite = self.count - self.nan - self.infinite
        return self.nan == self.count or (finite == self.count and self.minimum == self.maximum)


class LabelTally(Tally):
    """The same, with the distinct values and the number of voxels greater than 0."""

    def __init__(self) -> None:
        super().__init__()
        self.values: set[int | float] | None = set()
        self.foreground = 0

    def _extremes(self, chunk: Numbers) -> None:
        if not chunk.size:
            return
        low, high = chunk.min().item(), chunk.max().item()
        self.minimum, self.maximum = min(self.minimum, low), max(self.maximum, high)
        if high > 0:
            self.foreground += chunk.size if low > 0 else int(np.count_nonzero(np.greater(chunk, 0)))
        if self.values is not None:
            self._distinct(chunk, low, high)

    def _distinct(self, chunk: Numbers, low: int | float, high: int | float) -> None:
        """Labels come in runs: only the first voxel of each run is looked at."""
        if self.values is None or self._known(low, high):
            return
        starts = chunk[1:][chunk[1:] != chunk[:-1]]
        self.values.add(chunk[0].item())
        self.values.update(np.unique(starts).tolist())
        if len(self.values) > MOST_VALUES:
            self.values = None

    def _known(self, low: int | float, high: int | float) -> bool:
        """Whether every value that a chunk from `low` to `high` can hold was seen before."""
        if self.values is None or isinstance(low, float) or isinstance(high, float) or high - low >= MOST_VALUES:
            return self.values is not None and low == high and low in self.values
        return self.values.issuperset(range(low, high + 1))


def result(tally: Tally, surplus: int = 0) -> Voxels:
    finite = tally.count > tally.nan + tally.infinite
    labels = tally if isinstance(tally, LabelTally) else None
    return Voxels(
        minimum=float(tally.minimum) if finite else 0.0,
        maximum=float(tally.maximum) if finite else 0.0,
        nan=tally.nan,
        infinite=tally.infinite,
        values=None if labels is None or labels.values is None else sorted(_plain(value) for value in labels.values),
        foreground=None if labels is None else labels.foreground,
        constant=tally.constant,
        surplus=surplus,
    )


def _plain(value: int | float) -> int | float:
    """A whole number as an int: 2.0 in a float file is the label 2."""
    return int(value) if value == int(value) else value
