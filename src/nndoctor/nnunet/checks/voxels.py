"""What the voxels of an image or a label show."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.examination.records import CaseRecord, FileRecord

SHOWN = 12


def image_voxel_problems(record: CaseRecord) -> Iterator[Problem]:
    """Numbers that are none, and images that show nothing."""
    for image in record.images:
        voxels = image.voxels
        if voxels is not None and (voxels.nan or voxels.infinite):
            values = {"nan": str(voxels.nan), "infinite": str(voxels.infinite)}
            yield Problem("nan-voxels", image.path, record.case, values)
        if voxels is not None and voxels.constant:
            yield Problem("constant-image", image.path, record.case, {"value": f"{voxels.minimum:g}"})


def label_voxel_problems(case: str, label: FileRecord, expected: Expected) -> Iterator[Problem]:
    """Values that dataset.json does not declare, and labels without foreground."""
    voxels = label.voxels
    if voxels is None:
        return
    if voxels.nan or voxels.infinite:
        yield Problem("nan-label", label.path, case, {"nan": str(voxels.nan), "infinite": str(voxels.infinite)})
    if voxels.values is None:
        yield Problem(
            "label-is-no-mask", label.path, case, {"low": f"{voxels.minimum:g}", "high": f"{voxels.maximum:g}"}
        )
        return
    allowed = expected.label_values
    strange = [value for value in voxels.values if allowed is not None and value not in allowed]
    if strange:
        values = {"found": _listed(strange), "expected": _listed(list(allowed or ()))}
        yield Problem(_kind(strange, allowed or ()), label.path, case, values)
    if voxels.foreground == 0:
        yield Problem("empty-label", label.path, case)


def _kind(strange: list[float], allowed: tuple[int, ...]) -> str:
    """A mask of 0 and 255 and resampled labels are mistakes of their own, with advice of their own."""
    if any(value != int(value) for value in strange):
        return "label-fractional"
    return "label-255" if strange == [255.0] and len(allowed) == 2 else "label-unexpected"


def _listed(values: list[float] | list[int]) -> str:
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(f"{value:g}" for value in values[:SHOWN]) + more
