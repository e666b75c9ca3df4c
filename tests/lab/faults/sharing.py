"""Ensembles, postprocessing, evaluation, and models that move from one place to another."""

from __future__ import annotations

import shutil

from tests.lab.faults.commands import says
from tests.lab.faults.results import EVALUATE, FIND, hard_predictions
from tests.lab.model import TRAINER, Fault, Scene

PATH = "path-problem"
USAGE = "cli-usage-error"
MISMATCH = "evaluation-mismatch"
INCOMPLETE = "training-incomplete"
NO_MODEL = "checkpoint-missing"
DOWNLOAD = "model-download-failed"
ERROR = r"^\w*(Error|Exception)\b"
FILES = r"FileNotFoundError|No such file"
EXPORT = f"nnUNetv2_export_model_to_zip -d 101 -o {{root}}/lesion.zip -c 3d_fullres -tr {TRAINER}"
POSTPROCESS = "nnUNetv2_apply_postprocessing -i {root}/a -o {output} -pp_pkl_file {root}/postprocessing.pkl -np 1"


def with_probabilities(scene: Scene, keep: float = 1.0) -> None:
    import numpy as np

    hard_predictions(scene)
    for name in ("a", "b"):
        for case in range(1, 7):
            path = scene.root / name / f"lesion_{case:03d}.npz"
            np.savez_compressed(path, probabilities=np.random.default_rng(1).random((3, 8, 8, 8), np.float32))
            path.with_suffix(".pkl").write_bytes(b"\x80\x04}\x94.")
    scene.truncate(scene.root / "b" / "lesion_003.npz", keep)


def other_sizes(scene: Scene) -> None:
    import numpy as np

    with_probabilities(scene)
    np.savez_compressed(scene.root / "b" / "lesion_003.npz", probabilities=np.zeros((2, 8, 8, 8), np.float32))


def cut_pickle(scene: Scene) -> None:
    import pickle

    hard_predictions(scene)
    (scene.root / "postprocessing.pkl").write_bytes(pickle.dumps(([], [{"labels_or_regions": list(range(40))}]))[:60])


def other_geometry(scene: Scene) -> None:
    from tests.lab.dataset import read, rewrite

    hard_predictions(scene)
    for path in (scene.root / "a").glob("*.nii.gz"):
        rewrite(path, read(path).transpose(2, 1, 0))


def undecided_file(scene: Scene) -> None:
    hard_predictions(scene)
    (scene.root / "a" / "lesion_002.nii.gz").write_text("<html>")


def second_dataset(scene: Scene) -> None:
    shutil.copytree(scene.raw, scene.raw.parent / "Dataset102_Stroke")


def label_gone(scene: Scene) -> None:
    (scene.raw / "labelsTr" / "lesion_002.nii.gz").unlink()


def not_a_zip(scene: Scene) -> None:
    (scene.root / "model.zip").write_text("<!DOCTYPE html><html><body>Access denied</body></html>")


def cut_zip(scene: Scene) -> None:
    shutil.make_archive(str(scene.root / "model"), "zip", scene.root / "nnUNet_results")
    scene.truncate(scene.root / "model.zip", 0.7)


def no_results(scene: Scene) -> None:
    shutil.make_archive(str(scene.root / "model"), "zip", scene.root / "nnUNet_results")
    del scene.env["nnUNet_results"]


ENSEMBLE = "nnUNetv2_ensemble -i {root}/a {root}/b -o {output} -np 1"


FAULTS = (
    Fault(
        "ensemble-folder-missing",
        PATH,
        "one of the folders does not exist",
        ENSEMBLE.replace("{root}/b", "{root}/c"),
        says(FILES, "probabilities-missing"),
        with_probabilities,
    ),
    Fault(
        "ensemble-no-plans",
        PATH,
        "the first folder lacks dataset.json and plans.json",
        ENSEMBLE,
        says(r"dataset\.json", MISMATCH),
        lambda scene: (with_probabilities(scene), (scene.root / "a" / "dataset.json").unlink()),
    ),
    Fault(
        "ensemble-truncated-npz",
        "probabilities-missing",
        "one .npz is cut",
        ENSEMBLE,
        says(r"BadZipFile|zipfile|EOFError", "preprocessed-data-corrupt", "storage-io-error", MISMATCH),
        lambda scene: with_probabilities(scene, 0.5),
    ),
    Fault(
        "ensemble-other-classes",
        MISMATCH,
        "the two models have another number of classes",
        ENSEMBLE,
        says(r"could not be broadcast|shape|ValueError"),
        other_sizes,
    ),
    Fault(
        "postprocess-file-missing",
        PATH,
        "-pp_pkl_file names a file that is not there",
        POSTPROCESS,
        says(r"postprocessing\.pkl"),
        hard_predictions,
    ),
    Fault(
        "postprocess-flag-of-documentation",
        USAGE,
        "--pp_pkl_file, as an old page of the documentation says",
        POSTPROCESS.replace("-pp_pkl", "--pp_pkl"),
        says("arguments are required|unrecognized"),
        hard_predictions,
    ),
    Fault(
        "postprocess-truncated",
        "checkpoint-corrupt",
        "postprocessing.pkl is cut",
        POSTPROCESS,
        says(r"truncated|EOFError|UnpicklingError", "preprocessed-data-corrupt", "storage-io-error"),
        cut_pickle,
    ),
    Fault(
        "determine-postprocessing-no-folder",
        PATH,
        "-i names a folder that is not there",
        "nnUNetv2_determine_postprocessing -i {root}/none -ref {raw}/labelsTr -np 1",
        says(FILES),
    ),
    Fault(
        "determine-postprocessing-missing-case",
        MISMATCH,
        "one prediction is missing",
        "nnUNetv2_determine_postprocessing -i {root}/a -ref {raw}/labelsTr -np 1",
        says(r"AssertionError|lesion_004|Not all|No such file"),
        lambda scene: (hard_predictions(scene), (scene.root / "a" / "lesion_004.nii.gz").unlink()),
    ),
    Fault(
        "evaluate-no-files-given",
        USAGE,
        "-djfile and -pfile are forgotten",
        "nnUNetv2_evaluate_folder {raw}/labelsTr {root}/a",
        says("arguments are required"),
        hard_predictions,
    ),
    Fault(
        "evaluate-swapped-folders",
        MISMATCH,
        "more references than predictions: the folders are swapped",
        "nnUNetv2_evaluate_folder {raw}/labelsTr {input} -djfile {model}/dataset.json -pfile {model}/plans.json",
        says(r"Not all files in folder_|AssertionError"),
        hard_predictions,
    ),
    Fault(
        "evaluate-dataset-json-missing",
        PATH,
        "-djfile names a file that is not there",
        EVALUATE.replace("{model}/dataset.json", "{root}/dataset.json"),
        says(r"dataset\.json"),
        hard_predictions,
    ),
    Fault(
        "evaluate-other-orientation",
        MISMATCH,
        "all predictions have swapped axes",
        EVALUATE,
        says(r"could not be broadcast|shape", "shape-mismatch"),
        other_geometry,
    ),
    Fault(
        "evaluate-unreadable-prediction",
        "image-unreadable",
        "one prediction is a web page",
        EVALUATE,
        says(r"ImageIO|not recogni[sz]ed|ITK ERROR"),
        undecided_file,
    ),
    Fault(
        "evaluate-simple-empty-folder",
        MISMATCH,
        "the folder of references is empty",
        "nnUNetv2_evaluate_simple {output} {root}/a -l 1 2",
        says(ERROR, PATH),
        lambda scene: (hard_predictions(scene), scene.output.mkdir()),
    ),
    Fault(
        "find-best-other-trainer",
        INCOMPLETE,
        "-tr is forgotten",
        "nnUNetv2_find_best_configuration 101 -c 3d_fullres -f 0",
        says(
            "is missing. Please train it|is missing the trained model|does not exist", NO_MODEL, "probabilities-missing"
        ),
    ),
    Fault(
        "find-best-validation-empty",
        INCOMPLETE,
        "the validation folder of fold 0 is empty",
        f"{FIND} -f 0",
        says(ERROR, MISMATCH, "probabilities-missing"),
        lambda scene: [path.unlink() for path in (scene.fold / "validation").iterdir() if path.is_file()],
    ),
    Fault(
        "accumulate-folds-missing",
        INCOMPLETE,
        "five folds are wanted, one was trained",
        f"nnUNetv2_accumulate_crossval_results 101 -c 3d_fullres -tr {TRAINER}",
        says(ERROR, NO_MODEL, PATH),
    ),
    Fault(
        "export-folds-missing",
        INCOMPLETE,
        "five folds are wanted, one was trained",
        EXPORT,
        says("not all requested folds are present", NO_MODEL),
    ),
    Fault(
        "export-configuration-missing",
        INCOMPLETE,
        "2d was not trained",
        f"{EXPORT} 2d -f 0".replace(f"3d_fullres -tr {TRAINER} 2d", f"2d -tr {TRAINER}"),
        says("is missing the trained model of configuration", NO_MODEL),
    ),
    Fault(
        "export-no-final-checkpoint",
        NO_MODEL,
        "checkpoint_final.pth is not there",
        f"{EXPORT} -f 0",
        says(r"checkpoint_final\.pth", INCOMPLETE),
        lambda scene: (scene.fold / "checkpoint_final.pth").unlink(),
    ),
    Fault(
        "install-no-such-zip",
        PATH,
        "the zip file is not there",
        "nnUNetv2_install_pretrained_model_from_zip {root}/none.zip",
        says(FILES, DOWNLOAD),
    ),
    Fault(
        "install-web-page",
        DOWNLOAD,
        "the zip file is a web page",
        "nnUNetv2_install_pretrained_model_from_zip {root}/model.zip",
        says("BadZipFile"),
        not_a_zip,
    ),
    Fault(
        "install-truncated-zip",
        DOWNLOAD,
        "the download of the zip file was interrupted",
        "nnUNetv2_install_pretrained_model_from_zip {root}/model.zip",
        says("BadZipFile"),
        cut_zip,
    ),
    Fault(
        "install-results-unset",
        "env-vars-not-set",
        "nnUNet_results is unset",
        "nnUNetv2_install_pretrained_model_from_zip {root}/model.zip",
        says("nnUNet_results|network_training_output_dir"),
        no_results,
    ),
    Fault(
        "move-plans-not-planned",
        "not-preprocessed",
        "the source dataset was never planned",
        "nnUNetv2_move_plans_between_datasets -s 101 -t 102 -sp nnUNetPlans",
        says("Cannot move plans|Source plans are missing|No such file"),
        lambda scene: (second_dataset(scene), scene.forget_plans()),
    ),
    Fault(
        "move-plans-other-name",
        "not-preprocessed",
        "-sp names plans that were not made",
        "nnUNetv2_move_plans_between_datasets -s 101 -t 102 -sp nnUNetResEncUNetMPlans",
        says("Source plans are missing"),
        second_dataset,
    ),
    Fault(
        "move-plans-no-target",
        "dataset-not-found",
        "the target dataset does not exist",
        "nnUNetv2_move_plans_between_datasets -s 101 -t 103 -sp nnUNetPlans",
        says("Could not find a dataset with the ID 103"),
    ),
    Fault(
        "overlay-label-missing",
        "missing-label-or-image",
        "one label is missing",
        "nnUNetv2_plot_overlay_pngs -d 101 -o {output} -np 1 --use_raw",
        says(r"AssertionError|No such file"),
        label_gone,
    ),
    Fault(
        "overlay-not-preprocessed",
        "not-preprocessed",
        "overlays of a configuration that was not preprocessed",
        "nnUNetv2_plot_overlay_pngs -d 101 -o {output} -np 1 -c 2d",
        says("Run preprocessing for this configuration first|does not exist"),
    ),
    Fault(
        "convert-msd-wrong-folder",
        "missing-label-or-image",
        "-i names a folder that is not there",
        "nnUNetv2_convert_MSD_dataset -i {root}/Task99_None -np 1",
        says(rf"{FILES}|AssertionError", PATH),
    ),
    Fault(
        "download-no-such-host",
        DOWNLOAD,
        "the server's name can't be resolved",
        "nnUNetv2_download_pretrained_model_by_url http://models.invalid/model.zip",
        says(r"ConnectionError|NameResolution|Failed to resolve"),
    ),
)
