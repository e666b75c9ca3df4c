"""Which cases of a prediction are in memory at the same time: a preprocessing worker, the main process and an export
worker each hold another one (preprocessing_iterator_fromfiles in inference/data_iterators.py;
predict_from_data_iterator)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace

QUEUED_EXPORTS = 2
LAST_PART = 0.2


@dataclass(frozen=True)
class Case:
    """One case: bytes at the peak of each step (a process's base not counted), and the seconds that the step takes.

    early   what an export holds on average before its last fifth, which makes labels of the resampled logits
    item    what a preprocessing worker keeps of a case that is done
    image   what the main process keeps of a case until it gets the next one
    logits  what it keeps of a case until the next one is predicted
    """

    name: str
    preprocess: int
    predict: int
    export: int
    early: int
    item: int
    image: int
    logits: int
    preprocess_seconds: float
    predict_seconds: float
    export_seconds: float

    def of(self, stage: str) -> int:
        """Bytes at the peak of a step."""
        return {"preprocess": self.preprocess, "predict": self.predict, "export": self.export}[stage]


@dataclass(frozen=True)
class Stay:
    """Bytes that are held from `start` to `end`, seconds after the beginning."""

    start: float
    end: float
    bytes: int


def stays(cases: list[Case], preprocessors: int, exporters: int, worker: int) -> list[Stay]:
    """All that is held, and when. `worker`: base of a preprocessing worker, which ends with its last case."""
    npp, nps = max(1, min(preprocessors, len(cases))), max(1, exporters)
    begin, taken, free = [0.0] * len(cases), [0.0] * len(cases), [0.0] * nps
    unfinished: list[float] = []
    found: list[Stay] = []
    main = 0.0
    for index, case in enumerate(cases):
        before = index - npp
        ready = begin[index] + case.preprocess_seconds
        put = max(ready, taken[before]) if before >= 0 else ready
        slot = unfinished[0] if len(unfinished) == nps + QUEUED_EXPORTS else 0.0
        taken[index] = main = max(put, main, slot)
        if index + npp < len(cases):
            begin[index + npp] = put
        done = main + case.predict_seconds
        start = max(done, free[0])
        end = start + case.export_seconds
        heapreplace(free, end)
        _remember(unfinished, end, nps + QUEUED_EXPORTS)
        found += _preparing(case, cases[before] if before >= 0 else None, (begin[index], ready, put), worker)
        found += _predicting(case, cases[index - 1].logits if index else 0, main, done, start)
        found += _exporting(case, start, end)
        main = done
    return found


def _remember(ends: list[float], end: float, most: int) -> None:
    """Keep the latest `most` ends: with so many exports running or waiting, the main process waits for the first of
    them (check_workers_alive_and_busy in utilities/file_path_utilities.py)."""
    heappush(ends, end)
    if len(ends) > most:
        heappop(ends)


def _preparing(case: Case, before: Case | None, times: tuple[float, float, float], worker: int) -> list[Stay]:
    """While a worker makes a case it still holds the one before; then it waits for its queue of one to be empty."""
    begin, ready, put = times
    kept = before.item if before else 0
    return [Stay(begin, ready, worker + kept + case.preprocess), Stay(ready, put, worker + case.item)]


def _predicting(case: Case, last: int, begin: float, done: float, exported: float) -> list[Stay]:
    """The main process keeps the last case's logits while it predicts, and this case's until a worker takes them."""
    return [Stay(begin, done, case.predict + last), Stay(done, exported, case.logits)]


def _exporting(case: Case, start: float, end: float) -> list[Stay]:
    turn = end - LAST_PART * (end - start)
    return [Stay(start, turn, case.early), Stay(turn, end, case.export)]


def most_at_once(found: Iterable[Stay]) -> int:
    """The largest sum of bytes at one moment."""
    changes = [(stay.start, 1, stay.bytes) for stay in found if stay.end > stay.start]
    changes += [(stay.end, 0, -stay.bytes) for stay in found if stay.end > stay.start]
    total = most = 0
    for _, _, change in sorted(changes):
        total += change
        most = max(most, total)
    return most
