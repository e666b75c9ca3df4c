"""Names of folders, paths in variables, and commands in the wrong order."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.lab import limits
from tests.lab.faults.commands import FAST, MODEL, PLAN, PREDICT, PREPROCESS, TRAIN, VERIFY, says
from tests.lab.faults.limits_of_system import DISK, locked, mounts, small
from tests.lab.faults.variables import NOT_FOUND, VARIABLES, unset, variable
from tests.lab.model import TRAINER, Fault, Scene

NOT_THERE = "not-preprocessed"
NO_DATASET = "dataset-not-found"
PATH = "path-problem"
USAGE = "cli-usage-error"
FILES = r"FileNotFoundError|No such file|NotADirectoryError|FileExistsError|Not a directory"


def raw_named(name: str) -> Callable[[Scene], None]:
    def inject(scene: Scene) -> None:
        scene.forget_plans()
        shutil.rmtree(scene.results)
        scene.raw.rename(scene.raw.parent / name)

    return inject


def one_folder_too_deep(scene: Scene) -> None:
    scene.forget_plans()
    shutil.rmtree(scene.results)
    scene.env["nnUNet_raw"] = str(scene.raw)


def results_is_a_file(scene: Scene) -> None:
    path = scene.root / "results.txt"
    path.write_text("notes")
    scene.env["nnUNet_results"] = str(path)


def raw_gone(scene: Scene) -> None:
    shutil.rmtree(scene.raw)


def duplicate_raw(scene: Scene) -> None:
    scene.forget_plans()
    shutil.copytree(scene.raw, scene.raw.parent / "Dataset101_LesionCopy")


def other_dataset(scene: Scene) -> None:
    """A second dataset that was never planned."""
    shutil.copytree(scene.raw, scene.raw.parent / "Dataset102_Stroke")


def spaces(scene: Scene) -> None:
    shutil.copytree(scene.input, scene.root / "my images")


FAULTS = (
    Fault(
        "plan-folder-without-dataset",
        NO_DATASET,
        "the raw folder is called 101_Lesion",
        VERIFY,
        says(NOT_FOUND),
        raw_named("101_Lesion"),
    ),
    Fault(
        "plan-folder-lower-case",
        NO_DATASET,
        "the raw folder is called dataset101_lesion",
        VERIFY,
        says(NOT_FOUND),
        raw_named("dataset101_lesion"),
    ),
    Fault(
        "plan-folder-two-digits",
        NO_DATASET,
        "the raw folder is called Dataset11_Lesion",
        VERIFY.replace("101", "11"),
        says(rf"{NOT_FOUND}|{FILES}"),
        raw_named("Dataset11_Lesion"),
    ),
    Fault(
        "plan-raw-one-too-deep",
        NO_DATASET,
        "nnUNet_raw names the dataset's folder",
        VERIFY,
        says(NOT_FOUND, VARIABLES, PATH),
        one_folder_too_deep,
    ),
    Fault(
        "plan-two-raw-one-id",
        "dataset-id-ambiguous",
        "a copy of the dataset's folder is beside it",
        VERIFY,
        says("More than one dataset name found"),
        duplicate_raw,
    ),
    Fault(
        "plan-raw-tilde",
        VARIABLES,
        "nnUNet_raw starts with a ~ that no shell expanded",
        PLAN,
        says(rf"{NOT_FOUND}|{FILES}", NO_DATASET, PATH),
        variable("nnUNet_raw", "~/nnUNet_raw"),
    ),
    Fault(
        "plan-raw-empty",
        VARIABLES,
        "nnUNet_raw is set to nothing",
        PLAN,
        says(rf"{NOT_FOUND}|{FILES}|is not defined|not NoneType", NO_DATASET, PATH),
        variable("nnUNet_raw", ""),
    ),
    Fault(
        "plan-raw-windows-path",
        VARIABLES,
        "nnUNet_raw is a path of Windows",
        PLAN,
        says(rf"{NOT_FOUND}|{FILES}", NO_DATASET, PATH),
        variable("nnUNet_raw", "D:\\nnunet\\nnUNet_raw"),
    ),
    Fault(
        "predict-results-relative",
        VARIABLES,
        "nnUNet_results is a relative path",
        PREDICT,
        says(FILES, "checkpoint-missing", PATH, NO_DATASET),
        variable("nnUNet_results", "data/nnUNet_results"),
    ),
    Fault("train-results-is-a-file", PATH, "nnUNet_results names a file", TRAIN, says(FILES), results_is_a_file),
    Fault(
        "plan-processes-not-a-number",
        VARIABLES,
        "nnUNet_def_n_proc=all",
        PLAN,
        says("invalid literal for int"),
        variable("nnUNet_def_n_proc", "all"),
    ),
    Fault(
        "train-preprocessed-and-raw-unset",
        VARIABLES,
        "nnUNet_preprocessed and nnUNet_raw are unset",
        TRAIN,
        says(r"is not defined|=None|not NoneType"),
        unset("nnUNet_raw", "nnUNet_preprocessed"),
    ),
    Fault(
        "plan-preprocessed-unset",
        VARIABLES,
        "nnUNet_preprocessed is unset",
        VERIFY,
        says(r"is not defined|=None|not NoneType"),
        unset("nnUNet_preprocessed"),
    ),
    Fault(
        "train-extra-trainer-folder-missing",
        VARIABLES,
        "nnUNet_extTrainer names a folder that is not there",
        TRAIN.replace(TRAINER, "nnUNetTrainerMine"),
        says(r"extTrainer|Could not find requested|FileNotFoundError|my_trainers", "trainer-not-found", PATH),
        variable("nnUNet_extTrainer", "/data/my_trainers"),
        when=lambda scene: scene.release >= (2, 7),
    ),
    Fault(
        "preprocess-raw-gone",
        NO_DATASET,
        "the raw dataset was removed after planning",
        PREPROCESS,
        says(
            rf"{NOT_FOUND}|{FILES}|could not be found in nnUNet_raw",
            PATH,
            "missing-label-or-image",
            "dataset-json-invalid",
        ),
        raw_gone,
    ),
    Fault(
        "train-before-planning",
        NOT_THERE,
        "a dataset that was never planned is trained",
        TRAIN.replace(" 101 ", " 102 "),
        says(r"Dataset102_Stroke", NO_DATASET),
        other_dataset,
    ),
    Fault(
        "train-2d-not-preprocessed",
        NOT_THERE,
        "only 3d_fullres was preprocessed, 2d is trained",
        TRAIN.replace("3d_fullres", "2d"),
        says(r"nnUNetPlans_2d|Did you preprocess"),
    ),
    Fault(
        "predict-input-is-a-file",
        PATH,
        "-i names an image, not a folder",
        f"nnUNetv2_predict -i {{input}}/lesion_001_0000.nii.gz -o {{output}} {MODEL} {FAST}",
        says(rf"{FILES}|Error: .+", "no-input-cases"),
    ),
    Fault(
        "predict-unquoted-space",
        USAGE,
        "a path with a space is not quoted",
        f"nnUNetv2_predict -i {{root}}/my images -o {{output}} {MODEL} {FAST}",
        says("unrecognized arguments", PATH),
        spaces,
    ),
    Fault(
        "predict-configuration-typo",
        "checkpoint-missing",
        "-c 3d_fulres",
        PREDICT.replace("3d_fullres", "3d_fulres"),
        says(r"3d_fulres", "training-incomplete", PATH),
    ),
    Fault(
        "predict-fold-all-not-trained",
        "checkpoint-missing",
        "-f all, fold 0 was trained",
        PREDICT.replace("-f 0", "-f all"),
        says("fold_all", "training-incomplete"),
    ),
    Fault(
        "preprocess-process-lists",
        USAGE,
        "-np has two numbers for one configuration",
        "nnUNetv2_preprocess -d 101 -c 3d_fullres -np 2 3",
        says("num_processes must either have len 1"),
    ),
    Fault(
        "train-device-number",
        USAGE,
        "-device cuda:0",
        TRAIN.replace("-device cpu", "-device cuda:0"),
        says("-device must be either"),
    ),
    Fault(
        "train-two-processes-on-cpu",
        USAGE,
        "-num_gpus 2 with -device cpu",
        f"{TRAIN} -num_gpus 2",
        says("only implemented for cuda devices", "ddp-failure", "cuda-unavailable"),
    ),
    Fault("train-num-gpus-word", USAGE, "-num_gpus all", f"{TRAIN} -num_gpus all", says("invalid int value")),
    Fault(
        "train-continue-with-pretrained",
        USAGE,
        "--c together with -pretrained_weights",
        f"{TRAIN} --c -pretrained_weights {{fold}}/checkpoint_final.pth",
        says("Cannot both continue a training AND load pretrained weights", "checkpoint-mismatch"),
    ),
    Fault(
        "train-pretrained-missing",
        "checkpoint-missing",
        "-pretrained_weights names a file that is not there",
        f"{TRAIN} -pretrained_weights {{root}}/weights/pretrained.pth",
        says(r"No such file.*pretrained\.pth|FileNotFoundError", PATH),
    ),
    Fault(
        "predict-save-to-locked-parent",
        "permission-denied",
        "no right to make the output folder",
        f"nnUNetv2_predict -i {{input}} -o {{root}}/shared/out {MODEL} {FAST}",
        says("Permission denied"),
        locked(lambda scene: scene.root / "shared"),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "predict-checkpoint-not-readable",
        "permission-denied",
        "no right to read the checkpoint",
        PREDICT,
        says("Permission denied"),
        lambda scene: (scene.fold / "checkpoint_final.pth").chmod(0),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "train-plans-not-readable",
        "permission-denied",
        "no right to read the plans",
        TRAIN,
        says("Permission denied"),
        lambda scene: (scene.preprocessed / "nnUNetPlans.json").chmod(0),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "plan-raw-folder-not-readable",
        "permission-denied",
        "no right to list imagesTr",
        VERIFY,
        says("Permission denied"),
        lambda scene: (scene.forget_plans(), (scene.raw / "imagesTr").chmod(0)),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "predict-read-only-output",
        "permission-denied",
        "the output folder is on a disk that is mounted read-only",
        PREDICT,
        says("Read-only file system"),
        small(lambda scene: scene.output, 4096, "ro"),
        when=mounts,
    ),
    Fault(
        "predict-disk-full-probabilities",
        "disk-full",
        "no room for the probabilities",
        f"{PREDICT} --save_probabilities",
        says(DISK),
        small(lambda scene: scene.output, 150_000),
        when=mounts,
    ),
    Fault(
        "plan-disk-full",
        "disk-full",
        "no room for the first file of planning",
        VERIFY,
        says(DISK),
        lambda scene: (scene.forget_plans(), limits.small_disk(scene, scene.preprocessed, 4096)),
        when=mounts,
    ),
)
