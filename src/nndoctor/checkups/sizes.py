"""Shapes of cases, collected for the memory forecast; memory stays flat however many cases there are."""

from __future__ import annotations

from heapq import nlargest
from math import prod
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_list, as_numbers, read_object
from nndoctor.nnunet.examination.records import CaseRecord
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.memory import Image, itemsize_of

MOST = 4_000
ENOUGH = 200


class Sizes:
    """The images of the forecast: all of them up to 4,000, and of more the largest 2,000 at least. `count`: all."""

    def __init__(self) -> None:
        self._images: list[Image] = []
        self.count = 0

    def add(self, record: CaseRecord) -> None:
        image = image_of(record)
        if image is None:
            return
        self.count += 1
        self._images.append(image)
        if len(self._images) > MOST:
            largest = nlargest(MOST // 2, range(len(self._images)), key=lambda place: self._images[place].voxels)
            self._images = [self._images[place] for place in sorted(largest)]

    def images(self) -> list[Image]:
        """In their order those that can matter: the largest as they are, and the largest once they are resampled."""
        if len(self._images) <= ENOUGH:
            return self._images
        chosen = {*nlargest(ENOUGH // 2, self._images, key=_voxels), *nlargest(ENOUGH // 2, self._images, key=_volume)}
        return [image for image in self._images if image in chosen]


def _voxels(image: Image) -> int:
    return image.voxels


def _volume(image: Image) -> float:
    """mm^3: with one target spacing for all, the voxels after resampling go with it."""
    return image.voxels * prod(image.spacing)


def image_of(record: CaseRecord) -> Image | None:
    """The case as nnU-Net will hold it; None when no header of its images could be read."""
    headers = [image.header for image in record.images if image.header is not None]
    if not headers:
        return None
    first = headers[0]
    channels = sum(header.channels for header in headers)
    return Image(record.case, _shape(first), _spacing(first), channels, itemsize_of(first.datatype))


def _shape(header: ImageHeader) -> tuple[int, ...]:
    """z, y, x; a 2D image has one slice."""
    return (*(1,) * (3 - len(header.shape[:3])), *header.shape[:3][::-1])


def _spacing(header: ImageHeader) -> tuple[float, ...]:
    """z, y, x in mm; 1 where the header is silent, 999 across a 2D image (imageio/natural_image_reader_writer.py)."""
    steps = [step if step > 0 else 1.0 for step in header.spacing[:3]]
    steps += [1.0] * (min(3, len(header.shape)) - len(steps))
    return (*(999.0,) * (3 - len(steps)), *steps[::-1])


def fingerprinted(path: Path, channels: int) -> list[Image]:
    """The cases of a dataset_fingerprint.json, by their number; none when it cannot be read. Shapes are those after
    cropping (experiment_planning/dataset_fingerprint/fingerprint_extractor.py)."""
    try:
        content = read_object(path)
    except BadFileError:
        return []
    shapes = [as_numbers(each) for each in as_list(content.get("shapes_after_crop"))]
    spacings = [as_numbers(each) for each in as_list(content.get("spacings"))]
    return [
        Image(f"case {number}", tuple(int(size) for size in shape), tuple(spacing), channels, 4)
        for number, (shape, spacing) in enumerate(zip(shapes, spacings, strict=False))
        if shape and spacing and len(shape) == len(spacing) == 3 and min(shape) >= 1 and min(spacing) > 0
    ][:MOST]
