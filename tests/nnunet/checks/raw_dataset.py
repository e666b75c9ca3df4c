"""A small raw dataset as a user would have it, written by SimpleITK and broken by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import SimpleITK
from numpy.typing import NDArray

SHAPE = (12, 14, 10)
SPACING = (0.8, 0.8, 2.5)


class RawDataset:
    """Six cases of two channels with labels 0, 1, 2, in any format that SimpleITK writes."""

    def __init__(self, root: Path, ending: str = ".nii.gz", channels: int = 2, cases: int = 6) -> None:
        self.root, self.ending, self.channels = root, ending, channels
        self.names = [f"case_{number:02d}" for number in range(cases)]
        self.json: dict[str, object] = {
            "channel_names": {str(number): "CT" for number in range(channels)},
            "labels": {"background": 0, "organ": 1, "lesion": 2},
            "numTraining": cases,
            "file_ending": ending,
        }
        self.write_json()
        for number, name in enumerate(self.names):
            for channel in range(channels):
                self.write(self.image(name, channel), voxels(number * 10 + channel))
            self.write(self.label(name), mask(number))

    def write_json(self, **changes: object) -> None:
        self.json.update(changes)
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "dataset.json").write_text(json.dumps(self.json), encoding="utf-8")

    def image(self, name: str, channel: int = 0) -> Path:
        return self.root / "imagesTr" / f"{name}_{channel:04d}{self.ending}"

    def label(self, name: str) -> Path:
        return self.root / "labelsTr" / f"{name}{self.ending}"

    def write(
        self,
        path: Path,
        array: NDArray[np.generic],
        spacing: tuple[float, ...] = SPACING,
        direction: tuple[float, ...] | None = None,
        origin: tuple[float, ...] = (3.0, -4.0, 5.0),
    ) -> None:
        """`array` is z, y, x; one slice alone for formats of two axes."""
        flat = self.ending in (".png", ".bmp")
        image = SimpleITK.GetImageFromArray(array[0].astype(np.uint8) if flat else array)
        if not flat:
            image.SetSpacing(spacing)
            image.SetOrigin(origin)
            image.SetDirection(direction or (1, 0, 0, 0, 1, 0, 0, 0, 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        SimpleITK.WriteImage(image, str(path), self.ending in (".nii.gz", ".nrrd", ".mha"))


def voxels(seed: int) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(0, 200, SHAPE[::-1]).astype(np.int16)


def mask(seed: int) -> NDArray[np.uint8]:
    array = np.zeros(SHAPE[::-1], np.uint8)
    array[:, 3:9, 2:6] = 1
    array[:, 4 + seed % 3 : 7, 3:5] = 2
    return array
