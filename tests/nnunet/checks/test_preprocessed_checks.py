"""The preprocessed part of `check dataset`: all plans, all folders, all folds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_headers import ArrayHeader, array_header, npy_header
from nndoctor.nnunet.checks.preprocessed_files import preprocessed_problems
from nndoctor.nnunet.checks.train_resampling import needs_numpy_2
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.label_copies import changed_labels
from nndoctor.nnunet.preprocessed import PreprocessedData
from tests.nnunet.folders import cut, write_json
from tests.nnunet.trainings import CASES, SHAPE, Training, npy, splits, write_npz, write_text, write_training


def _problems(training: Training) -> list[Problem]:
    folders = DatasetFolders(training.raw, training.base, None)
    return list(preprocessed_problems(folders, list(CASES)))


def _kinds(training: Training) -> set[str]:
    return {problem.kind for problem in _problems(training)}


def test_a_healthy_dataset(tmp_path: Path) -> None:
    assert _problems(write_training(tmp_path)) == []
    assert _problems(write_training(tmp_path / "old", packed=True)) == []


def test_nothing_was_made_yet(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    shutil.rmtree(training.base)
    assert _problems(training) == []
    assert list(preprocessed_problems(DatasetFolders(training.raw, None, None), list(CASES))) == []


def test_planned_and_not_preprocessed_yet(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    shutil.rmtree(training.data)
    shutil.rmtree(training.base / "gt_segmentations")
    assert _problems(training) == []


FAULTS: list[tuple[str, Callable[[Training], object], str]] = [
    ("array cut", lambda t: cut(t.data / "case_1.b2nd"), "preprocessed-corrupt"),
    ("fingerprint deleted", lambda t: (t.base / "dataset_fingerprint.json").unlink(), "fingerprint-missing"),
    ("labels deleted", lambda t: shutil.rmtree(t.base / "gt_segmentations"), "gt-missing"),
    ("a fold overlaps", lambda t: write_json(t.base / "splits_final.json",
     [*splits(), {"train": ["case_1", "case_2"], "val": ["case_2"]}]), "splits-overlap"),
    ("no folds", lambda t: write_json(t.base / "splits_final.json", []), "splits-unreadable"),
    ("a case in no fold", lambda t: write_json(t.base / "splits_final.json", [splits()[1], {"train": ["case_1"],
     "val": ["case_6"]}]), ""),
    ("plans are a list", lambda t: write_json(t.base / "nnUNetPlans.json", []), "plans-problem"),
    ("web page for plans", lambda t: write_text(t.base / "nnUNetPlans.json", "<html>"), "plans-problem"),
    ("notes beside the cases", lambda t: write_text(t.data / "notes.txt", "x"), "preprocessed-mixed"),
    ("the pkl of no case", lambda t: (t.data / "case_9.pkl").write_bytes(b"N."), "preprocessed-incomplete"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "wanted"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_fault(tmp_path: Path, broken: Callable[[Training], object], wanted: str) -> None:
    training = write_training(tmp_path)
    broken(training)
    assert _kinds(training) == set(wanted.split())


def test_strangers_among_npz_are_a_warning_until_the_release_is_known(tmp_path: Path) -> None:
    training = write_training(tmp_path, packed=True)
    write_text(training.data / "Thumbs.db", "x")
    assert _kinds(training) == {"preprocessed-stranger"}


def test_a_packed_case_that_is_unpacked_may_be_damaged(tmp_path: Path) -> None:
    training = write_training(tmp_path, packed=True)
    cut(training.data / "case_1.npz")
    assert _kinds(training) == {"preprocessed-corrupt"}
    (training.data / "case_1.npy").write_bytes(npy(SHAPE, "<f4"))
    (training.data / "case_1_seg.npy").write_bytes(npy((1, *SHAPE[1:]), "|i1"))
    assert _kinds(training) == {"preprocessed-packed-corrupt"}
    cut(training.data / "case_1_seg.npy")
    assert _kinds(training) == {"preprocessed-corrupt"}


def test_labels_are_compared_by_what_they_hold(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    label = training.raw / "labelsTr" / "case_1.nii.gz"
    packed = label.read_bytes()
    label.write_bytes(packed[:4] + b"\x01\x02\x03\x04" + packed[8:])
    assert changed_labels(training.base, training.raw) == []
    label.write_bytes(packed[:-8] + b"\x00" * 4 + packed[-4:])
    assert changed_labels(training.base, training.raw) == ["case_1.nii.gz"]


def test_shapes_are_read_from_headers(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    write_npz(tmp_path, "a")
    (tmp_path / "a.npy").write_bytes(npy(SHAPE, "<f8"))
    assert array_header(training.data / "case_1.b2nd") == ArrayHeader(SHAPE, 0)
    assert array_header(tmp_path / "a.npz") == ArrayHeader(SHAPE, 4)
    assert array_header(tmp_path / "a.npy") == ArrayHeader(SHAPE, 8)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"\x9e\xa8b2frame\x00\xa4b2nd", b"\x93NUMPY\x01\x00\xff\xff"])
def test_headers_of_damaged_files_say_nothing(tmp_path: Path, damage: bytes) -> None:
    for ending in (".npz", ".npy", ".b2nd"):
        path = tmp_path / f"a{ending}"
        path.write_bytes(damage + bytes(40))
        assert array_header(path) is None
    assert npy_header(damage) is None


def test_every_cut_of_a_frame_is_survived(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    whole = (training.data / "case_1.b2nd").read_bytes()
    path = tmp_path / "a.b2nd"
    for length in range(200):
        path.write_bytes(whole[:length])
        assert array_header(path) in (None, ArrayHeader(SHAPE, 0))


NUMPY_2 = b"\x80\x04\x8c\x16numpy._core.multiarray\x8c\x06scalar\x93."
NUMPY_1 = b"\x80\x04\x8c\x15numpy.core.multiarray\x8c\x06scalar\x93."


@pytest.mark.parametrize(("pickled", "wanted"), [(NUMPY_2, True), (NUMPY_1, False), (b"N.", None), (b"junk", None)])
def test_who_wrote_the_pkl(tmp_path: Path, pickled: bytes, wanted: bool | None) -> None:
    (tmp_path / "a.pkl").write_bytes(pickled)
    assert needs_numpy_2(PreprocessedData(tmp_path, ["a.b2nd", "a.pkl"])) is wanted
