"""The folders of nnunetv2 and of the packages that are made for it, in an interpreter or in a folder of sources."""

from __future__ import annotations

from pathlib import Path

from nndoctor.machine.interpreter import interpreter
from nndoctor.machine.packages import installed, locate

NNUNET = "nnunetv2"
PACKAGES = (NNUNET, "batchgenerators", "batchgeneratorsv2", "acvl_utils", "dynamic_network_architectures")


def installed_packages(python: str | None = None) -> list[Path]:
    """Where `import` would find them; of this interpreter unless `python` names another. Raises InterpreterError."""
    path = interpreter(python).path
    copies = installed(path, PACKAGES)
    found = (locate(name, path, next(iter(copies.get(name, [])), None)) for name in PACKAGES)
    return [folder for folder in found if folder is not None]


def source_packages(folder: Path) -> list[Path]:
    """Those that lie in `folder`, such as a checkout or site-packages; or `folder` itself, when it is one of them."""
    if folder.resolve().name in PACKAGES and (folder / "__init__.py").is_file():
        return [folder.resolve()]
    return [folder / name for name in PACKAGES if (folder / name / "__init__.py").is_file()]
