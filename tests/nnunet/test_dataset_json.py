from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.dataset_json import find_dataset_json, json_problems
from nndoctor.nnunet.labels import labels_of
from tests.nnunet.folders import CORPUS, DATASET_JSON, gaps, values, write_json
from tests.nnunet.test_bounded_json import ANY_JSON


def _with(**changes: object) -> dict[str, object]:
    return {**DATASET_JSON, **changes}


def test_a_good_file(tmp_path: Path) -> None:
    write_json(tmp_path / "dataset.json", DATASET_JSON)
    statements, dataset = find_dataset_json([None, tmp_path / "none", tmp_path])
    facts = values(statements)
    assert dataset is not None
    assert (facts["dataset.channels"], facts["dataset.file_ending"], facts["dataset.labels"]) == (2, ".nii.gz", 2)
    assert (facts["dataset.labels_consecutive"], facts["dataset.json_problems"]) == (True, [])
    assert "dataset.json_problem" not in facts


def test_no_file(tmp_path: Path) -> None:
    statements, dataset = find_dataset_json([tmp_path])
    assert dataset is None
    assert values(statements) == {"dataset.json_found": False}
    assert str(tmp_path) in gaps(statements)["dataset.channels"]


def test_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text('{"labels": {')
    statements, dataset = find_dataset_json([tmp_path])
    assert dataset is None
    assert "invalid JSON" in str(values(statements)["dataset.json_problem"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"channel_names": {"0": "T1", "1": "T2", "3": "T3"}}, "instead of 0 to 2"),
        ({"channel_names": ["T1"]}, "no object"),
        ({"labels": {"0": "background", "1": "tumour"}}, "as in v1"),
        ({"labels": {"background": 0, "a": 1, "b": 3}}, "not consecutive"),
        ({"labels": {"background": 1, "a": 0}}, "background label is not 0"),
        ({"labels": {"a": 1}}, "no 'background'"),
        ({"labels": {"background": 0, "a": "1"}}, "neither an integer"),
        ({"labels": {"background": 0, "a": 1, "ignore": 5}}, "must be 2"),
        ({"labels": {"background": 0, "a": 1, "ignore": [2]}}, "ignore label is no integer"),
        ({"labels": {"background": 0, "whole": [1, 2], "core": 2}}, "regions_class_order is missing"),
        ({"labels": {"background": 0, "w": [1, 2], "c": 2}, "regions_class_order": [1]}, "1 entries for 2"),
        ({"file_ending": "nii.gz"}, "dot"),
        ({"numTraining": "3"}, "no integer"),
    ],
)
def test_one_problem_each(changes: dict[str, object], words: str) -> None:
    assert words in next(json_problems(_with(**changes)))


def test_a_missing_key_is_the_first_problem() -> None:
    content = {key: value for key, value in DATASET_JSON.items() if key != "channel_names"}
    assert list(json_problems(content)) == ["'channel_names' is missing (v1 calls it 'modality')"]


def test_the_ignore_label_is_the_last() -> None:
    labels = labels_of(_with(labels={"background": 0, "a": 1, "ignore": 2}))
    assert labels is not None
    assert (labels.consecutive, labels.values, labels.ignore) == (True, [0, 1], 2)


@given(ANY_JSON, ANY_JSON, ANY_JSON)
def test_no_content_raises(labels: object, names: object, order: object) -> None:
    content = {"labels": labels, "channel_names": names, "regions_class_order": order, "file_ending": names}
    assert all(isinstance(problem, str) for problem in json_problems(content))


REAL = sorted(CORPUS.glob("*dataset.json")) + sorted(CORPUS.glob("*dataset~*.json"))


@pytest.mark.skipif(not REAL, reason="the corpus of real JSON files is not on this machine")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:20])
def test_real_files(path: Path) -> None:
    content = read_object(path)
    problems = list(json_problems(content))
    assert bool(problems) == ("modality" in content)
