"""Pictures of suspicious cases: drawn from real files, few, in time, and never a reason to fail."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import SimpleITK

from nndoctor.checkups import thumbnails
from nndoctor.checkups.thumbnails import with_thumbnails
from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis


def written(path: Path, value: int) -> str:
    voxels = np.zeros((4, 8, 8), np.uint8)
    voxels[2, 2:6, 2:6] = value
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), str(path))
    return str(path)


def case(folder: Path, name: str, *, whole: bool = True) -> CaseEntry:
    image, label = written(folder / f"{name}_0000.nii.gz", 200), written(folder / f"{name}.nii.gz", 1)
    if not whole:
        Path(image).write_bytes(b"no image")
    return CaseEntry(name, [image, label], problems=["image-truncated"], label=label)


def found(entries: list[CaseEntry]) -> Diagnosis:
    checkup = Checkup("dataset", "/data", len(entries), 0, 0, "headers", 0.1, entries, [])
    return Diagnosis("diagnosed", [], None, [], [], [], "here", [], [], checkup)


def test_suspicious_cases_get_pictures_with_their_label(tmp_path: Path) -> None:
    sound = CaseEntry("sound", [written(tmp_path / "s_0000.nii.gz", 9)])
    plain = msgspec.structs.replace(case(tmp_path, "plain"), label=None)
    d = with_thumbnails(found([case(tmp_path, "a"), plain, sound]))
    assert list(d.thumbnails) == ["a", "plain"] and d.notes == []
    assert all(picture.startswith(b"\x89PNG\r\n\x1a\n") for picture in d.thumbnails.values())
    assert d.thumbnails["a"] != d.thumbnails["plain"]


def test_an_image_that_cannot_be_read_has_none(tmp_path: Path) -> None:
    gone = CaseEntry("gone", [str(tmp_path / "gone_0000.nii.gz")], problems=["image-unreadable"])
    d = with_thumbnails(found([case(tmp_path, "b", whole=False), gone]))
    assert d.thumbnails == {} and d.notes == ["pictures: 2 suspicious cases have no image that could be drawn"]


def test_a_broken_label_costs_the_outline_only(tmp_path: Path) -> None:
    entry = case(tmp_path, "c")
    assert entry.label is not None
    Path(entry.label).write_bytes(b"no label")
    assert list(with_thumbnails(found([entry])).thumbnails) == ["c"]


def test_they_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST", 2)
    d = with_thumbnails(found([case(tmp_path, name) for name in "abc"]))
    assert list(d.thumbnails) == ["a", "b"] and d.notes == ["pictures: the first 2 of 3 suspicious cases"]


def test_they_end_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "SECONDS", -1.0)
    d = with_thumbnails(found([case(tmp_path, "a")]))
    assert d.thumbnails == {} and d.notes == ["pictures: the first 0 of 1 suspicious cases"]
