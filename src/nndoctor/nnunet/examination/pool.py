"""Many cases, in order, by as many processes as were granted; memory does not grow with their number."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import islice

from nndoctor.nnunet.examination.examine import examine
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, FileRecord

Known = Callable[[list[CaseFiles]], dict[str, FileRecord]]
CHUNK = {Depth.headers: 128, Depth.labels: 16, Depth.deep: 2}
AHEAD = 3
"""Chunks that wait for each worker."""


def nothing_known(_: list[CaseFiles]) -> dict[str, FileRecord]:
    return {}


def examine_all(
    cases: Iterable[CaseFiles], depth: Depth, workers: int, known: Known = nothing_known
) -> Iterator[CaseRecord]:
    """The records of the cases, in their order. `known` tells what of a chunk needs not be read again."""
    chunks = _chunks(cases, CHUNK[depth])
    if workers <= 1:
        for chunk in chunks:
            yield from examine_chunk(chunk, depth, known(chunk))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from _in_order(pool, chunks, depth, workers, known)


def examine_chunk(chunk: list[CaseFiles], depth: Depth, known: dict[str, FileRecord]) -> list[CaseRecord]:
    return [examine(case, depth, known) for case in chunk]


def _in_order(
    pool: Executor, chunks: Iterator[list[CaseFiles]], depth: Depth, workers: int, known: Known
) -> Iterator[CaseRecord]:
    waiting: deque[Future[list[CaseRecord]]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(examine_chunk, chunk, depth, known(chunk)))
        if len(waiting) >= workers * AHEAD:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _chunks(cases: Iterable[CaseFiles], size: int) -> Iterator[list[CaseFiles]]:
    rest = iter(cases)
    while chunk := list(islice(rest, size)):
        yield chunk
