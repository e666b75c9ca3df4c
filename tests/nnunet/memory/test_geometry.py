from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndoctor.nnunet.memory import Image
from nndoctor.nnunet.memory.geometry import separate_axis, shapes
from tests.nnunet.memory.model import COARSE_IMAGE, FINER, IMAGE, MODEL


def test_same_spacing_is_not_resampled() -> None:
    found = shapes(IMAGE, MODEL)
    assert not found.resampled
    assert found.read == found.cropped == found.target == found.padded == 100 * 200 * 200


def test_finer_target() -> None:
    found = shapes(IMAGE, FINER)
    assert found.resampled
    assert found.target == 8 * found.read
    assert found.framed == 124 * 224 * 224


def test_small_image_is_padded_to_a_patch() -> None:
    assert shapes(replace(IMAGE, shape=(10, 200, 200)), MODEL).padded == 64 * 200 * 200


def test_coarse_axis_is_resampled_apart() -> None:
    """60 slices of 5 mm to 4 mm, 0.8 mm to 1 mm in the plane: numbers of compute_new_shape."""
    image = replace(COARSE_IMAGE, shape=(60, 300, 300))
    found = shapes(image, replace(MODEL, spacing=(4.0, 1.0, 1.0)))
    assert found.separate and found.depth_changes
    assert found.target == 75 * 240 * 240
    assert found.plane == 60 * 240 * 240
    assert found.back == 75 * 300 * 300


def test_transposed_image() -> None:
    model = replace(MODEL, transpose=(2, 0, 1), spacing=(1.0, 5.0, 0.5))
    image = replace(IMAGE, shape=(30, 100, 200), spacing=(5.0, 1.0, 1.0))
    assert shapes(image, model).target == 200 * 30 * 200


def test_2d_keeps_the_slices() -> None:
    model = replace(MODEL, patch=(256, 256), spacing=(0.5, 0.5))
    found = shapes(IMAGE, model)
    assert found.target == 100 * 400 * 400
    assert found.patches == 100 * 3 * 3


@pytest.mark.parametrize(
    ("size", "patches"), [((64, 64, 64), 1), ((65, 64, 64), 2), ((128, 64, 64), 3), ((110, 110, 110), 27)]
)
def test_positions_of_the_sliding_window(size: tuple[int, ...], patches: int) -> None:
    """110 voxels, patches of 64, half a patch per step: positions 0, 23, 46, as nnU-Net's own comment says."""
    assert shapes(replace(IMAGE, shape=size), MODEL).patches == patches


@pytest.mark.parametrize(
    ("spacing", "wanted", "force", "axis"),
    [
        ((5.0, 0.8, 0.8), (1.0, 1.0, 1.0), None, 0),
        ((1.0, 1.0, 1.0), (1.0, 4.0, 1.0), None, 1),
        ((2.0, 0.8, 0.8), (2.0, 1.0, 1.0), None, None),
        ((0.24, 1.25, 1.25), (0.24, 1.25, 1.25), None, None),
        ((5.0, 0.8, 0.8), (1.0, 1.0, 1.0), False, None),
        ((2.0, 1.0, 1.0), (1.0, 1.0, 1.0), True, 0),
    ],
)
def test_separate_axis(
    spacing: tuple[float, ...], wanted: tuple[float, ...], force: bool | None, axis: int | None
) -> None:
    assert separate_axis(spacing, wanted, force) == axis


@pytest.mark.parametrize(
    "spacing", [(), (0.0, 1.0, 1.0), (float("nan"), 1.0, 1.0), (float("inf"), 1.0, 1.0), (1.0, 1.0)]
)
def test_unusable_spacing_counts_as_the_targets(spacing: tuple[float, ...]) -> None:
    assert not shapes(replace(IMAGE, spacing=spacing), MODEL).resampled


@given(st.tuples(*[st.integers(1, 2**40)] * 3), st.lists(st.floats(), max_size=4).map(tuple), st.integers(1, 1000))
def test_any_header_has_shapes(shape: tuple[int, ...], spacing: tuple[float, ...], channels: int) -> None:
    assert shapes(Image("x", shape, spacing, channels), MODEL).target >= 1
