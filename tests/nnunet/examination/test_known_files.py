"""What earlier checks saw: served while the file is the same, and never a reason to fail."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nndoctor.nnunet.examination.known_files import NAME, KnownFiles
from nndoctor.nnunet.examination.pool import examine_chunk
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth
from tests.nnunet.examination.datasets import LONG_AGO, cases_of, write_dataset


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "nndoctor"


@pytest.fixture
def cases(tmp_path: Path) -> list[CaseFiles]:
    return cases_of(write_dataset(tmp_path / "Dataset001_Small", 5))


def look(cases: list[CaseFiles], depth: Depth = Depth.headers) -> tuple[list[CaseRecord], int, str | None]:
    """The records, how many files were served, and the trouble."""
    store = KnownFiles()
    records = examine_chunk(cases, depth, store.of(cases))
    for record in records:
        store.keep(record)
    store.close()
    return records, sum(file.reused for record in records for file in record.files), store.trouble


def headers(records: list[CaseRecord]) -> Iterator[object]:
    return ((file.path, file.header, file.length, file.voxels) for record in records for file in record.files)


def test_the_second_look_opens_nothing(cases: list[CaseFiles]) -> None:
    first, served, _ = look(cases)
    again, served_again, _ = look(cases)
    assert (served, served_again) == (0, 10)
    assert list(headers(again)) == list(headers(first))


def test_only_what_changed_is_read_again(cases: list[CaseFiles]) -> None:
    look(cases)
    changed = Path(cases[2].images[0])
    os.utime(changed, (LONG_AGO, LONG_AGO + 1))
    Path(cases[3].images[0]).write_bytes(b"shorter")
    records, served, _ = look(cases)
    assert served == 8
    assert records[3].images[0].trouble is not None


def test_a_deep_look_serves_a_header_look_but_not_the_other_way(cases: list[CaseFiles]) -> None:
    look(cases)
    deep, served, _ = look(cases, Depth.deep)
    assert served == 0
    assert deep[0].images[0].voxels is not None
    assert look(cases)[1] == 10
    assert look(cases, Depth.deep)[1] == 10


def test_an_image_that_becomes_a_label_is_read_again(cases: list[CaseFiles]) -> None:
    look(cases, Depth.deep)
    swapped = [CaseFiles(case.case, case.images, case.images[0]) for case in cases]
    records, served, _ = look(swapped, Depth.deep)
    assert served == 5
    assert all(record.label is not None and record.label.voxels is not None for record in records)


def test_a_file_of_the_last_two_seconds_is_not_remembered(cases: list[CaseFiles]) -> None:
    os.utime(cases[0].images[0])
    look(cases)
    assert look(cases)[1] == 9


def test_what_cannot_be_read_is_tried_again(cases: list[CaseFiles]) -> None:
    Path(cases[0].images[0]).write_bytes(b"no image at all")
    os.utime(cases[0].images[0], (LONG_AGO, LONG_AGO))
    look(cases)
    assert look(cases)[1] == 9


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000, b""])
def test_a_damaged_store_is_begun_anew(cases: list[CaseFiles], cache_folder: Path, damage: bytes) -> None:
    look(cases)
    (cache_folder / NAME).write_bytes(damage)
    _, served, trouble = look(cases)
    assert (served, trouble) == (0, None)
    assert look(cases)[1] == 10


def test_a_store_that_breaks_within_is_thrown_away(cases: list[CaseFiles], cache_folder: Path) -> None:
    look(cases)
    with sqlite3.connect(cache_folder / NAME) as db:
        db.execute("UPDATE files SET record = x'c1ff'")
    _, served, trouble = look(cases)
    assert served == 0
    assert trouble is not None
    look(cases)
    assert look(cases)[1] == 10


def test_records_of_other_readers_are_not_believed(cases: list[CaseFiles], monkeypatch: pytest.MonkeyPatch) -> None:
    look(cases)
    monkeypatch.setattr("nndoctor.nnunet.examination.known_files.__version__", "99")
    assert look(cases)[1] == 0
    assert look(cases)[1] == 10


def test_two_at_once_do_not_disturb_each_other(cases: list[CaseFiles]) -> None:
    one, other = KnownFiles(), KnownFiles()
    for record in examine_chunk(cases, Depth.headers, {}):
        one.keep(record)
        other.keep(record)
    one.close()
    other.close()
    assert (one.trouble, other.trouble) == (None, None)
    assert look(cases)[1] == 10


def test_a_store_that_somebody_holds_is_done_without(
    cases: list[CaseFiles], cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndoctor.nnunet.examination.known_files.PATIENCE_S", 0.05)
    look(cases)
    holder = sqlite3.connect(cache_folder / NAME, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    records, served, trouble = look(cases)
    holder.close()
    assert len(records) == 5
    assert served == 0
    assert trouble is not None and "locked" in trouble
    assert look(cases)[1] == 10


def test_a_full_disk_is_told_and_nothing_else(cases: list[CaseFiles]) -> None:
    store = KnownFiles()
    store._db.execute("PRAGMA max_page_count = 1") if store._db else None
    for record in examine_chunk(cases * 40, Depth.headers, {}):
        store.keep(record)
    store.close()
    assert store.trouble is not None and "full" in store.trouble


def test_no_folder_no_home_another_users_file(
    cases: list[CaseFiles], cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache_folder.parent.write_text("a file where the folder should be")
    assert look(cases)[2] is not None
    cache_folder.parent.unlink()
    look(cases)
    with monkeypatch.context() as other_user:
        other_user.setattr(os, "geteuid", lambda: 987_654)
        assert look(cases)[1:] == (0, "the cache belongs to another user")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", _no_home)
    assert "home" in (look(cases)[2] or "")


def _no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_nobody_else_reads_the_names_of_patients(cases: list[CaseFiles], cache_folder: Path) -> None:
    look(cases)
    assert (cache_folder / NAME).stat().st_mode & 0o077 == 0
