"""Is a class or a function defined below a folder of Python files? They are searched as text, never imported
(nnU-Net imports every file until it finds the name: utilities/find_class_by_name.py, v2.0 to v2.8.1)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, is_file, opened

MOST_FILES = 5_000
MOST_BYTES = 2 * 1024 * 1024


def is_defined(name: str, folders: Iterable[Path]) -> bool:
    """Whether a file below one of the folders has a line `class NAME`, `def NAME`, `NAME =` or imports NAME."""
    escaped = re.escape(name.encode())
    pattern = re.compile(
        rb"^\s*(?:class|def)\s+" + escaped + rb"\b|^" + escaped + rb"\s*=|^from\s[^\n]*\b" + escaped + rb"\b",
        re.MULTILINE,
    )
    return any(pattern.search(text) for folder in folders for text in _texts(folder))


def _texts(folder: Path) -> Iterator[bytes]:
    for path in islice(_python_files(folder), MOST_FILES):
        try:
            with opened(path) as (stream, _):
                yield stream.read(MOST_BYTES)
        except BadFileError:
            continue


def _python_files(folder: Path) -> Iterator[Path]:
    """The modules of the folder and of the packages in it, as pkgutil.iter_modules finds them."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_file(Path(root) / name / "__init__.py"))
        yield from (Path(root) / name for name in sorted(names) if name.endswith(".py"))
