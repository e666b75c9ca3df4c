"""Folders and archives that nobody meant well: what is readable is read, what is not is said in one line."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest

from nndoctor.logs import SourceError, open_sources, read_source
from nndoctor.logs import sources as module

LOG = b"nnUNetv2_train 1 2d 0\nRuntimeError: CUDA error: device-side assert triggered\n" * 20


def read(*paths: Path) -> tuple[list[bytes], list[str]]:
    """The bytes of all that could be read, and the notes on what could not."""
    skipped: list[str] = []
    opened = open_sources([str(path) for path in paths], skipped)
    return [source.stream.read() for source in opened], skipped


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.err").write_bytes(b"")
    (tmp_path / "b.out").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8bgarbage")
    (tmp_path / "d.log").write_bytes(LOG)
    found, skipped = read(tmp_path)
    assert found == [LOG]
    assert [note.partition(tmp_path.name + os.sep)[2].partition(":")[0] for note in skipped] == [
        "a.err",
        "b.out",
        "c.gz",
    ]
    (tmp_path / "d.log").unlink()
    with pytest.raises(SourceError, match=r"a\.err: empty"):
        read(tmp_path)


def test_a_bad_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.err").write_bytes(b"")
    (tmp_path / "d.log").write_bytes(LOG)
    with pytest.raises(SourceError, match="empty"):
        read(tmp_path / "d.log", tmp_path / "a.err")
    with pytest.raises(SourceError, match="empty name"):
        list(open_sources([""]))


def test_archives_with_members_that_cannot_be_read(tmp_path: Path) -> None:
    members = {"d.log/": b"", "a.err": b"", "../../etc/x.log": LOG, "b.log": bytes(range(256)) * 40}
    found, skipped = read(archive(tmp_path / "a.zip", members))
    assert found == [LOG] and len(skipped) == 2
    locked = archive(tmp_path / "locked.zip", {"a.log": LOG})
    data = bytearray(locked.read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(data)
    with pytest.raises(SourceError, match=r"a\.log: encrypted"):
        read(locked)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_broken_archives_end_in_one_line(tmp_path: Path, method: int) -> None:
    path = archive(tmp_path / "a.zip", {"a.log": os.urandom(999).hex().encode()}, method)
    data = path.read_bytes()
    for place in range(30, len(data), 7):
        path.write_bytes(data[:place] + bytes(40) + data[place + 40 :])
        try:
            read(path)
        except SourceError as problem:
            assert "a.zip" in str(problem)


def test_a_cut_gzip_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(LOG)[:-8])
    (source,) = open_sources([str(path)])
    assert source.stream.read(len(LOG)) == LOG
    assert source.stream.read(1) == b"" and "broken inside" in source.notes[0]


def test_all_members_share_one_allowance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNPACKED_LIMIT", 100_000)
    path = archive(tmp_path / "a.zip", {f"{number}.log": b"nnUNet\n" * 10_000 for number in range(9)})
    found, skipped = read(path)
    assert sum(map(len, found)) <= 100_000 + 65536 and len(skipped) >= 6


def test_a_zip_on_a_pipe_is_named_as_such(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.log": LOG}, zipfile.ZIP_STORED)
    wrapped = tmp_path / "b.log.gz"
    wrapped.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(SourceError):
        read(wrapped)


def test_a_large_notebook(tmp_path: Path) -> None:
    picture = {"outputs": [{"data": {"image/png": "A" * 6_000_000}}]}
    failed = {"outputs": [{"ename": "RuntimeError", "traceback": LOG.decode().splitlines()}]}
    path = tmp_path / "run.ipynb"
    path.write_text(json.dumps({"cells": [picture, failed]}), encoding="utf-8")
    (reading,) = [read_source(source, ["CUDA"]) for source in open_sources([str(path)])]
    assert reading.encoding == "notebook"
    assert [log.name for log in reading.logs] == [f"{path}[cell 1]"] and reading.logs[0].exceptions
