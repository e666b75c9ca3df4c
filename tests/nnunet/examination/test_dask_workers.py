"""A real local Dask cluster of separate processes, one of which is killed in mid-run."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, cast

import pytest

from nndoctor.nnunet.examination import dask_workers
from nndoctor.nnunet.examination.dask_workers import DaskError, in_dask
from nndoctor.nnunet.examination.pool import examine_chunk, nothing_known
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth
from tests.nnunet.examination.datasets import cases_of, write_dataset

if "CI" not in os.environ:
    pytest.importorskip("distributed", reason="Dask is not installed (pip install 'nndoctor[dask]')")


class Cluster(Protocol):
    scheduler_address: str

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    import distributed

    found = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=False
    )
    yield cast("Cluster", found)
    found.close()


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[CaseFiles]:
    return cases_of(write_dataset(tmp_path_factory.mktemp("raw") / "Dataset001_Small", 60, (40, 40, 20)))


def pids(cluster: Cluster) -> list[int]:
    import distributed

    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_worker_that_is_killed_loses_and_doubles_nothing(cluster: Cluster, cases: list[CaseFiles]) -> None:
    victims, records, notes = pids(cluster), [], list[str]()
    for record in in_dask(cases, Depth.deep, cluster.scheduler_address, nothing_known, notes):
        records.append(record)
        if len(records) in (5, 25):
            os.kill(victims.pop(), signal.SIGKILL)
    assert not victims
    assert records == examine_chunk(cases, Depth.deep, {})
    assert notes == []


def test_a_chunk_that_no_worker_survives_is_read_here(
    cluster: Cluster, cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed:
        """A future of a chunk that was given to four workers, each of which died (distributed.KilledWorker)."""

        def result(self) -> None:
            import distributed

            raise distributed.KilledWorker("look", None, 4)

    begin, count = dask_workers._begin, 0

    def every_third(*arguments: object) -> object:
        nonlocal count
        count += 1
        job = cast("Callable[..., dask_workers._Job]", begin)(*arguments)
        return job._replace(future=Killed()) if count % 3 == 0 else job  # type: ignore[arg-type]

    monkeypatch.setattr(dask_workers, "_begin", every_third)
    few = cases[:8]
    records = list(in_dask(few, Depth.deep, cluster.scheduler_address, nothing_known, []))
    assert records == examine_chunk(few, Depth.deep, {})


def test_what_workers_do_not_see_is_read_here_and_said(
    cluster: Cluster, cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative paths: the workers run in another folder."""
    root = Path(cases[0].images[0]).parents[1]
    monkeypatch.chdir(root)

    def near(path: str | None) -> str | None:
        return None if path is None else str(Path(path).relative_to(root))

    here = [CaseFiles(case.case, [near(path) or "" for path in case.images], near(case.label)) for case in cases[:4]]
    notes: list[str] = []
    records = list(in_dask(here, Depth.deep, cluster.scheduler_address, nothing_known, notes))
    assert records == examine_chunk(here, Depth.deep, {})
    assert len(notes) == 1 and notes[0].startswith("8 files are not there on ") and "same paths" in notes[0]


def test_a_file_that_is_nowhere_is_just_missing(cluster: Cluster, tmp_path: Path) -> None:
    gone = CaseFiles("gone", [str(tmp_path / "gone_0000.nii.gz")])
    notes: list[str] = []
    records: list[CaseRecord] = list(in_dask([gone], Depth.deep, cluster.scheduler_address, nothing_known, notes))
    assert records[0].images[0].trouble == "does not exist"
    assert notes == []


def test_another_version_on_a_worker_is_refused(
    cluster: Cluster, cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "__version__", "99")
    with pytest.raises(DaskError, match=r"has nndoctor .*, and this is 99"):
        list(in_dask(cases, Depth.headers, cluster.scheduler_address, nothing_known, []))


def test_nobody_at_the_address_is_said(cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "CONNECT_S", 0.5)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(DaskError, match="no Dask scheduler answers at"):
            list(in_dask(cases, Depth.headers, address, nothing_known, []))
