from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.preprocessed import PreprocessedData, preprocessed_facts
from nndoctor.nnunet.splits import splits_facts
from nndoctor.nnunet.staleness import staleness_facts
from tests.nnunet.folders import DATASET_JSON, cut, gaps, values, write_checkpoint, write_json


def _write(folder: Path, *cases: str) -> PreprocessedData:
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        write_checkpoint(folder / f"{case}.npz")
        (folder / f"{case}.pkl").write_bytes(b"N.")
    data = preprocessed_facts(folder.parent, folder.name)[1]
    assert data is not None
    return data


def test_whole_data(tmp_path: Path) -> None:
    _write(tmp_path / "p_2d", "a", "b")
    facts = values(preprocessed_facts(tmp_path, "p_2d")[0])
    assert (facts["preprocessed.exists"], facts["preprocessed.cases"], facts["preprocessed.format"]) == (True, 2, "npz")
    assert facts["preprocessed.corrupt"] == facts["preprocessed.incomplete"] == []
    assert facts["preprocessed.files_checked"] == 4
    assert facts["preprocessed.has_fingerprint"] is False


def test_corrupt_data(tmp_path: Path) -> None:
    _write(tmp_path / "p_2d", "a", "b", "c")
    cut(tmp_path / "p_2d" / "a.npz")
    cut(tmp_path / "p_2d" / "b.pkl", 0)
    (tmp_path / "p_2d" / "c.pkl").unlink()
    facts = values(preprocessed_facts(tmp_path, "p_2d")[0])
    assert facts["preprocessed.corrupt"] == [
        "a.npz: truncated: the zip directory at its end is missing",
        "b.pkl: empty file",
    ]
    assert facts["preprocessed.incomplete"] == ["c: no c.pkl"]


def test_blosc2_data_need_a_segmentation() -> None:
    data = PreprocessedData(Path(), ["a.b2nd", "a.pkl", "a_seg.b2nd", "b.b2nd", "b.pkl"])
    assert (data.format, data.cases, list(data.incomplete())) == ("b2nd", ["a", "b"], ["b: no b_seg.b2nd"])


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a.npz", "a.npy", "a_seg.npy", "a.pkl"], "npz"),
        (["a.npz", "b.b2nd"], "mixed"),
        (["a.npz", "notes.txt"], "mixed"),
        ([], "none"),
    ],
)
def test_formats(names: list[str], wanted: str) -> None:
    assert PreprocessedData(Path(), names).format == wanted


def test_nothing_preprocessed(tmp_path: Path) -> None:
    statements, data = preprocessed_facts(tmp_path, "p_2d")
    assert data is None
    assert values(statements)["preprocessed.exists"] is False
    assert "does not exist" in gaps(statements)["preprocessed.cases"]


def test_splits(tmp_path: Path) -> None:
    path = write_json(tmp_path / "s.json", [{"train": ["a", "b"], "val": ["c"]}, {"train": ["c"], "val": ["c", "x"]}])
    facts = values(splits_facts(path, ["a", "b", "c"], ["1"]))
    assert (facts["splits.folds"], facts["splits.fold_in_range"], facts["splits.val_in_train"]) == (2, True, True)
    assert facts["splits.missing_cases"] == ["x"]
    assert values(splits_facts(path, None, ["5", "all"]))["splits.fold_in_range"] is False


@pytest.mark.parametrize("content", [{}, [{}], [{"train": ["a"]}], [{"train": [1], "val": []}], [[]], 1])
def test_splits_of_another_shape(tmp_path: Path, content: object) -> None:
    facts = values(splits_facts(write_json(tmp_path / "s.json", content), [], []))
    assert "splits.problem" in facts
    assert "splits.folds" not in facts


def test_no_splits(tmp_path: Path) -> None:
    assert values(splits_facts(tmp_path / "s.json", [], [])) == {"splits.found": False}


def _dataset(tmp_path: Path, cases: str, **changes: object) -> DatasetFolders:
    raw, made = tmp_path / "raw" / "D", tmp_path / "pre" / "D"
    write_json(raw / "dataset.json", {**DATASET_JSON, **changes})
    write_json(made / "dataset.json", DATASET_JSON)
    write_json(made / "dataset_fingerprint.json", {"spacings": [[1, 1, 1]] * 2})
    (raw / "imagesTr").mkdir()
    for case in cases:
        (raw / "imagesTr" / f"{case}_0000.nii.gz").touch()
    return DatasetFolders(raw, made, None)


def test_fresh_data(tmp_path: Path) -> None:
    folders = _dataset(tmp_path, "ab")
    facts = values(staleness_facts(folders, _write(tmp_path / "pre" / "D" / "p", "a", "b")))
    assert (facts["preprocessed.stale"], facts["preprocessed.unprocessed_cases"]) == (False, [])


def test_a_case_that_came_later_and_one_that_went(tmp_path: Path) -> None:
    folders = _dataset(tmp_path, "acd", labels={"background": 0, "a": 1, "b": 2})
    facts = values(staleness_facts(folders, _write(tmp_path / "pre" / "D" / "p", "a", "b")))
    assert (facts["preprocessed.stale"], facts["preprocessed.stale_reasons_count"]) == (True, 3)
    assert facts["preprocessed.unprocessed_cases"] == ["c", "d"]


def test_a_dataset_that_lists_its_own_files(tmp_path: Path) -> None:
    folders = _dataset(tmp_path, "", dataset={"x": {}, "y": {}})
    facts = values(staleness_facts(folders, None))
    assert facts["preprocessed.stale"] is False


def test_staleness_needs_both_folders() -> None:
    assert "preprocessed.stale" in gaps(staleness_facts(DatasetFolders(), None))
