"""Bytes that nnU-Net's default resampling holds at its peak, its float64 input and its result included
(resample_data_or_seg in preprocessing/resampling/default_resampling.py, with skimage.transform.resize and
scipy.ndimage.zoom).
"""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.memory.geometry import Shapes
from nndoctor.nnunet.memory.model import Release

ONE_RESULT: Release = (2, 4, 2)


@dataclass(frozen=True)
class _Task:
    """Voxels before, between (separate z) and after; channels; bytes of one number of the result."""

    old: int
    between: int
    new: int
    channels: int
    itemsize: int


def image_to_target(sizes: Shapes, channels: int, release: Release) -> int:
    """Bytes of resampling the image for the network: cubic (order 3), result float32. The float32 input is not
    counted."""
    task = _Task(sizes.cropped, sizes.plane, sizes.target, channels, itemsize=4)
    return _resampling(task, sizes, 16 * sizes.framed, release)


def logits_to_image(sizes: Shapes, heads: int, itemsize: int, release: Release) -> int:
    """Bytes of resampling the logits to the image's grid: linear (order 1). `itemsize`: bytes of a logit, 2 for
    half."""
    task = _Task(sizes.target, sizes.back, sizes.cropped, heads, itemsize)
    return _resampling(task, sizes, 0, release)


def segmentation_to_target(sizes: Shapes, itemsize: int, labels: int) -> int:
    """Bytes of resampling a label map of `labels` values: a float64 copy (8 a voxel), and for one label after the other
    its mask (1 + 8), the best score and the current one (16), the winner and the masks (6)
    (resize_segmentation of batchgenerators 0.25.5; older ones hold 5 bytes a voxel of the target less)."""
    if not sizes.resampled:
        return 0
    if sizes.separate:
        return _separate(_Task(sizes.cropped, sizes.plane, sizes.target, 1, itemsize), sizes.depth_changes)
    scores = 17 * sizes.cropped + 22 * sizes.target if labels > 1 else 16 * sizes.cropped
    return max(scores, 8 * sizes.cropped + (8 + itemsize) * sizes.target)


def _resampling(task: _Task, sizes: Shapes, spline: int, release: Release) -> int:
    if not sizes.resampled:
        return 0
    peak = _separate(task, sizes.depth_changes) if sizes.separate else _at_once(task, spline)
    return peak if release >= ONE_RESULT else max(peak, _stacked(task))


def _at_once(task: _Task, spline: int) -> int:
    """A float64 copy of all channels; the result, which fills up channel by channel; for the channel at hand the padded
    input and its spline coefficients (16 bytes a voxel, order 3 alone) and the float64 result of zoom."""
    computing = task.itemsize * (task.channels - 1) * task.new + spline + 8 * task.new
    storing = task.itemsize * task.channels * task.new + 8 * task.new
    return 8 * task.channels * task.old + max(computing, storing)


def _separate(task: _Task, depth_changes: bool) -> int:
    """As above slice by slice, then along the coarse axis by map_coordinates. From the second channel on, the old
    coordinates (48 bytes a voxel) are still there while the new ones are made: 88 bytes a voxel, 56 for one channel."""
    held = 8 * task.channels * task.old + 8 * task.between
    if not depth_changes:
        return held + task.itemsize * task.channels * task.new
    coordinates = (88 if task.channels > 1 else 56) * task.new
    return held + task.itemsize * (task.channels - 1) * task.new + coordinates


def _stacked(task: _Task) -> int:
    """Before v2.4.2: a list of float64 channels, the array stacked from it, and its copy in the right type."""
    return task.channels * (8 * task.old + (16 + task.itemsize) * task.new)
