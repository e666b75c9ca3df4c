"""What is done with trained models: validation, ensembles, evaluation, sharing."""

from __future__ import annotations

import shutil

from tests.lab.faults.checkpoints import not_finished
from tests.lab.faults.commands import TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

FIND = f"nnUNetv2_find_best_configuration 101 -c 3d_fullres -tr {TRAINER}"


def no_validation(scene: Scene) -> None:
    shutil.rmtree(scene.fold / "validation")


def hard_predictions(scene: Scene) -> None:
    """Two folders of predictions without probabilities, as without --save_probabilities."""
    for name in ("a", "b"):
        shutil.copytree(scene.raw / "labelsTr", scene.root / name)
        for extra in ("dataset.json", "plans.json"):
            shutil.copy(scene.model / extra, scene.root / name)


def one_without_probabilities(scene: Scene) -> None:
    hard_predictions(scene)
    (scene.root / "a" / "lesion_001.npz").write_bytes(b"")


def second_configuration(scene: Scene) -> None:
    """A second model, with the same validation."""
    shutil.copytree(scene.model, scene.model.with_name(scene.model.name.replace("3d_fullres", "2d")))


def one_prediction_short(scene: Scene) -> None:
    hard_predictions(scene)
    (scene.root / "a" / "lesion_005.nii.gz").unlink()


def smaller_prediction(scene: Scene) -> None:
    from tests.lab.dataset import read, rewrite

    hard_predictions(scene)
    path = scene.root / "a" / "lesion_005.nii.gz"
    rewrite(path, read(path)[:, :-4])


def broken_zip(scene: Scene) -> None:
    (scene.root / "model.zip").write_bytes(b"PK\x03\x04" + b"\x00" * 2000)


EVALUATE = "nnUNetv2_evaluate_folder {raw}/labelsTr {root}/a -djfile {model}/dataset.json -pfile {model}/plans.json"


FAULTS = (
    Fault(
        "train-validation-only",
        "training-incomplete",
        "--val before training has finished",
        f"{TRAIN} --val",
        says("training is not finished yet"),
        not_finished,
    ),
    Fault(
        "find-best-other-folds-missing",
        "training-incomplete",
        "five folds are compared, one was trained",
        FIND,
        says("is missing. Please train it", "probabilities-missing"),
    ),
    Fault(
        "find-best-no-validation",
        "training-incomplete",
        "fold 0 has no validation folder",
        f"{FIND} -f 0",
        says("is missing. Please train it", "probabilities-missing"),
        no_validation,
    ),
    Fault(
        "ensemble-no-probabilities",
        "probabilities-missing",
        "one of two folders has no probabilities: it was predicted without --save_probabilities",
        "nnUNetv2_ensemble -i {root}/a {root}/b -o {output} -np 1",
        says(r"Not all folders contain the same files for ensembling", "evaluation-mismatch"),
        one_without_probabilities,
    ),
    Fault(
        "find-best-no-probabilities",
        "probabilities-missing",
        "two configurations were trained without --npz",
        f"nnUNetv2_find_best_configuration 101 -c 2d 3d_fullres -tr {TRAINER} -f 0 -np 1",
        says(r"npz"),
        second_configuration,
    ),
    Fault(
        "evaluate-prediction-missing",
        "evaluation-mismatch",
        "one prediction is missing",
        EVALUATE,
        says("Not all files in folder_"),
        one_prediction_short,
    ),
    Fault(
        "evaluate-prediction-shape",
        "evaluation-mismatch",
        "one prediction has another shape",
        EVALUATE,
        says(r"could not be broadcast|shape", "shape-mismatch"),
        smaller_prediction,
    ),
    Fault(
        "install-broken-zip",
        "model-download-failed",
        "the model's zip file is broken",
        "nnUNetv2_install_pretrained_model_from_zip {root}/model.zip",
        says("BadZipFile"),
        broken_zip,
    ),
    Fault(
        "download-no-network",
        "model-download-failed",
        "the server of the model can't be reached",
        "nnUNetv2_download_pretrained_model_by_url http://127.0.0.1:9/model.zip",
        says(r"ConnectionError|Connection refused"),
    ),
)
