"""Images that only a library can unpack are read whole, up to 2 GiB: PNG and BMP by Pillow, as skimage.io and so
nnU-Net's NaturalImage2DIO read them; TIFF, and NRRD and MetaImage of rare encodings, by SimpleITK."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.headers.open_file import OpenFile
from nndoctor.nnunet.headers.tiff_directories import directories
from nndoctor.nnunet.voxels.model import CorruptError, MissingLibraryError, UnsupportedError
from nndoctor.nnunet.voxels.numbers import Numbers
from nndoctor.nnunet.voxels.tally import Tally

MOST_BYTES = 2 * 1024**3
_TIFF_COMPRESSIONS = {1, 5, 7, 8, 32773, 32946}
"""None, LZW, JPEG, deflate, packed bits: what the libtiff of SimpleITK unpacks."""
_STEP = 256 * 1024
"""Voxels that are tallied at a time."""


def add_all(path: Path, header: ImageHeader, tally: Tally) -> None:
    """Gives all voxels to the tally. Raises as `whole_array` does."""
    voxels = whole_array(path, header).reshape(-1)
    for start in range(0, voxels.size, _STEP):
        tally.add(voxels[start : start + _STEP])


def whole_array(path: Path, header: ImageHeader) -> Numbers:
    """All voxels in memory: slices, rows, columns, and the components last.

    Raises BadFileError, CorruptError, CutShortError, MissingLibraryError, UnsupportedError.
    """
    if header.complete is False:
        raise CutShortError("shorter than its header says")
    if header.expected_bytes is None and header.format in ("NRRD", "MetaImage"):
        raise BadFileError(f"voxels of unknown type '{header.datatype}'")
    size = header.expected_bytes or header.voxels * header.components
    if size > MOST_BYTES:
        raise UnsupportedError(f"{header.format} of {size:,} bytes has to be read at once")
    array = _by_pillow(path, header) if header.format in ("PNG", "BMP") else _by_simpleitk(path, header)
    if array.size != header.voxels * header.components:
        raise CutShortError(f"holds {array.size:,} of {header.voxels * header.components:,} voxels")
    return array.astype(np.uint8) if array.dtype == bool else array


def _by_pillow(path: Path, header: ImageHeader) -> Numbers:
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingLibraryError("Pillow") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                wanted = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}.get(header.components, "RGB")
                return np.asarray(image.convert(wanted) if image.mode in ("P", "CMYK") else image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise CorruptError(f"Pillow cannot read it: {_last_line(error)}") from error


def _by_simpleitk(path: Path, header: ImageHeader) -> Numbers:
    try:
        import SimpleITK
    except ImportError as error:
        raise MissingLibraryError("SimpleITK") from error
    try:
        return np.asarray(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path))))
    except RuntimeError as error:
        if header.format == "TIFF" and (compression := _tiff_compression(path)) not in _TIFF_COMPRESSIONS:
            raise UnsupportedError(f"TIFF with compression {compression}") from error
        raise CorruptError(f"SimpleITK cannot read it: {_last_line(error)}") from error


def _tiff_compression(path: Path) -> int:
    with OpenFile(path) as source:
        return directories(source)[0][0].number(259, 1)


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason given"
