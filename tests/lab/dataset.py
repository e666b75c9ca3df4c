"""A dataset that is as small as nnU-Net takes: six cases, two channels, two labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import SimpleITK

from tests.lab.model import DATASET

SHAPE = (32, 40, 36)
CASES = 6
CHANNELS = {"0": "T1", "1": "FLAIR"}
LABELS = {"background": 0, "edema": 1, "tumor": 2}


def write_image(path: Path, array: np.ndarray, spacing: tuple[float, float, float] = (1.0, 1.0, 1.5)) -> None:
    """Write an image with a plain geometry; SimpleITK turns the axes round."""
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing(spacing)
    SimpleITK.WriteImage(image, str(path))


def rewrite(path: Path, array: np.ndarray | None = None, **geometry: tuple[float, ...]) -> None:
    """Write an image again with other voxels (same geometry) or another Spacing, Origin or Direction."""
    old = SimpleITK.ReadImage(str(path))
    new = old if array is None else SimpleITK.GetImageFromArray(array)
    if array is not None and new.GetDimension() == old.GetDimension():
        new.SetSpacing(old.GetSpacing())
    for name, value in geometry.items():
        getattr(new, f"Set{name}")(value)
    SimpleITK.WriteImage(new, str(path))


def read(path: Path) -> np.ndarray:
    """The voxels of an image."""
    array: np.ndarray = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))
    return array


def _segmentation(rng: np.random.Generator) -> np.ndarray:
    """A box of edema with a box of tumor in it, at a random place."""
    seg = np.zeros(SHAPE, np.uint8)
    z, y, x = (int(start) for start in rng.integers(3, 9, 3))
    seg[z : z + 16, y : y + 18, x : x + 16] = 1
    seg[z + 4 : z + 12, y + 4 : y + 12, x + 4 : x + 12] = 2
    return seg


def _images(seg: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    noise = [rng.normal(100, 10, SHAPE).astype(np.float32) for _ in CHANNELS]
    return [image + seg * 30 * (1 + channel) for channel, image in enumerate(noise)]


def _write_cases(images: Path, labels: Path | None, count: int, rng: np.random.Generator) -> None:
    for case in range(1, count + 1):
        seg = _segmentation(rng)
        for channel, image in enumerate(_images(seg, rng)):
            write_image(images / f"lesion_{case:03d}_{channel:04d}.nii.gz", image)
        if labels is not None:
            write_image(labels / f"lesion_{case:03d}.nii.gz", seg)


def make(root: Path) -> None:
    """Write the raw dataset, and two cases to predict, below the lab's folder."""
    rng = np.random.default_rng(7)
    raw = root / "nnUNet_raw" / DATASET
    for folder in (raw / "imagesTr", raw / "labelsTr", root / "imagesTs"):
        folder.mkdir(parents=True)
    _write_cases(raw / "imagesTr", raw / "labelsTr", CASES, rng)
    _write_cases(root / "imagesTs", None, 2, rng)
    content = {"channel_names": CHANNELS, "labels": LABELS, "numTraining": CASES, "file_ending": ".nii.gz"}
    (raw / "dataset.json").write_text(json.dumps(content, indent=4))
