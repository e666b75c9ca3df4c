"""gt_segmentations: the labels as they were preprocessed. Were those of the dataset changed since?

Preprocessing copies every label there that is newer than its copy (preprocess_dataset and DefaultPreprocessor.run,
v2.0 to v2.8.1), so a copy that differs was not preprocessed again.
"""

from __future__ import annotations

from pathlib import Path

from nndoctor.nnunet.files import BadFileError, files_in, opened

COMPARED = 1024 * 1024
_TRAILER = 8
_FOLDERS = ("gt_segmentations", "labelsTr")


def changed_labels(preprocessed: Path, raw: Path) -> list[str]:
    """Names of labels that differ from their copies; nothing when one of the folders is missing."""
    copies, labels = preprocessed / _FOLDERS[0], raw / _FOLDERS[1]
    try:
        both = sorted(set(files_in(copies)) & set(files_in(labels)))
    except BadFileError:
        return []
    return [name for name in both if not _alike(copies / name, labels / name)]


def _alike(one: Path, other: Path) -> bool:
    """Whether two labels hold the same; what cannot be read counts as alike, other checks tell it."""
    try:
        return _print(one) == _print(other)
    except BadFileError:
        return True


def _print(path: Path) -> tuple[int, bytes, bytes]:
    """What tells a file from others: the checksum and length at the end of a gzip (RFC 1952), however it was packed;
    else size, the first and the last MiB."""
    with opened(path) as (stream, size):
        if path.suffix == ".gz":
            stream.seek(max(0, size - _TRAILER))
            return 0, b"", stream.read(_TRAILER)
        head = stream.read(COMPARED)
        stream.seek(max(0, size - COMPARED))
        return size, head, stream.read(COMPARED)
