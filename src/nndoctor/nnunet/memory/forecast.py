"""The forecast: rows with the bytes that each stage of a run takes, and the largest number of workers that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate

MARGIN = 0.9
MOST_WORKERS = 64


@dataclass(frozen=True)
class Row:
    """One stage. All sizes in bytes.

    stage         fingerprint, preprocess, predict, export, training, listing or gpu
    case          the case that needs most; None where cases do not matter
    one           what one worker needs for that case, its base included
    workers       in force
    total         sum of RSS of the whole process tree at the peak of the stage: what psutil, top and htop add up to.
                  Shared memory, forked children and libraries are counted once per process
    charged       the same with shared memory counted once, as the kernel does for a cgroup: this is held against
                  `granted`
    granted       what may be used; None: unknown
    option        which option or variable sets the number of workers
    safe_workers  the largest number of workers whose `charged` is at most nine tenths of `granted`; 0 when not even
                  one is; None when `granted` is unknown or no option sets the workers
    safe_total    `charged` with so many workers; with one worker when not even one fits
    formula       anchor in docs/memory.md
    configuration the configuration that the row is about, where it is one of several
    """

    stage: str
    case: str | None
    one: int
    workers: int
    total: int
    charged: int
    granted: int | None
    option: str | None
    safe_workers: int | None
    safe_total: int | None
    formula: str
    configuration: str | None = None

    @property
    def fits(self) -> bool | None:
        """Whether the stage fits into what is granted; None when that is unknown."""
        return None if self.granted is None else self.charged <= self.granted


@dataclass(frozen=True)
class Need:
    """Bytes of a stage, by both ways of counting."""

    total: int
    charged: int


def largest_safe(need: Callable[[int], Need], granted: int | None, most: int) -> tuple[int | None, int | None]:
    """The largest number of workers, up to `most` and 64, that fits into nine tenths of `granted`, and its charged
    bytes. A tenth is left because measured runs were up to a tenth above the forecast. (0, bytes of one worker) when
    not even one fits."""
    if granted is None:
        return None, None
    safe, bytes_then = 0, need(1).charged
    for workers in range(1, min(most, MOST_WORKERS) + 1):
        charged = need(workers).charged
        if charged > MARGIN * granted:
            break
        safe, bytes_then = workers, charged
    return safe, bytes_then


def largest_sums(sizes: Iterable[int]) -> list[int]:
    """At index n the sum of the n largest sizes, for n up to 64."""
    return [0, *accumulate(nlargest(MOST_WORKERS, sizes))]


def together(sums: list[int], count: int) -> int:
    """The sum of the `count` largest sizes, of as many as there are."""
    return sums[max(0, min(count, len(sums) - 1))]
