"""All voxels of one image are read, in memory that does not grow with the image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nndoctor.nnunet.headers import ImageHeader, Storage
from nndoctor.nnunet.voxels.model import MissingLibraryError, Voxels
from nndoctor.nnunet.voxels.streams import Stream, voxel_bytes

if TYPE_CHECKING:
    from nndoctor.nnunet.voxels.tally import Tally


def read_voxels(path: Path, header: ImageHeader, is_label: bool) -> Voxels:
    """What all voxels of an image show. `header` is that of the file (read_header).

    Raises CorruptError, CutShortError and BadFileError for the file; MissingLibraryError when numpy, Pillow or
    SimpleITK is needed and not installed, and its kind UnsupportedError when nothing here can read such voxels.
    """
    try:
        from nndoctor.nnunet.voxels.tally import LabelTally, Tally, result
    except ImportError as error:
        raise MissingLibraryError("numpy") from error
    tally, end = LabelTally() if is_label else Tally(), Stream()
    if header.storage is None:
        from nndoctor.nnunet.voxels.libraries import add_all

        add_all(path, header, tally)
    else:
        _add_stream(path, header, header.storage, tally, end)
    return result(tally, end.surplus)


def _add_stream(path: Path, header: ImageHeader, storage: Storage, tally: Tally, end: Stream) -> None:
    from nndoctor.nnunet.voxels.numbers import as_numbers, stored_type

    stored = stored_type(header, storage)
    for data in voxel_bytes(path, header, stored.itemsize, end):
        tally.add(as_numbers(data, stored, storage))
