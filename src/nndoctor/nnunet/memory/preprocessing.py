"""Bytes that a preprocessing worker holds beside its own base: images float32, one array after the other
(run_case, run_case_npy and _sample_foreground_locations in preprocessing/preprocessors/default_preprocessor.py)."""

from __future__ import annotations

from nndoctor.nnunet.memory.geometry import Shapes
from nndoctor.nnunet.memory.model import Image, Model, Release
from nndoctor.nnunet.memory.resampling import image_to_target, segmentation_to_target

READS_TO_FLOAT32: Release = (2, 5, 0)
SORTS_LOCATIONS: Release = (2, 6, 3)
LIKELY_FOREGROUND = 0.1


def preprocess_peak(image: Image, model: Model, sizes: Shapes, release: Release, labelled: bool) -> int:
    """Bytes at the peak of one case. `labelled`: with its label, as for training; else as for prediction."""
    moments = [
        reading(image, model, release),
        cropping(image, labelled),
        normalizing(image, sizes, labelled),
        resampling_image(image, sizes, release, labelled),
        resampling_label(image, model, sizes, labelled),
    ]
    if labelled:
        moments.append(locating(image, sizes, release))
    return max(moments)


def reading(image: Image, model: Model, release: Release) -> int:
    """The channels as they are in the files, the last one once more in SimpleITK, and the float32 stack of them
    (read_images in imageio/simpleitk_reader_writer.py). Before v2.5 the stack is made in the files' type first.
    NibabelIO holds every channel as float64 (get_fdata)."""
    itemsize = 8 if model.nibabel else image.itemsize
    files = itemsize * image.channels * image.voxels
    stack = 4 * image.channels * image.voxels
    twice = files if release < READS_TO_FLOAT32 else 0
    return files + itemsize * image.voxels + twice + stack


def _kept(image: Image, labelled: bool) -> int:
    """What run_case holds to the end of a case: the image as it was read, and the label, both float32."""
    return 4 * (image.channels + labelled) * image.voxels


def _segmentation(labelled: bool) -> int:
    """Bytes a voxel of the label during preprocessing: float32, or the int8 mask of what is not zero."""
    return 4 if labelled else 1


def cropping(image: Image, labelled: bool) -> int:
    """A second copy of image and label, and about five masks (crop_to_nonzero, binary_fill_holes of scipy)."""
    copies = (4 * image.channels + (4 if labelled else 0)) * image.voxels
    return _kept(image, labelled) + copies + 5 * image.voxels


def normalizing(image: Image, sizes: Shapes, labelled: bool) -> int:
    """The copies, and what numpy needs for a standard deviation: one channel more (ZScoreNormalization)."""
    return _kept(image, labelled) + _copy(image, labelled) + 4 * sizes.cropped


def _copy(image: Image, labelled: bool) -> int:
    """The copy of the image and the label. A cropped one is a view: the whole copy stays."""
    return (4 * image.channels + _segmentation(labelled)) * image.voxels


def resampling_image(image: Image, sizes: Shapes, release: Release, labelled: bool) -> int:
    return _kept(image, labelled) + _copy(image, labelled) + image_to_target(sizes, image.channels, release)


def resampling_label(image: Image, model: Model, sizes: Shapes, labelled: bool) -> int:
    """After the image: it has its new size, and its copy of the old size is gone."""
    size = _segmentation(labelled)
    held = 4 * image.channels * sizes.target + size * image.voxels
    labels = model.heads if labelled else (1 if image.cropped is None else 2)
    return _kept(image, labelled) + held + segmentation_to_target(sizes, size, labels)


def locating(image: Image, sizes: Shapes, release: Release) -> int:
    """Where the foreground is, with four int64 coordinates a voxel. From v2.6.3 on, all of it is sorted at once: two
    sets of coordinates, labels and their order (88 bytes a voxel of foreground); before, one class at a time: 64
    bytes, here taken for the whole foreground (v2.6.0 to v2.6.2 do hold it whole)."""
    share = LIKELY_FOREGROUND if image.foreground is None else image.foreground
    each = 88 if release >= SORTS_LOCATIONS else 64
    held = (4 * image.channels + 4) * sizes.target
    return _kept(image, True) + held + round(each * share * sizes.target)
