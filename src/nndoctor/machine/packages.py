"""Which packages lie on an interpreter's path, read from the names of their metadata folders. Nothing is imported.

Sources: PyPA specifications "Recording installed projects" and "direct_url.json"; setuptools' egg-info.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_RECORD = re.compile(r"(?P<name>[^-]+)(-(?P<version>[^-]+))?(-py[\d.]+.*)?\.(dist|egg)-info")
_VERSION = re.compile(r"^Version:\s*(\S+)", re.MULTILINE)
_DRIVE = re.compile(r"/[A-Za-z]:")


class Package(NamedTuple):
    """One installed copy: its folder on the path and its metadata (a folder, or an egg-info file)."""

    name: str
    version: str | None
    folder: Path
    record: Path


class Origin(NamedTuple):
    """What a copy was installed from, when that was no index: PEP 610."""

    url: str
    commit: str | None
    editable: bool

    @property
    def folder(self) -> Path | None:
        """The local folder, if it is one."""
        parts = urlsplit(self.url)
        if parts.scheme != "file":
            return None
        path = unquote(parts.path)
        return Path(path[1:] if _DRIVE.match(path) else path)


def installed(path: Iterable[str], wanted: Collection[str]) -> dict[str, list[Package]]:
    """Normalised name (`scikit_image`) to every copy on `path`, the one that counts first. Unreadable folders: none."""
    found: dict[str, list[Package]] = {}
    for folder in _folders(path):
        for entry in _records(folder):
            package = _package(folder, entry)
            if package and package.name in wanted:
                found.setdefault(package.name, []).append(package)
    return {name: _without_sources(copies) for name, copies in found.items()}


def normal(name: str) -> str:
    """PEP 503's normal form with underscores: `scikit-image` and `Scikit_Image` are `scikit_image`."""
    return re.sub(r"[-_.]+", "_", name).lower()


def origin(package: Package) -> Origin | None:
    """Where the copy came from; None for an index, or when direct_url.json is absent or broken."""
    try:
        told = json.loads((package.record / "direct_url.json").read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("url"), str):
        return None
    folder, repository = told.get("dir_info"), told.get("vcs_info")
    editable = isinstance(folder, dict) and folder.get("editable") is True
    commit = repository.get("commit_id") if isinstance(repository, dict) else None
    return Origin(told["url"], commit if isinstance(commit, str) else None, editable)


def editable(package: Package) -> bool:
    """Runs from its source folder: as PEP 610 says, or as the older `setup.py develop` leaves it."""
    source = origin(package)
    if source is not None:
        return source.editable
    return package.record.suffix == ".egg-info" and package.folder.name not in ("site-packages", "dist-packages")


def locate(module: str, path: Sequence[str], package: Package | None) -> Path | None:
    """The folder that `import module` would take: first on the path, else the source of an editable installation."""
    source = origin(package) if package else None
    sources = [] if source is None or source.folder is None else [source.folder, source.folder / "src"]
    candidates = (folder / module for folder in [*_folders(path), *sources])
    return next((folder for folder in candidates if (folder / "__init__.py").is_file()), None)


def _folders(path: Iterable[str]) -> list[Path]:
    """Each folder once: lib64 is often a link to lib."""
    real = {os.path.realpath(entry): Path(entry) for entry in reversed(list(path)) if entry}
    return list(reversed(real.values()))


def _records(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _package(folder: Path, entry: str) -> Package | None:
    match = _RECORD.fullmatch(entry)
    if match is None:
        return None
    record = folder / entry
    return Package(normal(match["name"]), match["version"] or _version(record), folder, record)


def _version(record: Path) -> str | None:
    for file in (record / "METADATA", record / "PKG-INFO"):
        try:
            match = _VERSION.search(file.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        return match[1] if match else None
    return None


def _without_sources(copies: list[Package]) -> list[Package]:
    """Leave out the egg-info that building an editable copy left in its source folder: it is the same copy."""
    sources = {source.folder for copy in copies if (source := origin(copy)) and source.editable}
    return [copy for copy in copies if copy.folder not in sources and copy.folder.parent not in sources]
