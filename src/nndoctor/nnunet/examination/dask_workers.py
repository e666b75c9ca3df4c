"""Cases are read by the workers of a Dask cluster. A worker that is killed loses nothing: its chunk is read again."""

from __future__ import annotations

import importlib
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from nndoctor import __version__
from nndoctor.nnunet.examination.pool import AHEAD, Chunk, Known, chunks_of, examine_chunk
from nndoctor.nnunet.examination.processes import in_processes
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, ExaminationError, FileRecord
from nndoctor.nnunet.files import is_file

CONNECT_S = 30
WORKERS_S = 600
"""A cluster that starts its workers on SLURM needs its time."""
CHUNK = {Depth.headers: 256, Depth.labels: 64, Depth.deep: 6}
"""Cases that a worker reads at a time: Dask takes some milliseconds for a task."""
FEWEST_AHEAD = 8
COUNT_EVERY = 16
"""Chunks between two questions to the scheduler how many workers there are now."""
INSTALL = "pip install 'nndoctor[dask]'"
_UNSEEN = "does not exist"


class DaskError(ExaminationError):
    """A cluster that cannot be used; the text says why in one line."""


class Seen(NamedTuple):
    """What a worker saw, and the name of its computer."""

    host: str
    records: list[CaseRecord]


class _Future(Protocol):
    def result(self) -> Seen: ...


class _Client(Protocol):
    """What is used of distributed.Client."""

    def submit(
        self,
        function: Callable[[Chunk, Depth, dict[str, FileRecord]], Seen],
        chunk: Chunk,
        depth: Depth,
        known: dict[str, FileRecord],
        *,
        pure: bool,
    ) -> _Future: ...
    def run(self, function: Callable[[], str], *, on_error: str) -> dict[str, str | Exception]: ...
    def nthreads(self) -> dict[str, int]: ...
    def wait_for_workers(self, n_workers: int, *, timeout: float) -> None: ...
    def close(self) -> None: ...


class _Job(NamedTuple):
    chunk: Chunk
    known: dict[str, FileRecord]
    future: _Future


def in_dask(
    cases: Sequence[CaseFiles], depth: Depth, address: str, known: Known, notes: list[str]
) -> Iterator[CaseRecord]:
    """The records of the cases, in their order; `notes` tells what the cluster could not do. Raises DaskError."""
    client = _connected(address)
    unseen: Counter[str] = Counter()
    waiting: deque[_Job] = deque()
    most = FEWEST_AHEAD
    try:
        for place, chunk in enumerate(chunks_of(cases, CHUNK[depth])):
            if place % COUNT_EVERY == 0:
                most = max(FEWEST_AHEAD, AHEAD * sum(client.nthreads().values()))
            waiting.append(_begin(client, chunk, depth, known(chunk)))
            while len(waiting) >= most:
                yield from _first_of(waiting, depth, unseen)
        while waiting:
            yield from _first_of(waiting, depth, unseen)
    finally:
        client.close()
    notes += [_told(host, count) for host, count in sorted(unseen.items())]


def look(chunk: Chunk, depth: Depth, known: dict[str, FileRecord]) -> Seen:
    """Runs on a worker."""
    return Seen(socket.gethostname(), examine_chunk(chunk, depth, known))


def version_there() -> str:
    """Runs on a worker."""
    return __version__


def _connected(address: str) -> _Client:
    """A client of the scheduler at `address`, or that wrote the file `address`; it has at least one worker."""
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise DaskError(f"--dask needs distributed: {INSTALL}") from error
    named = {"scheduler_file": address} if is_file(Path(address)) else {"address": address}
    try:
        client = cast("_Client", distributed.Client(**named, timeout=CONNECT_S, set_as_default=False))
    except (OSError, ValueError) as error:
        raise DaskError(f"no Dask scheduler answers at {address} ({_words(error)})") from error
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
        _compare_versions(client)
    except BaseException as error:
        client.close()
        if isinstance(error, TimeoutError):
            raise DaskError(f"the Dask scheduler at {address} has no workers after {WORKERS_S} s") from error
        raise
    return client


def _compare_versions(client: _Client) -> None:
    found = client.run(version_there, on_error="return")
    for worker, version in found.items():
        if isinstance(version, Exception):
            raise DaskError(f"Dask worker {worker} cannot use nndoctor {__version__}: {_words(version)}")
        if version != __version__:
            raise DaskError(f"Dask worker {worker} has nndoctor {version}, and this is {__version__}")


def _begin(client: _Client, chunk: Chunk, depth: Depth, known: dict[str, FileRecord]) -> _Job:
    return _Job(chunk, known, client.submit(look, chunk, depth, known, pure=False))


def _first_of(waiting: deque[_Job], depth: Depth, unseen: Counter[str]) -> list[CaseRecord]:
    """The records of the first job; what no worker survives, or sees, is read here."""
    job = waiting.popleft()
    try:
        seen = job.future.result()
    except Exception as error:
        if type(error).__name__ == "KilledWorker":
            return _here(job.chunk, depth, job.known)
        raise DaskError(f"the Dask cluster gave up: {_words(error)}") from error
    missed = [file for record in seen.records for file in record.files if file.trouble == _UNSEEN]
    missed = [file for file in missed if Path(file.path).exists()]
    if not missed:
        return seen.records
    unseen[seen.host] += len(missed)
    return _here(job.chunk, depth, job.known)


def _here(chunk: Chunk, depth: Depth, known: dict[str, FileRecord]) -> list[CaseRecord]:
    """Read by a process of this computer, which may be killed as well."""
    return list(in_processes(iter([chunk]), depth, 1, lambda _: known))


def _told(host: str, count: int) -> str:
    return (
        f"{count} files are not there on {host}, where a Dask worker runs, so they were read on this computer: "
        "all workers must see the same paths"
    )


def _words(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
