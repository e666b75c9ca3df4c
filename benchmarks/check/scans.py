"""Makes the dataset that the speed of `nndoctor check dataset` is measured on: CT-like volumes as .nii.gz."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt

DISTINCT = 20
SHAPE = (100, 128, 128)
"""z, y, x"""
Pair = tuple[npt.NDArray[np.int16], npt.NDArray[np.uint8]]


def make_dataset(root: Path, cases: int, shape: tuple[int, int, int] = SHAPE) -> None:
    """A dataset of `cases` images and labels in `root`; 20 distinct pairs, copied. Of another shape than the usual one
    they are hard links, for room. Made once."""
    repeat = shutil.copyfile if shape == SHAPE else os.link
    if (root / "dataset.json").is_file() and len(list((root / "labelsTr").iterdir())) == cases:
        return
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("imagesTr", "labelsTr"):
        (root / folder).mkdir(parents=True)
    for number in range(cases):
        image, label = _image(root, number), _label(root, number)
        if number < DISTINCT:
            _write_pair(image, label, _scan(number, shape))
        else:
            repeat(_image(root, number % DISTINCT), image)
            repeat(_label(root, number % DISTINCT), label)
    declared = {
        "channel_names": {"0": "CT"},
        "labels": {"background": 0, "organ": 1, "lesion": 2},
        "numTraining": cases,
        "file_ending": ".nii.gz",
    }
    (root / "dataset.json").write_text(json.dumps(declared))


def _image(root: Path, number: int) -> Path:
    return root / "imagesTr" / f"scan_{number:05d}_0000.nii.gz"


def _label(root: Path, number: int) -> Path:
    return root / "labelsTr" / f"scan_{number:05d}.nii.gz"


def _write_pair(image: Path, label: Path, pair: Pair) -> None:
    """As SimpleITK writes them, at its own level of compression."""
    import SimpleITK

    for path, voxels in zip((image, label), pair, strict=True):
        volume = SimpleITK.GetImageFromArray(voxels)
        volume.SetSpacing((0.8, 0.8, 2.5))
        SimpleITK.WriteImage(volume, str(path), useCompression=True)


def _scan(seed: int, shape: tuple[int, int, int]) -> Pair:
    """A body in air, two organs in it, and noise of 12 HU everywhere."""
    random = np.random.default_rng(seed)
    z, y, x = (np.linspace(-1, 1, count)[place] for count, place in zip(shape, np.ix_(*map(range, shape)), strict=True))
    body = (x / 0.8) ** 2 + (y / 0.6) ** 2 + 0 * z < 1
    organ = ((x - 0.3) / 0.25) ** 2 + (y / 0.25) ** 2 + (z / (0.4 + 0.02 * (seed % 10))) ** 2 < 1
    lesion = ((x - 0.3) / 0.08) ** 2 + (y / 0.08) ** 2 + (z / 0.1) ** 2 < 1
    values = np.where(body, 40.0, -1000.0) + 60 * organ - 50 * lesion + 20 * np.sin(6 * x + seed) * body
    noisy = values + random.normal(0, 12, shape)
    return np.round(noisy).astype(np.int16), (organ.astype(np.uint8) + (organ & lesion)).astype(np.uint8)
