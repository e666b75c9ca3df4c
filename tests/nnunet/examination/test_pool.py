"""Many cases by many readers: always all of them, always in their order, whoever is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from nndoctor.nnunet.examination import pool, processes
from nndoctor.nnunet.examination.pool import examine_all, examine_chunk
from nndoctor.nnunet.examination.processes import KILLED
from nndoctor.nnunet.examination.records import CaseFiles, Depth
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.voxels import Voxels, read_voxels
from tests.nnunet.examination.datasets import cases_of, write_dataset

forked = pytest.mark.skipif(sys.platform != "linux", reason="the fault is planted by forking")


@pytest.fixture
def cases(tmp_path: Path) -> list[CaseFiles]:
    return cases_of(write_dataset(tmp_path / "Dataset001_Small", 30))


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize("workers", [1, 3])
def test_all_records_in_order(cases: list[CaseFiles], depth: Depth, workers: int) -> None:
    assert list(examine_all(cases, depth, workers)) == examine_chunk(cases, depth, {})


def test_no_case_at_all() -> None:
    assert list(examine_all([], Depth.deep, 4)) == []
    assert list(examine_all([], Depth.headers, 4)) == []


def test_a_slow_drive_is_read_by_threads(cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SLOW_S", 0.0)
    monkeypatch.setitem(pool.CHUNK, Depth.headers, 4)
    seen: list[str] = []

    def known(chunk: list[CaseFiles]) -> dict[str, object]:
        seen.extend(case.case for case in chunk)
        return {}

    records = list(examine_all(cases, Depth.headers, 1, known))  # type: ignore[arg-type]
    assert records == examine_chunk(cases, Depth.headers, {})
    assert seen == [case.case for case in cases]


def test_a_worker_that_is_killed_loses_nothing(cases: list[CaseFiles]) -> None:
    records = []
    for record in examine_all(cases, Depth.deep, 2):
        records.append(record)
        if len(records) == 3:
            victims = multiprocessing.active_children()
            assert victims
            for victim in victims:
                assert victim.pid is not None
                os.kill(victim.pid, signal.SIGKILL)
    assert records == examine_chunk(cases, Depth.deep, {})


@forked
def test_a_file_that_kills_its_reader_twice_is_named(cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch) -> None:
    killer = cases[4].images[0]
    sound = examine_chunk(cases, Depth.deep, {})

    def deadly(path: Path, header: ImageHeader, is_label: bool) -> Voxels:
        if str(path) == killer:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_voxels(path, header, is_label)

    monkeypatch.setattr("nndoctor.nnunet.voxels.read_voxels", deadly)
    monkeypatch.setattr(processes, "_context", lambda: multiprocessing.get_context("fork"))
    records = list(examine_all(cases, Depth.deep, 2))
    assert records[4].images[0].trouble == KILLED
    assert records[4].images[0].header == sound[4].images[0].header
    assert records[:4] + records[5:] == sound[:4] + sound[5:]
    assert records[4].label == sound[4].label


@forked
def test_too_many_at_once_become_fewer(cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that die only together, as when memory runs out: they go on with half of the workers."""
    crowd: list[int] = []

    def crowded(workers: int) -> object:
        crowd.append(workers)
        return real(workers)

    real = processes._pool
    monkeypatch.setattr(processes, "_pool", crowded)
    records = []
    for record in examine_all(cases, Depth.deep, 4):
        records.append(record)
        if len(records) == 2:
            victim = multiprocessing.active_children()[0]
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
    assert crowd == [4, 1, 2]
    assert records == examine_chunk(cases, Depth.deep, {})


def test_leaving_early_ends_the_workers(cases: list[CaseFiles]) -> None:
    records = examine_all(cases, Depth.deep, 2)
    next(records)
    assert multiprocessing.active_children()
    records.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
