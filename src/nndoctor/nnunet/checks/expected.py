"""What nnU-Net expects of the images and labels of a dataset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.dataset_json import DatasetJson

NATURAL = (".png", ".bmp", ".tif")
"""Endings that NaturalImage2DIO reads (imageio/natural_image_reader_writer.py, v2.0 to v2.8.1)."""
SEPARATE_SPACING = (".tif", ".tiff")
"""Endings whose spacing stands in CASE.json beside the image (imageio/tif_reader_writer.py)."""


@dataclass(frozen=True)
class Expected:
    """channels: how many nnU-Net counts on; label values: all that may occur, the ignore label too.

    None where dataset.json (or the model) does not tell.
    """

    ending: str
    channels: int | None = None
    label_values: tuple[int, ...] | None = None
    ignore: int | None = None
    reader: str | None = None


def expected_of(dataset: DatasetJson) -> Expected:
    """What a dataset.json lets nnU-Net expect."""
    labels = dataset.labels
    values = None if labels is None else (*labels.values, *([labels.ignore] if labels.ignore is not None else []))
    return Expected(
        ending=dataset.file_ending or ".nii.gz",
        channels=dataset.channels,
        label_values=values,
        ignore=labels.ignore if labels else None,
        reader=dataset.reader,
    )


def spacing_file(path: str, ending: str) -> Path:
    """The sidecar that holds the spacing of a TIFF: CASE.json, without the channel number of an image."""
    return Path(re.sub(r"_\d{4}$", "", path.removesuffix(ending)) + ".json")
