"""The files of a case lie on one grid (imageio readers and verify_dataset_integrity.check_cases, v2.0 to v2.8.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

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
        yield Problem(f"{part}-direction", file.path, case, _both(header.direction, first.direction))
    elif not alike(first.origin, header.origin):
        yield Problem(f"{part}-origin", file.path, case, _both(header.origin, first.origin))


def _both(found: Sequence[float], expected: Sequence[float]) -> dict[str, str]:
    return {"found": numbers(found), "expected": numbers(expected)}


def spatial(header: ImageHeader) -> tuple[int, ...]:
    """Voxels along x, y, z; a fourth axis holds channels."""
    return header.shape[:3]


def alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """As numpy.allclose; numbers that one of the files does not state differ from nothing."""
    if not one or not other:
        return True
    if len(one) != len(other):
        return False
    return all(math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE) for a, b in zip(one, other, strict=True))


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
    """A 3D TIFF takes its spacing from CASE.json; without it nnU-Net assumes 1 x 1 x 1 (imageio/tif_reader_writer.py)."""
    is_label = not file.path.removesuffix(expected.ending)[-5:-4] == "_"
    path = spacing_file(file.path, expected.ending, is_label)
    if not is_file(path):
        yield Problem("spacing-file-missing", str(path), case)
        return
    try:
        steps = as_numbers(read_object(path).get("spacing"))
    except BadFileError as error:
        yield Problem("spacing-file-bad", str(path), case, {"detail": str(error)})
        return
    if steps is None or len(steps) != 3 or not all(0 < step < math.inf for step in steps):
        yield Problem("spacing-file-bad", str(path), case, {"detail": "'spacing' is no list of three positive numbers"})
