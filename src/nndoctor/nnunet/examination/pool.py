"""Many cases, in order, by as many readers as are of use; memory does not grow with their number."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from nndoctor.nnunet.examination.examine import examine
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, FileRecord

Known = Callable[[list[CaseFiles]], dict[str, FileRecord]]
Chunk = list[CaseFiles]
CHUNK = {Depth.headers: 64, Depth.labels: 16, Depth.deep: 2}
"""Cases that are read at a time."""
AHEAD = 3
"""Chunks that wait for each reader."""
SLOW_S = 0.001
"""A header takes 0.05 ms. A drive that takes this long for a file makes its reader wait, so several wait at once."""
THREADS = 16


def nothing_known(_: Chunk) -> dict[str, FileRecord]:
    return {}


def examine_all(
    cases: Sequence[CaseFiles], depth: Depth, workers: int, known: Known = nothing_known
) -> Iterator[CaseRecord]:
    """The records of the cases, in their order. `known` tells what of a chunk needs not be read again.

    Headers cost less than handing them from process to process (docs/scale.md). Voxels are read in processes, so
    that a library that dies of a file, or of too little memory, takes nothing else with it.
    """
    chunks = chunks_of(cases, CHUNK[depth])
    if depth is Depth.headers:
        yield from _headers(chunks, known)
        return
    from nndoctor.nnunet.examination.processes import in_processes

    useful = -(-len(cases) // CHUNK[depth])
    yield from in_processes(chunks, depth, max(1, min(workers, useful)), known)


def chunks_of(cases: Sequence[CaseFiles], size: int) -> Iterator[Chunk]:
    rest = iter(cases)
    while chunk := list(islice(rest, size)):
        yield chunk


def examine_chunk(chunk: Chunk, depth: Depth, known: dict[str, FileRecord]) -> list[CaseRecord]:
    return [examine(case, depth, known) for case in chunk]


def _headers(chunks: Iterator[Chunk], known: Known) -> Iterator[CaseRecord]:
    """One chunk after the other, until one shows that the drive is slow."""
    for chunk in chunks:
        start = time.perf_counter()
        records = examine_chunk(chunk, Depth.headers, known(chunk))
        slow = time.perf_counter() - start > SLOW_S * sum(len(record.files) for record in records)
        yield from records
        if slow:
            break
    yield from _in_threads(chunks, known)


def _in_threads(chunks: Iterator[Chunk], known: Known) -> Iterator[CaseRecord]:
    waiting: deque[Future[list[CaseRecord]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for chunk in chunks:
            for part in (chunk[start : start + 4] for start in range(0, len(chunk), 4)):
                waiting.append(pool.submit(examine_chunk, part, Depth.headers, known(part)))
            while len(waiting) > THREADS * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
