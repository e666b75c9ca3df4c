"""Paths as the URIs of a SARIF log (RFC 3986 and RFC 8089), whatever bytes their names are made of."""

from __future__ import annotations

import re
from urllib.parse import quote

_WINDOWS = re.compile(r"[A-Za-z]:[/\\]|\\\\")


def is_absolute(path: str) -> bool:
    """Whether a text is an absolute path of this or another computer."""
    return path.startswith("/") or _WINDOWS.match(path) is not None


def file_uri(path: str) -> str:
    """file:///data/a%20b, file:///C:/data, file://server/share"""
    if _WINDOWS.match(path) is None:
        return "file://" + encoded(path)
    steps = path.replace("\\", "/")
    if steps.startswith("//"):
        return "file:" + encoded(steps)
    return f"file:///{steps[:2]}{encoded(steps[2:])}"


def below(path: str, folder: str) -> str | None:
    """The relative URI of `path` in `folder`, `./` for the folder itself; None when it lies elsewhere."""
    path, folder = _slashed(path, folder), _slashed(folder, folder).rstrip("/") + "/"
    if path.rstrip("/") + "/" == folder:
        return "./"
    return encoded(path.removeprefix(folder)) if path.startswith(folder) else None


def encoded(path: str) -> str:
    """`path` with everything percent-encoded that a URI does not have; bytes that are no UTF-8 stay those bytes."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "replace"))


def _slashed(path: str, folder: str) -> str:
    """In a folder of Windows, a backslash separates; elsewhere it is a character of a name."""
    return path.replace("\\", "/") if _WINDOWS.match(folder) else path
