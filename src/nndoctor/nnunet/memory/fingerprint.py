"""Bytes of the dataset fingerprint: 10e7 foreground values per channel are drawn over the whole dataset, however small
it is (DatasetFingerprintExtractor in experiment_planning/dataset_fingerprint/fingerprint_extractor.py, v2.0 to
v2.8.1)."""

from __future__ import annotations

from nndoctor.nnunet.memory.model import Image, Model, Release
from nndoctor.nnunet.memory.preprocessing import LIKELY_FOREGROUND, reading

SAMPLES = 100_000_000


def fingerprint_main_peak(channels: int) -> int:
    """The values of all cases (float32), all channels put together, and the array made of them: 3 * 4 bytes a value."""
    return 3 * 4 * SAMPLES * channels


def fingerprint_worker_peak(image: Image, model: Model, cases: int, release: Release) -> int:
    """Bytes of one case in a worker: the image and the label (float32), the cropping masks, the foreground's values,
    and the drawn values: 4 bytes each, with int64 indices (8) for the channel at hand; then their pickle."""
    drawn = SAMPLES // max(1, cases)
    share = LIKELY_FOREGROUND if image.foreground is None else image.foreground
    arrays = 4 * (image.channels + 1) * image.voxels
    values = round(share * image.voxels) * 12
    drawing = arrays + image.voxels + values + drawn * (4 * (image.channels - 1) + 12)
    pickling = arrays + drawn * (8 * image.channels + 4)
    return max(reading(image, model, release), arrays + 5 * image.voxels, drawing, pickling)
