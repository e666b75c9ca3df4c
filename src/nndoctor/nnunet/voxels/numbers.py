"""Bytes of voxels as numbers, as nnU-Net's reader gives them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import ImageHeader, Storage
from nndoctor.nnunet.voxels.model import UnsupportedError

Numbers: TypeAlias = npt.NDArray[np.generic]
"""Voxels in the processor's byte order."""

_DATATYPES = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"}


def stored_type(header: ImageHeader, storage: Storage) -> np.dtype[np.generic]:
    """The type of one number in the file. Raises BadFileError for one that ITK does not read, UnsupportedError for
    complex numbers."""
    if header.datatype in ("complex64", "complex128"):
        raise UnsupportedError("they are complex numbers")
    if header.datatype not in _DATATYPES:
        raise BadFileError(f"voxels of type {header.datatype}, which ITK does not read")
    stored: np.dtype[np.generic] = np.dtype(header.datatype).newbyteorder(storage.order)
    return stored


def as_numbers(data: bytes, stored: np.dtype[np.generic], storage: Storage) -> Numbers:
    """The numbers in `data`, rescaled as ITK 5.4 does it (RescaleFunction, itkNiftiImageIO.cxx): in double, kept as
    float unless the file holds double."""
    chunk = np.frombuffer(data, stored).astype(stored.newbyteorder("="), copy=False)
    if storage.slope == 1.0 and storage.intercept == 0.0:
        return chunk
    with np.errstate(all="ignore"):
        scaled = chunk.astype(np.float64) * storage.slope + storage.intercept
        return scaled if chunk.dtype == np.float64 else scaled.astype(np.float32)
