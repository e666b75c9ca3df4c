"""Shapes as nnU-Net computes them: transposed, resampled, padded, cut into patches."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, prod
from typing import TypeVar

from nndoctor.nnunet.memory.model import Image, Model

ANISOTROPY = 3.0
SPLINE_FRAME = 24
LARGEST_AXIS = 2**40
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Shapes:
    """Voxel counts of one case.

    read            the whole image
    cropped         without the zeros around it
    target          after resampling to the plans' spacing
    padded          the same, but at least a patch along each axis
    plane, back     with separate z: resampled in the plane alone, on the way to the target and on the way back
    framed          cropped, with 12 more voxels on each side (scipy.ndimage.zoom pads so for cubic splines)
    depth_changes   with separate z: whether the number of slices changes too
    patches         positions of the sliding window
    """

    read: int
    cropped: int
    target: int
    padded: int
    plane: int
    back: int
    framed: int
    resampled: bool
    separate: bool
    depth_changes: bool
    patches: int


def shapes(image: Image, model: Model, step_size: float = 0.5) -> Shapes:
    """The voxel counts of a case (compute_new_shape and determine_do_sep_z_and_axis in default_resampling.py)."""
    old = _transposed(image.cropped or image.shape, model)
    spacing = _spacing(image, model)
    wanted = model.spacing if len(model.spacing) == len(spacing) else (spacing[0], *model.spacing)
    new = [_resized(size, have, want) for size, have, want in zip(old, spacing, wanted, strict=False)]
    axis = separate_axis(spacing, wanted, model.separate_z)
    plane, back = [*new], [*old]
    if axis is not None:
        plane[axis], back[axis] = old[axis], new[axis]
    patch = [1, *model.patch] if model.is_2d else [*model.patch]
    padded = [max(size, least) for size, least in zip(new, patch, strict=False)]
    return Shapes(
        read=image.voxels,
        cropped=prod(old),
        target=prod(new),
        padded=prod(padded),
        plane=prod(plane),
        back=prod(back),
        framed=prod(size + SPLINE_FRAME for size in old),
        resampled=list(old) != new,
        separate=axis is not None,
        depth_changes=axis is not None and old[axis] != new[axis],
        patches=_patches(padded, model, step_size),
    )


def separate_axis(
    spacing: tuple[float, ...], wanted: tuple[float, ...], force: bool | None, threshold: float = ANISOTROPY
) -> int | None:
    """The axis that is resampled by itself with the nearest neighbour, None when all are resampled together
    (determine_do_sep_z_and_axis in default_resampling.py, the same in v2.0 to v2.8.1)."""
    if force is False:
        return None
    for steps in (spacing, wanted):
        if not steps or min(steps) <= 0:
            return None
        if force or max(steps) / min(steps) > threshold:
            coarse = [axis for axis, step in enumerate(steps) if step == max(steps)]
            return coarse[0] if len(coarse) == 1 else None
    return None


def _spacing(image: Image, model: Model) -> tuple[float, ...]:
    """The image's spacing, transposed; the target spacing when the header states none that can be used."""
    usable = len(image.spacing) == len(image.shape) and all(0 < step < inf for step in image.spacing)
    if usable:
        return _transposed(image.spacing, model)
    return model.spacing if len(model.spacing) == len(image.shape) else (max(model.spacing), *model.spacing)


def _resized(size: int, have: float, want: float) -> int:
    return max(1, round(min(have / want * size, LARGEST_AXIS)))


def _transposed(values: tuple[Number, ...], model: Model) -> tuple[Number, ...]:
    return tuple(values[axis] for axis in model.transpose if axis < len(values))


def _patches(padded: list[int], model: Model, step_size: float) -> int:
    """Positions of the patch: over all axes in 3D, over the plane of every slice in 2D."""
    slices, window = (padded[0], padded[1:]) if model.is_2d else (1, padded)
    return slices * prod(_steps(size, tile, step_size) for size, tile in zip(window, model.patch, strict=False))


def _steps(size: int, tile: int, step_size: float) -> int:
    """Positions of a patch along one axis (compute_steps_for_sliding_window in sliding_window_prediction.py)."""
    return ceil(max(0, size - tile) / (tile * step_size)) + 1
