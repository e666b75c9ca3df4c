"""All voxels of an image: damage, NaN, label values; and small pictures of a slice. numpy is needed, torch never."""

from nndoctor.nnunet.voxels.model import CorruptError, MissingLibraryError, UnsupportedError, Voxels
from nndoctor.nnunet.voxels.reading import read_voxels

__all__ = ["CorruptError", "MissingLibraryError", "UnsupportedError", "Voxels", "read_voxels"]
