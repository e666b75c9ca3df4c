"""The files of a case lie on one grid (imageio readers and verify_dataset_integrity.check_cases, v2.0 to v2.8.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_numbers, read_object
from nndoctor.nnunet.checks.expected import SEPARATE_SPACING, Expected, spacing_file
from nndoctor.nnunet.examination.records import CaseRecord, FileRecord
from nndoctor.nnunet.files import BadFileError, is_file
from nndoctor.nnunet.headers import ImageHeader

RELATIVE, ABSOLUTE = 1e-5, 1e-8
"""numpy.allclose, which nnU-Net compares with."""


def grid_problems(record: CaseRecord, expected: Expected) -> Iterator[Problem]:
    """Spacing that cannot be, channels that differ from the first one, a label that differs from the image."""
    for file in record.files:
        yield from _spacing_problems(record.case, file, expected)
    yield from _tiff_spacing_differs(record, expected)
    first = next((image for image in record.images if image.header is not None), None)
    if first is None or first.header is None:
        return
    for image in record.images:
        if image is not first and image.header is not None:
            yield from _differences(record.case, first.header, image, image.header, "channel")
    if record.label is not None and record.label.header is not None:
        yield from _differences(record.case, first.header, record.label, record.label.header, "label")


def _differences(case: str, first: ImageHeader, file: FileRecord, header: ImageHeader, part: str) -> Iterator[Problem]:
    """Shape and spacing must agree; origin and direction only should."""
    if spatial(first) != spatial(header):
        yield Problem(f"{part}-shape", file.path, case, _both(spatial(header), spatial(first)))
    elif not alike(first.spacing, header.spacing):
        yield Problem(f"{part}-spacing", file.path, case, _both(header.spacing, first.spacing))
    elif not alike(first.direction, header.direction):
        kind = (
            f"{part}-turned" if orientation(first.direction) != orientation(header.direction) else f"{part}-direction"
        )
        yield Problem(kind, file.path, case, _directions(header, first))
    elif not alike(first.origin, header.origin):
        yield Problem(f"{part}-origin", file.path, case, _both(header.origin, first.origin))


def _directions(found: ImageHeader, expected: ImageHeader) -> dict[str, str]:
    names = {"found_axes": orientation(found.direction), "expected_axes": orientation(expected.direction)}
    return {**_both(found.direction, expected.direction), **names}


def _both(found: Sequence[float], expected: Sequence[float]) -> dict[str, str]:
    return {"found": numbers(found), "expected": numbers(expected)}


def spatial(header: ImageHeader) -> tuple[int, ...]:
    """Voxels along x, y, z; a fourth axis holds channels."""
    return header.shape[:3]


def alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """As numpy.allclose; numbers that one of the files does not state differ from nothing."""
    if not one or not other or one == other:
        return True
    if len(one) != len(other):
        return False
    return all(math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for a, b in zip(one, other, strict=True))


def orientation(direction: tuple[float, ...]) -> str:
    """The anatomical axes that x, y, z run along, e.g. LPS: ITK's directions point to the left, back and head."""
    if len(direction) != 9:
        return ""
    return "".join(_letter(direction[axis::3]) for axis in range(3))


def _letter(column: tuple[float, ...]) -> str:
    axis = max(range(3), key=lambda index: abs(column[index]))
    return ("LR", "PA", "SI")[axis][0 if column[axis] > 0 else 1]


def numbers(values: Sequence[float]) -> str:
    """1 x 0.5 x 0.5"""
    return " x ".join(f"{value:.6g}" for value in values)


def _spacing_problems(case: str, file: FileRecord, expected: Expected) -> Iterator[Problem]:
    header = file.header
    if header is None:
        return
    if not all(0 < abs(step) < math.inf for step in header.spacing):
        yield Problem("spacing-invalid", file.path, case, {"found": numbers(header.spacing)})
    if file.path.endswith(SEPARATE_SPACING) and len(header.shape) > 2:
        yield from _sidecar_problems(case, file, expected)


def _sidecar_problems(case: str, file: FileRecord, expected: Expected) -> Iterator[Problem]:
    """A 3D TIFF takes its spacing from CASE.json; without it 1 x 1 x 1 is assumed (imageio/tif_reader_writer.py)."""
    path = spacing_file(file.path, expected.ending)
    if not is_file(path):
        yield Problem("spacing-file-missing", str(path), case)
    elif isinstance(steps := sidecar_spacing(path), str):
        yield Problem("spacing-file-bad", str(path), case, {"detail": steps})


def sidecar_spacing(path: Path) -> tuple[float, ...] | str:
    """The spacing in a sidecar in its own order (z, y, x), in mm; 1 x 1 x 1 without one; else what is wrong with it."""
    if not is_file(path):
        return (1.0, 1.0, 1.0)
    try:
        steps = as_numbers(read_object(path).get("spacing"))
    except BadFileError as error:
        return str(error)
    if steps is None or len(steps) != 3 or not all(0 < step < math.inf for step in steps):
        return "'spacing' is no list of three positive numbers"
    return tuple(steps)


def _tiff_spacing_differs(record: CaseRecord, expected: Expected) -> Iterator[Problem]:
    """Image and label of a 3D TIFF have their own sidecars, which must say the same."""
    if record.label is None or not expected.ending.endswith(SEPARATE_SPACING) or not record.images:
        return
    paths = [spacing_file(file.path, expected.ending) for file in (record.images[0], record.label)]
    image, label = (sidecar_spacing(path) for path in paths)
    volumes = all(file.header is not None and len(file.header.shape) > 2 for file in (record.images[0], record.label))
    if volumes and isinstance(image, tuple) and isinstance(label, tuple) and not alike(image, label):
        yield Problem("label-spacing", record.label.path, record.case, _both(label, image))
