"""`nndoctor check dataset` over many files: cached, in shards, on a Dask cluster. The findings are always the same."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from nndoctor.checkups.dataset import check_dataset
from nndoctor.checkups.options import Common, Effort
from nndoctor.cli.progress import Bar
from nndoctor.nnunet.examination.records import Depth
from tests.cli.running import nndoctor
from tests.nnunet.examination.datasets import write_dataset


@pytest.fixture
def world(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has one dataset, with broken files in it."""
    write_dataset(tmp_path / "nnUNet_raw" / "Dataset001_Small", 40)
    names = {name: str(tmp_path / name) for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")}
    for folder in names.values():
        Path(folder).mkdir(exist_ok=True)
    return {**names, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONWARNINGS": "error::ResourceWarning"}


def report(arguments: list[str | Path], world: dict[str, str]) -> dict[str, Any]:
    done = nndoctor("check", *arguments, "--format", "json", env=world)
    assert done.stderr == b"", done.stderr
    assert done.returncode == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_second_run_reads_nothing_again(world: dict[str, str]) -> None:
    first, second, third = (report(["dataset", "-d", "1", *more], world) for more in ([], [], ["--no-cache"]))
    assert [each["checkup"]["reused"] for each in (first, second, third)] == [0, 80, 0]
    assert first["findings"] == second["findings"] == third["findings"] != []


def test_shards_are_judged_as_one_run_would(world: dict[str, str], tmp_path: Path) -> None:
    whole = report(["dataset", "-d", "1", "--deep", "--no-cache"], world)
    shards = [tmp_path / f"{number}.jsonl" for number in (1, 2, 3)]
    for number, shard in enumerate(shards, 1):
        done = nndoctor("check", "dataset", "-d", "1", "--deep", "--shard", f"{number}/3", "-o", shard, env=world)
        assert done.returncode == 0
        assert b"of 40 cases" in done.stderr
        assert done.stdout == b""
    merged = report(["merge", *shards], world)
    assert merged["findings"] == whole["findings"] != []
    assert {**merged["checkup"], "seconds": 0} == {**whole["checkup"], "seconds": 0}


def test_shards_that_are_no_whole_end_in_one_line(world: dict[str, str], tmp_path: Path) -> None:
    shard = tmp_path / "2.jsonl"
    nndoctor("check", "dataset", "-d", "1", "--shard", "2/2", "-o", shard, env=world)
    done = nndoctor("check", "merge", shard, env=world)
    assert done.returncode == 3
    assert done.stderr == b"nndoctor: 1 of 2 shards are missing: 1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--shard", "0/3", "-o", "a.jsonl"], b"i from 1 to N"),
        (["--shard", "4/3", "-o", "a.jsonl"], b"i from 1 to N"),
        (["--shard", "x", "-o", "a.jsonl"], b"i from 1 to N"),
        (["--shard", "1/3"], b"belong together"),
        (["-o", "a.jsonl"], b"belong together"),
        (["--shard", "1/3", "-o", "a.jsonl", "--report", "a.html"], b"a shard is no report"),
        (["--dask", "tcp://127.0.0.1:1", "--workers", "2"], b"exclude each other"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    world: dict[str, str], tmp_path: Path, arguments: list[str], said: bytes
) -> None:
    done = nndoctor("check", "dataset", "-d", "1", *arguments, env=world)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_dataset_that_is_not_there_has_no_shards(world: dict[str, str], tmp_path: Path) -> None:
    done = nndoctor("check", "dataset", "-d", "7", "--shard", "1/2", "-o", tmp_path / "a.jsonl", env=world)
    assert done.returncode == 3
    assert b"no dataset.json" in done.stderr


def test_a_dask_cluster_finds_the_same_though_a_worker_is_killed(
    world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "CI" not in os.environ:
        pytest.importorskip("distributed", reason="Dask is not installed (pip install 'nndoctor[dask]')")
    import distributed

    for name, value in world.items():
        monkeypatch.setenv(name, value)
    here = check_dataset("1", Common(Effort(Depth.deep, cache=False)), lambda done, total: None)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=False
    ) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            victims = list(client.run(os.getpid).values())

        def kill_one(done: int, total: int) -> None:
            if done == 6:
                os.kill(victims[0], signal.SIGKILL)

        effort = Effort(Depth.deep, cache=False, dask=cluster.scheduler_address)
        there = check_dataset("1", Common(effort), kill_one)
    assert there.findings == here.findings != []
    assert there.checkup is not None and here.checkup is not None
    assert there.checkup.table == here.checkup.table
    assert (there.checkup.cases, there.checkup.files, there.notes) == (40, 80, here.notes)


def test_the_bar_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("nndoctor.cli.progress.SHORT_S", 0.0)
    monkeypatch.setattr("nndoctor.cli.progress.EVERY_S", 0.0)
    bar = Bar()
    for done in (1, 500, 39_999):
        time.sleep(0.01)
        bar.show(done, 40_000)
    bar.close()
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert "39999/40000 cases" in said and "/s  left:" in said
    assert max(len(line) for line in re.split(r"[\r\n]", said)) <= 80


def test_what_is_done_at_once_needs_no_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    bar = Bar()
    bar.show(3, 3)
    bar.close()
    assert capsys.readouterr().err == ""
