"""Segmentations that do not fit their images, or hold what they must not hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.lab.dataset import SHAPE, read, rewrite
from tests.lab.faults.commands import PLAN, TRAIN, VERIFY, says
from tests.lab.faults.images import GEOMETRY, SHAPES, label, smaller
from tests.lab.model import Fault, Scene


def undeclared_label(path: Path) -> None:
    seg = read(path)
    seg[10:14, 10:14, 10:14] = 7
    rewrite(path, seg)


def undeclared_preprocessed(scene: Scene) -> None:
    """Take label 2 out of dataset.json after preprocessing: the network has no output for a value in the data."""
    labels = {"background": 0, "edema": 1}
    scene.edit(scene.preprocessed / "dataset.json", lambda content: content.update(labels=labels))


def empty_labels(scene: Scene) -> None:
    scene.forget_plans()
    for path in (scene.raw / "labelsTr").iterdir():
        rewrite(path, np.zeros(SHAPE, np.uint8))


VALUES = "label-values-unexpected"


FAULTS = (
    Fault(
        "verify-label-shape",
        SHAPES,
        "a segmentation is smaller than its image",
        VERIFY,
        says("Shape mismatch between segmentation"),
        lambda scene: smaller(label(scene)),
    ),
    Fault(
        "preprocess-label-shape",
        SHAPES,
        "a segmentation is smaller than its image; not verified",
        PLAN,
        says(r"Shape mismatch|boolean index did not match|operands could not be broadcast|AssertionError"),
        lambda scene: smaller(label(scene)),
    ),
    Fault(
        "verify-label-spacing",
        GEOMETRY,
        "a segmentation has another spacing than its image",
        VERIFY,
        says("Spacing mismatch between segmentation"),
        lambda scene: rewrite(label(scene), Spacing=(1.0, 1.0, 3.0)),
    ),
    Fault(
        "verify-undeclared-label",
        VALUES,
        "a segmentation holds the value 7, which dataset.json does not declare",
        VERIFY,
        says("Unexpected labels found in file"),
        lambda scene: undeclared_label(label(scene)),
    ),
    Fault(
        "train-undeclared-label",
        VALUES,
        "the preprocessed segmentations hold a value that the network has no output for",
        TRAIN,
        says(r"index \d+ is out of bounds|Target \d+ is out of bounds|RuntimeError: index"),
        undeclared_preprocessed,
    ),
    Fault(
        "preprocess-empty-labels",
        "empty-foreground",
        "all segmentations are empty",
        PLAN,
        says(r"IndexError|zero-size array|ValueError"),
        empty_labels,
    ),
)
