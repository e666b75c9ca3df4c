"""How deep to look when the user did not say."""

from __future__ import annotations

from pathlib import Path

from nndoctor.nnunet.examination.records import CaseFiles, Depth
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import read_header

FEW_VOXELS = 100_000_000
"""Labels of so few voxels together are read without --deep: about half a second."""
SAMPLES = 5


def affordable_depth(cases: list[CaseFiles]) -> Depth:
    """The labels too, when all of them together have few voxels by the headers of five of them."""
    labels = [case.label for case in cases if case.label is not None]
    sizes = [_voxels(label) for label in labels[:: max(1, len(labels) // SAMPLES)]]
    if not sizes:
        return Depth.headers
    return Depth.labels if sum(sizes) / len(sizes) * len(labels) <= FEW_VOXELS else Depth.headers


def _voxels(path: str) -> int:
    try:
        return read_header(Path(path)).voxels
    except BadFileError:
        return 0
