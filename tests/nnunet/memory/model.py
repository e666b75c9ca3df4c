"""A small model and image for the tests of the memory forecast."""

from __future__ import annotations

from dataclasses import replace

from nndoctor.nnunet.memory import Image, Model
from nndoctor.nnunet.memory.model import Level

MIB = 2**20
FEATURES = (32, 64, 128, 256, 320, 320)


def levels(down: tuple[int, ...], up: int) -> tuple[Level, ...]:
    """Six resolutions, each an eighth of the voxels of the one before."""
    last = len(down) - 1
    return tuple(
        Level(features, 8.0**-index, count, up if index < last else 0)
        for index, (features, count) in enumerate(zip(FEATURES, down, strict=True))
    )


PLAIN = levels((2,) * 6, 2)
IMAGE = Image("case_001", (100, 200, 200), (1.0, 1.0, 1.0), channels=1)
MODEL = Model("3d_fullres", (1.0, 1.0, 1.0), (0, 1, 2), heads=3, patch=(64, 64, 64), batch=2, levels=PLAIN)
FINER = replace(MODEL, spacing=(0.5, 0.5, 0.5))
COARSE_IMAGE = replace(IMAGE, shape=(30, 300, 300), spacing=(5.0, 0.8, 0.8))
