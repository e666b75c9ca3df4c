"""Writing: the old report or the new one, never half of one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nndoctor.report import write_report


def test_a_report_is_written_as_it_is(tmp_path: Path) -> None:
    write_report(tmp_path / "r.md", "中文\r\nx\n\ud800")
    assert (tmp_path / "r.md").read_bytes() == "中文\r\nx\n\\ud800".encode()


def test_ctrl_c_leaves_the_old_report_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    write_report(tmp_path / "r.html", "old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(tmp_path / "r.html", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("r.html", "old")]


def test_a_link_is_followed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_report(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink() and (tmp_path / "real.txt").read_text() == "new"


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_report(tmp_path, "x")
