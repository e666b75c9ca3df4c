"""Headers of medical images by the standard library alone: shape, spacing, components, and is the file whole."""

from nndoctor.nnunet.headers.gzipped import Effort, Length
from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage
from nndoctor.nnunet.headers.reading import header_of, inspect, read_header

__all__ = ["Effort", "ImageHeader", "Length", "Source", "Storage", "header_of", "inspect", "read_header"]
