"""The whole room: one request in, facts out; every name is in the vocabulary."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.facts import Fact, Missing
from nndoctor.facts.names_nnunet import SPECS
from nndoctor.nnunet import Request, nnunet_facts
from tests.nnunet.folders import (
    DATASET_JSON,
    PLANS,
    cut,
    gaps,
    values,
    write_checkpoint,
    write_image,
    write_json,
    write_model,
)

KINDS = {spec.name: spec.type for spec in SPECS}


def _world(root: Path) -> dict[str, str]:
    """nnU-Net's three folders with one dataset, preprocessed and trained; the variables that name them."""
    name = "Dataset004_Test"
    write_json(root / "raw" / name / "dataset.json", DATASET_JSON)
    write_json(root / "pre" / name / "dataset.json", DATASET_JSON)
    write_json(root / "pre" / name / "nnUNetPlans.json", PLANS)
    write_json(root / "pre" / name / "splits_final.json", [{"train": ["a"], "val": ["b"]}])
    for case in "ab":
        for channel in "01":
            write_image(root / "raw" / name / "imagesTr", f"{case}_000{channel}.nii.gz")
        write_checkpoint(root / "pre" / name / "nnUNetPlans_3d_fullres" / f"{case}.npz")
        (root / "pre" / name / "nnUNetPlans_3d_fullres" / f"{case}.pkl").write_bytes(b"N.")
    write_model(root / "results" / name)
    return {"nnUNet_raw": f"{root}/raw", "nnUNet_preprocessed": f"{root}/pre", "nnUNet_results": f"{root}/results"}


def _everything(root: Path) -> Request:
    environ = {**_world(root), "nnUNet_n_proc_DA": "0", "nnUNet_def_n_proc": "2", "nnUNet_npp": "1", "nnUNet_nps": "1"}
    images = root / "raw" / "Dataset004_Test" / "imagesTr"
    write_image(images, "c_0000.nii.gz")
    return Request(images, None, "4", "3d_fullres", ["0"], environ=environ)


def _check(statements: list[Fact | Missing]) -> None:
    for statement in statements:
        assert statement.name in KINDS, statement
        if isinstance(statement, Missing):
            assert statement.reason and "\n" not in statement.reason
        else:
            kinds = {"bool": bool, "int": int, "str": str, "list": list}
            assert type(statement.value) is kinds[KINDS[statement.name]], statement
    msgspec.json.encode(statements)


def test_a_prediction_from_id_and_configuration(tmp_path: Path) -> None:
    statements = nnunet_facts(_everything(tmp_path))
    facts = values(statements)
    _check(statements)
    assert (facts["model.channels"], facts["input.channels"], facts["input.differing_case"]) == (2, 1, "c")
    assert (facts["dataset.name"], facts["dataset.ambiguous"]) == ("Dataset004_Test", False)
    assert (facts["model.has_checkpoint"], facts["plans.has_configuration"]) == (True, True)
    assert (facts["preprocessed.cases"], facts["splits.folds"], facts["splits.missing_cases"]) == (2, 1, [])
    assert (facts["preprocessed.stale"], facts["preprocessed.unprocessed_cases"]) == (False, ["c"])
    assert (facts["env.n_proc_da"], facts["model.channels_disagree"]) == (0, False)


def test_every_name_of_the_vocabulary_is_stated_by_somebody(tmp_path: Path) -> None:
    stated = {fact.name for fact in nnunet_facts(_everything(tmp_path)) if isinstance(fact, Fact)}
    only_in_trouble = {
        "dataset.json_problem",
        "dataset.reader",
        "plans.problem",
        "plans.planner",
        "model.problem",
        "model.siblings",
        "model.siblings_count",
        "splits.problem",
    }
    assert set(KINDS) - stated == only_in_trouble


def test_a_prediction_from_a_model_folder(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    write_image(tmp_path / "in", "a_0000.nii.gz")
    facts = values(nnunet_facts(Request(input=tmp_path / "in", model=model)))
    assert (facts["model.channels"], facts["input.channels"], facts["plans.has_configuration"]) == (2, 1, True)
    assert "env.raw_set" not in facts


def test_without_plans_dataset_json_tells_the_channels(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    cut(model / "plans.json")
    statements = nnunet_facts(Request(model=model))
    fact = next(fact for fact in statements if fact.name == "model.channels")
    assert isinstance(fact, Fact)
    assert (fact.value, fact.source.where) == (2, str(model / "dataset.json"))
    assert "invalid JSON" in str(values(statements)["plans.problem"])


def test_plans_and_dataset_json_that_disagree(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    write_json(model / "dataset.json", {**DATASET_JSON, "channel_names": {"0": "CT"}})
    facts = values(nnunet_facts(Request(model=model)))
    assert (facts["model.channels"], facts["dataset.channels"], facts["model.channels_disagree"]) == (2, 1, True)


def test_an_id_that_two_folders_have(tmp_path: Path) -> None:
    environ = _world(tmp_path)
    (tmp_path / "results" / "Dataset004_Other").mkdir()
    facts = values(nnunet_facts(Request(dataset="4", configuration="3d_fullres", environ=environ)))
    assert facts["dataset.matches"] == ["Dataset004_Other", "Dataset004_Test"]
    assert facts["dataset.ambiguous"] is True
    assert "dataset.name" not in facts


@pytest.mark.parametrize("asked", ["4", "004", "Dataset004_Test"])
def test_ids_and_names(tmp_path: Path, asked: str) -> None:
    facts = values(nnunet_facts(Request(dataset=asked, environ=_world(tmp_path))))
    assert facts["dataset.name"] == "Dataset004_Test"


def test_another_trainer_than_the_one_that_is_there(tmp_path: Path) -> None:
    request = Request(dataset="4", configuration="3d_fullres", trainer="Mine", environ=_world(tmp_path))
    facts = values(nnunet_facts(request))
    assert facts["model.exists"] is False
    assert facts["model.siblings"] == ["nnUNetTrainer__nnUNetPlans__3d_fullres"]


def test_an_empty_request_is_all_reasons() -> None:
    statements = nnunet_facts(Request())
    _check(statements)
    assert values(statements) == {}
    assert {"input.channels", "model.channels", "plans.found", "preprocessed.exists"} <= set(gaps(statements))


NASTY = st.sampled_from(["", "4", "-1", "9" * 400, "Dataset004", "a\0b", "../..", "/", "~", "x" * 5000, "٤", "\ud800"])


@settings(max_examples=100, deadline=None)
@given(NASTY, NASTY, NASTY, NASTY, NASTY)
def test_no_request_raises(path: str, dataset: str, configuration: str, fold: str, value: str) -> None:
    environ = {"nnUNet_raw": value, "nnUNet_results": value, "nnUNet_preprocessed": "/tmp"}
    folder = Path(path) if path not in ("/", "../..") else Path("/proc/self")
    _check(nnunet_facts(Request(folder, folder, dataset, configuration, [fold], configuration, fold, fold, environ)))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_no_bytes_in_any_file_raise(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    root = tmp_path_factory.mktemp("world")
    request = _everything(root)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    for path in data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=4)):
        path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, 400))] + data.draw(st.binary(max_size=60)))
    _check(nnunet_facts(request))


def test_the_room_imports_nothing_heavy() -> None:
    heavy = {"numpy", "nibabel", "SimpleITK", "torch", "nnunetv2", "blosc2"}
    code = f"import sys, nndoctor.nnunet; print(*({heavy!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
