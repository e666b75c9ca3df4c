"""One case is judged: can every file be read, do they fit each other, do they fit the dataset."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import NATURAL, Expected
from nndoctor.nnunet.checks.grids import grid_problems
from nndoctor.nnunet.checks.voxels import image_voxel_problems, label_voxel_problems
from nndoctor.nnunet.examination.records import CaseRecord, FileRecord
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.readers import FORMATS, reader_problem

UNUSABLE = ("complex", "float128")
"""Numbers that numpy.float32 cannot hold: the imaginary part is dropped with a warning, or the file is refused."""


def problems_of_case(record: CaseRecord, expected: Expected) -> Iterator[Problem]:
    """Everything wrong with the files of one case, each once."""
    for file in record.files:
        yield from _file_problems(record.case, file, expected)
    yield from _channel_problems(record, expected)
    yield from grid_problems(record, expected)
    yield from image_voxel_problems(record)
    if record.label is not None:
        yield from label_voxel_problems(record.case, record.label, expected)


def _file_problems(case: str, file: FileRecord, expected: Expected) -> Iterator[Problem]:
    """Whether the file can be read to its end."""
    if file.length == "cut":
        yield Problem("image-truncated", file.path, case, {"detail": file.detail or file.trouble or _short(file)})
    elif file.length == "broken":
        yield Problem("image-corrupt", file.path, case, {"detail": file.detail or "the compressed data are damaged"})
    elif file.trouble is not None:
        yield Problem("image-unreadable", file.path, case, {"detail": file.trouble})
    elif file.length == "unsettled":
        yield Problem("length-unsettled", file.path, case)
    if file.header is not None:
        yield from _header_problems(case, file, file.header, expected)


def _header_problems(case: str, file: FileRecord, header: ImageHeader, expected: Expected) -> Iterator[Problem]:
    """A file that is whole, and that the reader will refuse none the less."""
    if header.orthonormal is False:
        yield Problem("direction-not-orthonormal", file.path, case)
    found = _other_content(header, expected.ending)
    if found is not None:
        yield Problem("content-not-ending", file.path, case, {"found": found, "ending": expected.ending})
    if header.storage is not None and header.storage.file is not None:
        yield Problem("detached-voxels", file.path, case, {"other": header.storage.file})
    if header.datatype.startswith(UNUSABLE):
        yield Problem("datatype-unusable", file.path, case, {"found": header.datatype})
    words = reader_problem(header.variant or header.format, expected.ending, min(len(header.shape), 3), expected.reader)
    if words is not None:
        yield Problem("reader-refuses", file.path, case, {"detail": words})


def _other_content(header: ImageHeader, ending: str) -> str | None:
    """What the file holds, when the readers that go by this ending refuse or mistake it."""
    if header.format == "NIfTI" and header.variant.startswith("Analyze"):
        return f"{header.variant}, or NIfTI with a broken magic number,"
    if header.format == "NIfTI" and ending == ".nii" and header.gzip_start is not None:
        return "gzipped NIfTI"
    return header.format if FORMATS.get(ending) not in (None, header.format) else None


def _short(file: FileRecord) -> str:
    """How much is there of what the header promises."""
    packed = file.header.gzip_bytes if file.header else None
    if packed is not None:
        return f"the compressed data end before the {packed} bytes that the header promises"
    expected = file.header.expected_bytes if file.header else None
    return f"{file.size} bytes in the file, voxels for {expected} bytes in its header"


def _channel_problems(record: CaseRecord, expected: Expected) -> Iterator[Problem]:
    """The channels that the images of a case add up to; one number per voxel in labels."""
    headers = [image.header for image in record.images]
    if any(header is None for header in headers):
        return
    for image in record.images:
        if image.header is not None and image.header.components > 1 and not image.path.endswith(NATURAL):
            yield Problem("vector-image", image.path, record.case, {"components": str(image.header.components)})
    found = sum(header.channels for header in headers if header is not None)
    if expected.channels is not None and found != expected.channels:
        values = {"found": str(found), "expected": str(expected.channels), "files": str(len(headers))}
        yield Problem("channel-count", record.images[0].path if record.images else "", record.case, values)
    label = record.label.header if record.label is not None else None
    if label is not None and record.label is not None and label.channels != 1:
        yield Problem("label-has-channels", record.label.path, record.case, {"found": str(label.channels)})
