"""Training cases that are missing, misnamed or have the wrong ending."""

from __future__ import annotations

import shutil

from tests.lab.faults.cases import ENDING, NAMING
from tests.lab.faults.commands import PLAN, VERIFY, says
from tests.lab.model import Fault, Scene

COUNTED = r"Did not find the expected number of training cases"


def no_suffix_training(scene: Scene) -> None:
    scene.forget_plans()
    for path in (scene.raw / "imagesTr").glob("*_0001.nii.gz"):
        path.unlink()
    for path in (scene.raw / "imagesTr").glob("*_0000.nii.gz"):
        path.rename(str(path).replace("_0000", ""))
    scene.edit_dataset(channel_names={"0": "T1"})


def wrong_ending(scene: Scene) -> None:
    scene.forget_plans()
    scene.edit_dataset(file_ending=".nrrd")


def ending_without_dot(scene: Scene) -> None:
    scene.forget_plans()
    scene.edit_dataset(file_ending="nii.gz")


def missing_label(scene: Scene) -> None:
    scene.forget_plans()
    (scene.raw / "labelsTr" / "lesion_004.nii.gz").unlink()


def missing_images(scene: Scene) -> None:
    scene.forget_plans()
    for path in (scene.raw / "imagesTr").glob("lesion_004_*"):
        path.unlink()


def listed_case_missing(scene: Scene) -> None:
    scene.forget_plans()
    names = ["lesion_001", "lesion_002", "lesion_009"]
    cases = {
        name: {
            "images": [f"imagesTr/{name}_{channel:04d}.nii.gz" for channel in (0, 1)],
            "label": f"labelsTr/{name}.nii.gz",
        }
        for name in names
    }
    scene.edit_dataset(dataset=cases, numTraining=3)


def no_label_folder(scene: Scene) -> None:
    scene.forget_plans()
    shutil.rmtree(scene.raw / "labelsTr")


def labels_with_suffix(scene: Scene) -> None:
    scene.forget_plans()
    for path in list((scene.raw / "labelsTr").iterdir()):
        path.rename(str(path).replace(".nii.gz", "_0000.nii.gz"))


def stray_file(scene: Scene) -> None:
    """What macOS leaves beside a copied file."""
    scene.forget_plans()
    (scene.raw / "imagesTr" / "._lesion_001_0000.nii.gz").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")


MISSING = "missing-label-or-image"


FAULTS = (
    Fault(
        "verify-no-channel-suffix",
        NAMING,
        "the training images lack the suffix _0000",
        VERIFY,
        says(rf"{COUNTED}|not all training cases have a label|IndexError", MISSING),
        no_suffix_training,
    ),
    Fault(
        "preprocess-no-channel-suffix",
        NAMING,
        "the training images lack the suffix _0000; not verified",
        PLAN,
        says(r"IndexError|does not exist|FileNotFoundError|No such file", MISSING),
        no_suffix_training,
    ),
    Fault(
        "verify-labels-with-suffix",
        NAMING,
        "the label files have the suffix _0000",
        VERIFY,
        says("not all training cases have a label file", NAMING, first=MISSING),
        labels_with_suffix,
    ),
    Fault(
        "verify-stray-macos-file",
        NAMING,
        "a ._ file of macOS is in imagesTr",
        VERIFY,
        says(r"\._lesion_001|expected number of training cases", MISSING),
        stray_file,
    ),
    Fault(
        "verify-wrong-ending",
        ENDING,
        "dataset.json says .nrrd, the files end with .nii.gz",
        VERIFY,
        says(r"\(6\)\. Found 0 instead", MISSING, "no-input-cases"),
        wrong_ending,
    ),
    Fault(
        "preprocess-wrong-ending",
        ENDING,
        "dataset.json says .nrrd, the files end with .nii.gz; not verified",
        PLAN,
        says("StopIteration", "no-input-cases"),
        wrong_ending,
    ),
    Fault(
        "verify-ending-without-dot",
        ENDING,
        "file_ending in dataset.json lacks its dot",
        VERIFY,
        says(r"reader|Found \d+ instead|not all training cases|nii\.gz", "unsupported-image-format", "file-naming"),
        ending_without_dot,
    ),
    Fault(
        "verify-missing-label", MISSING, "one case has no label", VERIFY, says("not all training cases"), missing_label
    ),
    Fault(
        "preprocess-missing-label",
        MISSING,
        "one case has no label; not verified",
        PLAN,
        says(r"does not exist|No such file|labelsTr/lesion_004"),
        missing_label,
    ),
    Fault(
        "verify-missing-images",
        MISSING,
        "numTraining is 6, 5 cases are there",
        VERIFY,
        says(COUNTED),
        missing_images,
    ),
    Fault(
        "verify-listed-case-missing",
        MISSING,
        "the 'dataset' key of dataset.json lists a case that is not there",
        VERIFY,
        says("Some expected files were missing"),
        listed_case_missing,
    ),
    Fault(
        "verify-no-label-folder",
        MISSING,
        "there is no labelsTr folder",
        VERIFY,
        says("There needs to be a labelsTr subfolder"),
        no_label_folder,
    ),
)
