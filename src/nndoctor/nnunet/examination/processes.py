"""Worker processes that may be killed (by the kernel when memory runs out, or by a broken library): nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import NamedTuple

import msgspec

from nndoctor.nnunet.examination.examine import examine, examine_file
from nndoctor.nnunet.examination.pool import AHEAD, Chunk, Known, examine_chunk
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, FileRecord

KILLED = "reading it killed the process that read it, twice: out of memory, or a fault in a library"
_TRIES = 2
_MOST_WINDOWS = 61
"""ProcessPoolExecutor takes no more workers there."""


class _Job(NamedTuple):
    chunk: Chunk
    known: dict[str, FileRecord]
    future: Future[list[CaseRecord]]


def in_processes(chunks: Iterator[Chunk], depth: Depth, workers: int, known: Known) -> Iterator[CaseRecord]:
    """The records of the chunks, in their order."""
    crew = _Crew(workers, depth)
    waiting: deque[_Job] = deque()
    try:
        for chunk in chunks:
            waiting.append(crew.begin(chunk, known(chunk)))
            if len(waiting) >= crew.workers * AHEAD:
                yield from crew.first_of(waiting)
        while waiting:
            yield from crew.first_of(waiting)
    except BaseException:
        crew.kill()
        raise
    crew.stop()


class _Crew:
    """Worker processes, and others in their place when one of them was killed."""

    def __init__(self, workers: int, depth: Depth) -> None:
        self.workers = min(workers, _MOST_WINDOWS) if sys.platform == "win32" else workers
        self._depth = depth
        self._pool = _pool(self.workers)

    def begin(self, chunk: Chunk, known: dict[str, FileRecord]) -> _Job:
        try:
            future = self._pool.submit(examine_chunk, chunk, self._depth, known)
        except BrokenProcessPool as broken:
            future = Future()
            future.set_exception(broken)
        return _Job(chunk, known, future)

    def first_of(self, waiting: deque[_Job]) -> list[CaseRecord]:
        """The records of the first job. When a worker was killed, those of all jobs."""
        try:
            records = waiting[0].future.result()
            waiting.popleft()
            return records
        except BrokenProcessPool:
            self.stop()
            records = self._recovered(waiting)
            self._pool = _pool(self.workers)
            return records

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def kill(self) -> None:
        """At once: a worker may need minutes for the file that it reads."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self.stop()

    def _recovered(self, waiting: deque[_Job]) -> list[CaseRecord]:
        """What is not done yet is done by one process alone. When nothing kills it there, it was the memory of all
        together, and half of the workers go on."""
        records: list[CaseRecord] = []
        cell = _Cell(self._depth)
        while waiting:
            job = waiting.popleft()
            done = job.future.done() and job.future.exception() is None
            records += job.future.result() if done else [cell.case(case, job.known) for case in job.chunk]
        cell.close()
        if not cell.guilty:
            self.workers = max(1, self.workers // 2)
        return records


class _Cell:
    """One process that reads alone, and another when it was killed. `guilty` counts the files that do that twice."""

    def __init__(self, depth: Depth) -> None:
        self.guilty = 0
        self._depth = depth
        self._pool = _pool(1)

    def case(self, case: CaseFiles, known: dict[str, FileRecord]) -> CaseRecord:
        """The record of a case; when it kills its reader, file by file."""
        try:
            return self._pool.submit(examine, case, self._depth, known).result()
        except BrokenProcessPool:
            self._renew()
        images = [self._file(path, False) for path in case.images]
        return CaseRecord(case.case, images, None if case.label is None else self._file(case.label, True))

    def close(self) -> None:
        self._pool.shutdown()

    def _file(self, path: str, is_label: bool) -> FileRecord:
        for _ in range(_TRIES):
            try:
                return self._pool.submit(examine_file, path, self._depth, is_label).result()
            except BrokenProcessPool:
                self._renew()
        self.guilty += 1
        return spared(path, is_label)

    def _renew(self) -> None:
        self.close()
        self._pool = _pool(1)


def spared(path: str, is_label: bool) -> FileRecord:
    """The record of a file that kills its reader: its header alone, which is read without any library."""
    return msgspec.structs.replace(examine_file(path, Depth.headers, is_label), trouble=KILLED)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_settle)


def _context() -> BaseContext:
    """Forked where that is safe: it takes 5 ms, and a fresh interpreter 200 ms."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


def _settle() -> None:
    """A worker leaves Ctrl-C to its parent, and goes when its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
