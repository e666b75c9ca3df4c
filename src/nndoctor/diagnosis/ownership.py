"""Whose code a frame is: the user's, nnU-Net's, a library's or Python's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from nndoctor.diagnosis.rule import Where
from nndoctor.logs import ExceptionEvent, Frame

_FAMILY = re.compile(r"/(?:batchgenerators|batchgeneratorsv2|acvl_utils|dynamic_network_architectures)/")
_PACKAGE = re.compile(
    r"^(?:.*/)?(nnunetv2|nnunet)/(?!.*(?:site|dist)-packages/|lib(?:64)?/|Lib/|bin/|Scripts/)(.+\.py)$"
)
_SCRIPT = re.compile(r"(?:^|/)nnUNet(?:v2)?_\w+(?:-script\.py|\.exe.*)?$")
_COMPILED = re.compile(r"\.(?:pyx|pxd|pxi)$")
_PYTHON = re.compile(r"^<|/lib(?:64)?/python\d|/[Ll]ib/(?!.*site-packages)|/lib-dynload/|runpy\.py$|Python\.framework")
_LIBRARY = re.compile(r"/(?:site|dist)-packages/([^/]+?)(?:\.py)?(?:/|$)")

_PASSED_ON = "torch/nn/modules/module.py"

Upstream = Mapping[str, Set[str]]


def nnunet_package(frame: Frame) -> str | None:
    """`nnunetv2` or `nnunet` (v1) when the frame's file lies in that package, else None."""
    package = _PACKAGE.match(frame.path)
    return None if package is None else package.group(1)


def owner(frame: Frame, upstream: Upstream) -> Where:
    """The owner. A file inside nnunetv2/ that upstream never had is the user's (a custom trainer, a fork)."""
    path = frame.path
    package = _PACKAGE.match(path)
    if package is not None:
        known = upstream.get(package.group(1))
        return "nnunet" if not known or package.group(2) in known else "user"
    if _FAMILY.search(path) or _SCRIPT.search(path):
        return "nnunet"
    if _LIBRARY.search(path) or _COMPILED.search(path):
        return "library"
    return "python" if _PYTHON.search(path) else "user"


def is_foreign(frame: Frame, upstream: Upstream, dependencies: Set[str]) -> bool:
    """Whether the frame belongs to a program or library that nnU-Net does not call."""
    kind = owner(frame, upstream)
    library = _LIBRARY.search(frame.path)
    return kind == "user" or (kind == "library" and library is not None and library.group(1) not in dependencies)


def raised_by(event: ExceptionEvent, upstream: Upstream) -> Where | None:
    """Owner of the innermost frame outside Python itself; None without frames.

    torch.nn.Module only passes calls and attributes on: its frames say nothing of whose code failed.
    """
    owners = [owner(frame, upstream) for frame in event.frames if not frame.path.endswith(_PASSED_ON)]
    return next((each for each in reversed(owners) if each != "python"), "python" if owners else None)


def in_app_functions(event: ExceptionEvent, upstream: Upstream) -> list[str]:
    """Functions of the frames that are nnU-Net's or the user's, outermost first."""
    return [frame.function for frame in event.frames if owner(frame, upstream) in ("user", "nnunet")]
