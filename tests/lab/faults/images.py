"""Images that do not fit together or can't be read."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from tests.lab.dataset import read, rewrite
from tests.lab.faults.commands import PLAN, PREDICT, VERIFY, says
from tests.lab.model import Fault, Scene


def label(scene: Scene) -> Path:
    scene.forget_plans()
    return scene.raw / "labelsTr" / "lesion_003.nii.gz"


def image(scene: Scene) -> Path:
    scene.forget_plans()
    return scene.raw / "imagesTr" / "lesion_003_0001.nii.gz"


def to_predict(scene: Scene) -> Path:
    return scene.input / "lesion_001_0001.nii.gz"


def smaller(path: Path) -> None:
    rewrite(path, read(path)[:, :-4, :])


def not_an_image(path: Path) -> None:
    """What a failed download leaves: a web page under an image's name."""
    path.write_text("<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>")


def truncate_uncompressed(scene: Scene) -> None:
    """All files as .nii, one of them cut: ITK notices this, a cut .nii.gz it fills with zeros."""
    scene.forget_plans()
    for path in [*(scene.raw / "imagesTr").iterdir(), *(scene.raw / "labelsTr").iterdir()]:
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    scene.edit_dataset(file_ending=".nii")
    scene.truncate(scene.raw / "imagesTr" / "lesion_003_0001.nii")


def four_dimensional(*paths: Path) -> None:
    import SimpleITK

    for path in paths:
        volume = SimpleITK.ReadImage(str(path))
        SimpleITK.WriteImage(SimpleITK.JoinSeries([volume, volume]), str(path))


def skewed(path: Path) -> None:
    import nibabel

    old = nibabel.load(path)
    affine = np.array([[1, 0.3, 0, 0], [0, 1, 0.2, 0], [0, 0, 1.5, 0], [0, 0, 0, 1]], float)
    data = np.asanyarray(old.dataobj)
    new = nibabel.Nifti1Image(data, affine)
    new.header["qform_code"] = 0
    nibabel.save(new, path)


def nan_with_nibabel(scene: Scene) -> None:
    import nibabel

    path = image(scene)
    scene.edit_dataset(overwrite_image_reader_writer="NibabelIO")
    old = nibabel.load(path)
    data = np.asanyarray(old.dataobj).astype(np.float32)
    data[4:8, 4:8, 4:8] = np.nan
    nibabel.save(nibabel.Nifti1Image(data, old.affine), path)


def unknown_format(scene: Scene) -> None:
    scene.forget_plans()
    scene.edit_dataset(file_ending=".npz")
    for path in [*(scene.raw / "imagesTr").iterdir(), *(scene.raw / "labelsTr").iterdir()]:
        path.rename(str(path).replace(".nii.gz", ".npz"))


SHAPES = "shape-mismatch"
GEOMETRY = "geometry-mismatch"
UNREADABLE = "image-unreadable"
FORMAT = "unsupported-image-format"


FAULTS = (
    Fault(
        "preprocess-channel-shape",
        SHAPES,
        "a channel of a training case is smaller than the other",
        PLAN,
        says("Not all input images have the same shape"),
        lambda scene: smaller(image(scene)),
    ),
    Fault(
        "predict-channel-shape",
        SHAPES,
        "a channel of a case to predict is smaller than the other",
        PREDICT,
        says("Not all input images have the same shape"),
        lambda scene: smaller(to_predict(scene)),
    ),
    Fault(
        "predict-channel-spacing",
        GEOMETRY,
        "the two channels of a case to predict have different spacings",
        PREDICT,
        says("Not all input images have the same spacing"),
        lambda scene: rewrite(to_predict(scene), Spacing=(1.0, 1.0, 3.0)),
    ),
    Fault(
        "verify-channel-spacing",
        GEOMETRY,
        "the two channels of a training case have different spacings",
        VERIFY,
        says("Not all input images have the same spacing"),
        lambda scene: rewrite(image(scene), Spacing=(1.0, 1.0, 3.0)),
    ),
    Fault(
        "predict-not-an-image",
        UNREADABLE,
        "a file to predict is a web page under an image's name",
        PREDICT,
        says(r"Unable to determine ImageIO reader|not recogni[sz]ed|ITK ERROR"),
        lambda scene: not_an_image(to_predict(scene)),
    ),
    Fault(
        "predict-empty-file",
        UNREADABLE,
        "a file to predict has no bytes",
        PREDICT,
        says(r"Unable to determine ImageIO reader|not recogni[sz]ed|ITK ERROR"),
        lambda scene: to_predict(scene).write_bytes(b""),
    ),
    Fault(
        "verify-not-an-image",
        UNREADABLE,
        "a segmentation is a web page under an image's name",
        VERIFY,
        says(r"Unable to determine ImageIO reader|not recogni[sz]ed|ITK ERROR"),
        lambda scene: not_an_image(label(scene)),
    ),
    Fault(
        "preprocess-truncated-nii",
        UNREADABLE,
        "an uncompressed training image is cut at half its length",
        PLAN,
        (
            *says(r"Expected \d+ bytes|ITK ERROR|Could not read"),
            *says("Unable to determine a reader", UNREADABLE, first=FORMAT),
        ),
        truncate_uncompressed,
    ),
    Fault(
        "predict-four-dimensional",
        FORMAT,
        "a file to predict is a 4D volume",
        PREDICT,
        says(
            r"AssertionError|IndexError|Not all input images have the same|too many values",
            SHAPES,
            "channel-count-mismatch",
        ),
        lambda scene: four_dimensional(*scene.input.glob("lesion_001*")),
    ),
    Fault(
        "plan-unknown-ending",
        FORMAT,
        "the dataset is made of .npz files",
        VERIFY,
        says("Unable to determine a reader"),
        unknown_format,
    ),
    Fault(
        "predict-skewed-direction",
        "nonorthonormal-direction",
        "the affine of a file to predict is sheared",
        PREDICT,
        says("orthonormal"),
        lambda scene: skewed(to_predict(scene)),
    ),
    Fault(
        "verify-nan",
        "nan-in-data",
        "an image read with nibabel has NaN voxels",
        VERIFY,
        says("contain NaN pixel values"),
        nan_with_nibabel,
    ),
)
