"""A dataset in parts: together they are what one run would have read, and anything less is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from nndoctor.nnunet.examination.pool import examine_chunk
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth
from nndoctor.nnunet.examination.shard_writing import write_shard
from nndoctor.nnunet.examination.shards import ShardError, head_of, merged, part_of, whole
from tests.nnunet.examination.datasets import LONG_AGO, cases_of, write_dataset


class Reader:
    """Reads cases, counts them, and may be killed before one of them."""

    def __init__(self, killed_at: int | None = None) -> None:
        self.killed_at = killed_at
        self.read = 0

    def __call__(self, cases: Sequence[CaseFiles]) -> Iterator[CaseRecord]:
        for case in cases:
            if self.read == self.killed_at:
                raise KeyboardInterrupt
            self.read += 1
            yield from examine_chunk([case], Depth.headers, {})


@pytest.fixture
def cases(tmp_path: Path) -> list[CaseFiles]:
    return cases_of(write_dataset(tmp_path / "Dataset001_Small", 100))


def write(cases: list[CaseFiles], number: int, shards: int, folder: Path, reader: Reader | None = None) -> Path:
    target = folder / f"{number}.jsonl"
    shard = (number, shards)
    head = head_of("1", "/raw/Dataset001_Small", Depth.headers, shard, cases)
    write_shard(target, head, part_of(cases, shard), reader or Reader(), lambda done, total: None)
    return target


@pytest.mark.parametrize("shards", [1, 3, 8, 100, 101])
def test_the_parts_are_the_whole_in_its_order(cases: list[CaseFiles], tmp_path: Path, shards: int) -> None:
    paths = [write(cases, number, shards, tmp_path) for number in range(1, shards + 1)]
    assert list(merged(paths[::-1], cases)) == examine_chunk(cases, Depth.headers, {})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text_survive(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "Dataset001_Small", 3)
    for folder, suffix in (("imagesTr", b"_0000.nii.gz"), ("labelsTr", b".nii.gz")):
        old = os.fsencode(root / folder)
        Path(os.fsdecode(old + b"/scan_0001" + suffix)).rename(os.fsdecode(old + b"/sc\xe4n_0001" + suffix))
    cases = cases_of(root)
    paths = [write(cases, number, 2, tmp_path) for number in (1, 2)]
    assert list(merged(paths, cases)) == examine_chunk(cases, Depth.headers, {})


def test_a_killed_task_goes_on_where_it_was(cases: list[CaseFiles], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(cases, 1, 2, tmp_path, Reader(killed_at=20))
    assert not (tmp_path / "1.jsonl").exists()
    unfinished = tmp_path / "1.jsonl.1-of-2.part"
    unfinished.write_bytes(unfinished.read_bytes()[:-10])
    second = Reader()
    first = write(cases, 1, 2, tmp_path, second)
    assert second.read == 50 - 19
    assert not unfinished.exists()
    assert list(merged([first, write(cases, 2, 2, tmp_path)], cases)) == examine_chunk(cases, Depth.headers, {})


def test_a_file_that_changed_since_the_task_was_killed_is_read_again(cases: list[CaseFiles], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(cases, 1, 2, tmp_path, Reader(killed_at=20))
    os.utime(cases[8].images[0], (LONG_AGO, LONG_AGO + 5))
    second = Reader()
    write(cases, 1, 2, tmp_path, second)
    assert second.read == 50 - 4


def test_a_finished_shard_is_not_read_again(cases: list[CaseFiles], tmp_path: Path) -> None:
    write(cases, 1, 2, tmp_path)
    second = Reader()
    write(cases, 1, 2, tmp_path, second)
    assert second.read == 0


def test_two_shards_in_one_file_are_refused(cases: list[CaseFiles], tmp_path: Path) -> None:
    first = write(cases, 1, 2, tmp_path)
    head = head_of("1", "/raw/Dataset001_Small", Depth.headers, (2, 2), cases)
    with pytest.raises(ShardError, match="give each shard its own file"):
        write_shard(first, head, part_of(cases, (2, 2)), Reader(), lambda done, total: None)


def test_a_folder_that_is_not_there_is_said(cases: list[CaseFiles], tmp_path: Path) -> None:
    with pytest.raises(ShardError, match="could not be written"):
        write(cases, 1, 2, tmp_path / "nowhere")


def test_missing_and_doubled_shards_are_named(cases: list[CaseFiles], tmp_path: Path) -> None:
    one, _, three = (write(cases, number, 4, tmp_path) for number in (1, 2, 3))
    with pytest.raises(ShardError, match=r"2 of 4 shards are missing: 2, 4"):
        whole([one, three])
    twice = tmp_path / "again.jsonl"
    twice.write_bytes(one.read_bytes())
    with pytest.raises(ShardError, match="shard 1 of 4 is there twice"):
        whole([one, twice])


def test_shards_that_do_not_belong_together_are_told_apart(cases: list[CaseFiles], tmp_path: Path) -> None:
    first = write(cases, 1, 2, tmp_path)
    other = write(cases, 2, 2, tmp_path)

    def changed(old: bytes, new: bytes) -> Path:
        path = tmp_path / "changed.jsonl"
        path.write_bytes(other.read_bytes().replace(old, new, 1))
        return path

    with pytest.raises(ShardError, match="different datasets"):
        whole([first, changed(b"Dataset001_Small", b"Dataset002_Other")])
    with pytest.raises(ShardError, match=r"another depth: .* with headers, .* with deep"):
        whole([first, changed(b'"depth":"headers"', b'"depth":"deep"')])
    with pytest.raises(ShardError, match="another number of shards"):
        whole([first, changed(b'"shards":2', b'"shards":3')])
    with pytest.raises(ShardError, match=r"was written by nndoctor 9\.9"):
        whole([first, changed(b'"nndoctor":"', b'"nndoctor":"9.9')])
    with pytest.raises(ShardError, match="changed between the tasks"):
        whole([first, changed(b'"cases":100', b'"cases":99')])


@pytest.mark.parametrize("content", [b"", b"{", b"[]\n", b'{"nndoctor": 1}\n', b"\xff\xfe\n", b"x" * 100_000])
def test_what_is_no_shard_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(ShardError, match="is no shard"):
        whole([path])
    with pytest.raises(ShardError, match="does not exist"):
        whole([tmp_path / "nowhere.jsonl"])


@pytest.mark.parametrize("kept", [-1, -200, -5000])
def test_a_shard_that_breaks_off_is_named(cases: list[CaseFiles], tmp_path: Path, kept: int) -> None:
    paths = [write(cases, number, 2, tmp_path) for number in (1, 2)]
    paths[1].write_bytes(paths[1].read_bytes()[:kept])
    with pytest.raises(ShardError, match=r"2\.jsonl breaks off: write shard 2/2 again"):
        list(merged(paths, cases))


def test_a_dataset_that_changed_since_is_said(cases: list[CaseFiles], tmp_path: Path) -> None:
    path = write(cases, 1, 1, tmp_path)
    with pytest.raises(ShardError, match="100 cases then, 99 now"):
        list(merged([path], cases[1:]))
