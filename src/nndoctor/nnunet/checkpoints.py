"""Checkpoints: what can be told of a .pth file without loading it. It is never unpickled."""

from __future__ import annotations

from pathlib import Path

from nndoctor.nnunet.files import BadFileError, opened
from nndoctor.nnunet.headers.model import Source
from nndoctor.nnunet.zip_directory import zip_problem

OLD_PICKLE = b"\x80\x02\x8a\x0al\xfc\x9c"
"""How torch before 1.6 begins a file (torch/serialization.py, MAGIC_NUMBER): no zip, and no way to check its end."""


def checkpoint_problem(path: Path) -> str | None:
    """Why a checkpoint cannot be loaded, in words; None when its zip directory is whole, or when it is too old
    to tell."""
    try:
        with opened(path) as (stream, size):
            source = Source(stream, size)
            return None if source.at(0, 64).startswith(OLD_PICKLE) else zip_problem(source)
    except BadFileError as error:
        return str(error)
