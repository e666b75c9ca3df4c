from __future__ import annotations

from pathlib import Path

from nndoctor.nnunet import Request
from nndoctor.nnunet.model_folder import model_facts
from tests.nnunet.folders import cut, gaps, values, write_checkpoint, write_model


def test_a_whole_model(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    facts = values(model_facts(Request(), model)[0])
    assert (facts["model.exists"], facts["model.folds"], facts["model.has_checkpoint"]) == (True, ["0", "1"], True)
    assert (facts["model.trainer"], facts["model.configuration"]) == ("nnUNetTrainer", "3d_fullres")
    assert facts["model.checkpoints"] == ["fold_0/checkpoint_final.pth", "fold_1/checkpoint_final.pth"]
    assert facts["model.bad_checkpoints"] == facts["model.files_missing"] == facts["model.unfinished_folds"] == []


def test_a_fold_that_is_not_there(tmp_path: Path) -> None:
    facts = values(model_facts(Request(folds=["0", "4"]), write_model(tmp_path))[0])
    assert (facts["model.has_checkpoint"], facts["model.folds_without_checkpoint"]) == (False, ["4"])


def test_fold_all_is_not_taken_unless_it_is_asked_for(tmp_path: Path) -> None:
    model = write_model(tmp_path, folds=["all"])
    assert values(model_facts(Request(), model)[0])["model.has_checkpoint"] is False
    assert values(model_facts(Request(folds=["all"]), model)[0])["model.has_checkpoint"] is True


def test_a_training_that_was_stopped(tmp_path: Path) -> None:
    model = write_model(tmp_path, folds=["0"])
    write_checkpoint(model / "fold_1" / "checkpoint_latest.pth")
    facts = values(model_facts(Request(), model)[0])
    assert facts["model.unfinished_folds"] == ["1"]
    assert facts["model.has_checkpoint"] is True
    best = Request(checkpoint="checkpoint_best.pth")
    assert values(model_facts(best, model)[0])["model.has_checkpoint"] is False


def test_a_checkpoint_that_is_cut(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    cut(model / "fold_1" / "checkpoint_final.pth")
    bad = values(model_facts(Request(), model)[0])["model.bad_checkpoints"]
    assert bad == ["fold_1/checkpoint_final.pth: truncated: the zip directory at its end is missing"]


def test_files_that_are_missing(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    (model / "plans.json").unlink()
    assert values(model_facts(Request(), model)[0])["model.files_missing"] == ["plans.json"]


def test_a_model_that_is_not_there_has_siblings(tmp_path: Path) -> None:
    write_model(tmp_path, "nnUNetTrainer_100epochs__nnUNetPlans__2d")
    statements, model = model_facts(Request(), tmp_path / "nnUNetTrainer__nnUNetPlans__2d")
    assert model is None
    assert values(statements)["model.siblings"] == ["nnUNetTrainer_100epochs__nnUNetPlans__2d"]
    assert "does not exist" in gaps(statements)["model.folds"]


def test_a_fold_folder_stands_for_its_parent(tmp_path: Path) -> None:
    statements, model = model_facts(Request(), write_model(tmp_path) / "fold_0")
    assert model is not None
    assert model.path.name == "nnUNetTrainer__nnUNetPlans__3d_fullres"
    assert "fold folder" in str(values(statements)["model.problem"])


def test_a_dataset_folder_is_named(tmp_path: Path) -> None:
    write_model(tmp_path)
    assert "above the trainer folder" in str(values(model_facts(Request(), tmp_path)[0])["model.problem"])


def test_no_model_was_given() -> None:
    statements, model = model_facts(Request(), None)
    assert model is None
    assert "-m" in gaps(statements)["model.exists"]
