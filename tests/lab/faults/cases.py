"""Which cases nnU-Net finds to predict: empty folders, missing suffixes, wrong endings."""

from __future__ import annotations

from tests.lab.faults.commands import MODEL, PREDICT, says
from tests.lab.model import Fault, Scene

ZERO = says("There are 0 cases in the source folder", "file-ending-mismatch", "file-naming", first="no-input-cases")


def empty_input(scene: Scene) -> None:
    for path in scene.input.iterdir():
        path.unlink()


def folder_above(scene: Scene) -> None:
    inner = scene.root / "inner"
    scene.input.rename(inner)
    scene.input.mkdir()
    inner.rename(scene.input / "patients")


def no_suffix(scene: Scene) -> None:
    for path in scene.input.glob("*_0001.nii.gz"):
        path.unlink()
    for path in scene.input.glob("*_0000.nii.gz"):
        path.rename(str(path).replace("_0000", ""))


def short_suffix(scene: Scene) -> None:
    """_000 and _001, as some other tools count."""
    for path in scene.input.iterdir():
        path.rename(str(path).replace("_000", "_00"))


def uncompressed_input(scene: Scene) -> None:
    import gzip

    for path in list(scene.input.iterdir()):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()


def stray_input(scene: Scene) -> None:
    (scene.input / "._lesion_001_0000.nii.gz").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    (scene.input / "._lesion_001_0001.nii.gz").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")


NAMING = "file-naming"
ENDING = "file-ending-mismatch"


FAULTS = (
    Fault("predict-empty-folder", "no-input-cases", "the input folder is empty", PREDICT, ZERO, empty_input),
    Fault(
        "predict-folder-above",
        "no-input-cases",
        "the images are in a folder below the input folder",
        PREDICT,
        ZERO,
        folder_above,
    ),
    Fault(
        "predict-uncompressed",
        ENDING,
        "the input files end with .nii, the model's dataset.json says .nii.gz",
        PREDICT,
        ZERO,
        uncompressed_input,
    ),
    Fault(
        "predict-no-channel-suffix",
        NAMING,
        "the files to predict lack the suffix _0000",
        PREDICT,
        says(r"IndexError: list index out of range|AssertionError", "channel-count-mismatch", "no-input-cases"),
        no_suffix,
    ),
    Fault(
        "predict-short-channel-suffix",
        NAMING,
        "the files to predict end with _000 and _001 instead of _0000 and _0001",
        PREDICT,
        says(r"IndexError: list index out of range|AssertionError|expected input\[", "channel-count-mismatch"),
        short_suffix,
    ),
    Fault(
        "predict-stray-macos-file",
        NAMING,
        "a ._ file of macOS is among the files to predict",
        PREDICT,
        says(r"._lesion_001_0000.nii.gz|Unable to determine ImageIO reader|not recogni[sz]ed", "image-unreadable"),
        stray_input,
    ),
    Fault(
        "predict-input-folder-not-there",
        "path-problem",
        "the input folder does not exist",
        f"nnUNetv2_predict -i {{root}}/imageTs -o {{output}} {MODEL} -device cpu",
        says(r"FileNotFoundError|No such file", "no-input-cases"),
    ),
)
