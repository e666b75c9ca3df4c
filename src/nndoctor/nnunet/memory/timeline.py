"""Which cases of a prediction are in memory at the same time: a preprocessing worker, the main process and an export worker
each hold another one (preprocessing_iterator_fromfiles in inference/data_iterators.py; predict_from_data_iterator)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heapreplace

QUEUED_EXPORTS = 2


@dataclass(frozen=True)
class Case:
    """One case: bytes at the peak of each step (a process's base not counted), and the seconds that the step takes.

    item    what a preprocessing worker keeps of a case that is done
    logits  what the main process keeps of a case until the next one is predicted
    """

    name: str
    preprocess: int
    predict: int
    export: int
    item: int
    logits: int
    preprocess_seconds: float
    predict_seconds: float
    export_seconds: float


@dataclass(frozen=True)
class Stay:
    """Bytes that are held from `start` to `end`, seconds after the beginning."""

    start: float
    end: float
    bytes: int


def stays(cases: list[Case], preprocessors: int, exporters: int, worker: int) -> list[Stay]:
    """All that is held, and when. `worker`: base of a preprocessing worker, which ends with its last case."""
    npp = max(1, min(preprocessors, len(cases)))
    begin, taken = [0.0] * len(cases), [0.0] * len(cases)
    free = [0.0] * max(1, exporters)
    heapify(free)
    found: list[Stay] = []
    main, ends = 0.0, [0.0] * len(cases)
    for index, case in enumerate(cases):
        before = index - npp
        ready = begin[index] + case.preprocess_seconds
        put = max(ready, taken[before]) if before >= 0 else ready
        taken[index] = main = max(put, main, _slot(ends[:index], len(free) + QUEUED_EXPORTS))
        done = main + case.predict_seconds
        if index + npp < len(cases):
            begin[index + npp] = put
        kept = cases[before].item if before >= 0 else 0
        found += [Stay(begin[index], ready, worker + kept + case.preprocess), Stay(ready, put, worker + case.item)]
        last = cases[index - 1].logits if index else 0
        start = max(done, free[0])
        ends[index] = start + case.export_seconds
        heapreplace(free, ends[index])
        found += [Stay(main, done, case.predict + last), Stay(start, ends[index], case.export)]
        found.append(Stay(done, start, case.logits))
        main = done
    return found


def _slot(ends: list[float], allowed: int) -> float:
    """When fewer than `allowed` exports are running or waiting (check_workers_alive_and_busy)."""
    return sorted(ends)[-allowed] if len(ends) >= allowed else 0.0


def most_at_once(found: Iterable[Stay]) -> int:
    """The largest sum of bytes at one moment."""
    changes = [(stay.start, 1, stay.bytes) for stay in found if stay.end > stay.start]
    changes += [(stay.end, 0, -stay.bytes) for stay in found if stay.end > stay.start]
    total = most = 0
    for _, _, change in sorted(changes):
        total += change
        most = max(most, total)
    return most
