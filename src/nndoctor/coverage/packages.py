"""The folders of nnunetv2 and of the packages that are made for it, in an interpreter or in a folder of sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nndoctor.machine.interpreter import interpreter
from nndoctor.machine.packages import installed, locate

NNUNET = "nnunetv2"
PACKAGES = (NNUNET, "batchgenerators", "batchgeneratorsv2", "acvl_utils", "dynamic_network_architectures")


def installed_packages(python: str | None = None) -> list[Path]:
    """Where `import` would find them; of this interpreter unless `python` names another. Raises InterpreterError."""
    path = interpreter(python).path
    copies = installed(path, PACKAGES)
    found = (locate(name, path, next(iter(copies.get(name, [])), None)) or _bare(name, path) for name in PACKAGES)
    return [folder for folder in found if folder is not None]


def source_packages(folder: Path) -> list[Path]:
    """Those that lie in `folder`, such as a checkout or site-packages; or `folder` itself, when it is one of them."""
    inside = [each for name in PACKAGES if (each := _bare(name, [str(folder)]))]
    own = folder.resolve()
    return [own] if not inside and own.name in PACKAGES else inside


def _bare(name: str, path: Iterable[str]) -> Path | None:
    """The first folder of that name; batchgeneratorsv2 has no __init__.py."""
    return next((folder for entry in path if any((folder := Path(entry) / name).glob("**/*.py"))), None)
