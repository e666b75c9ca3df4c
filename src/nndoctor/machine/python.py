"""The interpreter and what nnU-Net needs in it, as facts. Neither torch nor nnunetv2 is imported."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from nndoctor.facts import FactValue, Missing
from nndoctor.machine.interpreter import Interpreter, InterpreterError, interpreter, shebang
from nndoctor.machine.packages import Origin, Package, editable, installed, locate, origin
from nndoctor.machine.probe import Answer, answer, seen, unknown

_PACKAGES = (
    "nnunetv2",
    "torch",
    "numpy",
    "batchgenerators",
    "batchgeneratorsv2",
    "acvl_utils",
    "dynamic_network_architectures",
    "blosc2",
    "simpleitk",
    "nibabel",
    "threadpoolctl",
    "triton",
    "scikit_image",
    "nnunet",
)
_ALIASES = {"triton": ("triton", "triton_windows", "pytorch_triton", "pytorch_triton_rocm")}
NAMES = (
    "python.version",
    "python.executable",
    "python.prefix",
    "python.duplicates",
    *(f"{package}.version" for package in _PACKAGES),
    "nnunetv2.installed",
    "nnunetv2.editable",
    "nnunetv2.location",
    "nnunetv2.origin",
    "nnunetv2.script",
    "nnunetv2.script_matches",
    "torch.installed",
    "torch.build",
    "torch.cuda_build",
    "torch.has_triton",
    "python.headers",
)
_BUILD = re.compile(r"^(cuda|hip|rocm|xpu)\s*(?::[^=\n]*)?=\s*['\"]([^'\"]+)['\"]", re.MULTILINE)
_BUILD_NAMES = {"cuda": "cuda", "hip": "rocm", "rocm": "rocm", "xpu": "xpu"}


def python_facts(python: str | None = None) -> list[Answer]:
    """Facts of one interpreter; why it could not be asked is the reason of all of them.

    That is the one at `python`; else this one, where it has nnunetv2; else the one that nnUNetv2_predict on PATH
    starts: nndoctor often lives in an environment of its own (pipx, uv tool).
    """
    try:
        asked = _nnunet_interpreter() if python is None else interpreter(python)
    except InterpreterError as error:
        return unknown(NAMES, str(error))
    wanted = {*_PACKAGES, *(alias for aliases in _ALIASES.values() for alias in aliases)}
    copies = installed(asked.path, wanted)
    return [
        *_about(asked, copies),
        *(_version(package, copies, asked) for package in _PACKAGES),
        *_nnunet(asked, copies),
        *_script(asked),
        *_torch(asked, copies),
        seen("torch.has_triton", _first("triton", copies) is not None, asked.executable),
        _headers(asked),
    ]


def _nnunet_interpreter() -> Interpreter:
    own = interpreter()
    copies = installed(own.path, {"nnunetv2"})
    script = shutil.which("nnUNetv2_predict")
    if script is None or locate("nnunetv2", own.path, _first("nnunetv2", copies)) is not None:
        return own
    try:
        started = shebang(Path(script))
        return own if started is None else interpreter(started)
    except (OSError, InterpreterError):
        return own


def _headers(asked: Interpreter) -> Answer:
    """Triton compiles a small C program against Python.h for every kernel: runtime/build.py."""
    file = Path(asked.include) / "Python.h"
    return seen("python.headers", file.is_file(), str(file))


def _about(asked: Interpreter, copies: Mapping[str, Sequence[Package]]) -> list[Answer]:
    repeated = [
        f"{copy.name} {copy.version or '(no version)'} in {copy.folder}"
        for several in copies.values()
        if len(several) > 1
        for copy in several
    ]
    values: tuple[FactValue, ...] = (asked.version, asked.executable, asked.prefix, repeated)
    return [seen(name, value, asked.executable) for name, value in zip(NAMES, values, strict=False)]


def _first(package: str, copies: Mapping[str, Sequence[Package]]) -> Package | None:
    found = (copies[alias][0] for alias in _ALIASES.get(package, (package,)) if copies.get(alias))
    return next(found, None)


def _version(package: str, copies: Mapping[str, Sequence[Package]], asked: Interpreter) -> Answer:
    name, copy = f"{package}.version", _first(package, copies)
    if copy is None:
        return Missing(name, f"{package} is not installed in {asked.executable}")
    return answer(name, copy.version, str(copy.record), f"{copy.record} names no version")


def _nnunet(asked: Interpreter, copies: Mapping[str, Sequence[Package]]) -> list[Answer]:
    copy = _first("nnunetv2", copies)
    location = locate("nnunetv2", asked.path, copy)
    absent = f"nnunetv2 is not installed in {asked.executable}"
    where = str(copy.record) if copy else asked.executable
    source = origin(copy) if copy else None
    from_index = "it was installed from an index" if copy else absent
    return [
        seen("nnunetv2.installed", copy is not None or location is not None, where),
        answer("nnunetv2.editable", editable(copy) if copy else None, where, absent),
        answer("nnunetv2.location", str(location) if location else None, asked.executable, absent),
        answer("nnunetv2.origin", _spelled(source), where, from_index),
    ]


def _spelled(source: Origin | None) -> str | None:
    if source is None:
        return None
    return f"{source.url}@{source.commit}" if source.commit else source.url


def _script(asked: Interpreter) -> list[Answer]:
    names = ("nnunetv2.script", "nnunetv2.script_matches")
    script = shutil.which("nnUNetv2_predict")
    if script is None:
        return unknown(names, "no nnUNetv2_predict on PATH")
    return [seen(names[0], script, "PATH"), _matches(names[1], Path(script), asked)]


def _matches(name: str, script: Path, asked: Interpreter) -> Answer:
    """The folders are compared: in a virtual environment `python` itself is a link to another environment's."""
    try:
        started = shebang(script)
    except OSError as error:
        return Missing(name, f"{script}: {error.strerror}")
    if started is None:
        return Missing(name, f"{script} does not say which interpreter it starts")
    same = Path(started).parent.resolve() == Path(asked.executable).parent.resolve()
    return seen(name, same, f"{script} starts {started}")


def _torch(asked: Interpreter, copies: Mapping[str, Sequence[Package]]) -> list[Answer]:
    copy = _first("torch", copies)
    folder = locate("torch", asked.path, copy)
    found = seen("torch.installed", folder is not None or copy is not None, str(folder or asked.executable))
    names = ("torch.build", "torch.cuda_build")
    if folder is None:
        return [found, *unknown(names, f"torch is not installed in {asked.executable}")]
    try:
        text = (folder / "version.py").read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return [found, *unknown(names, f"{folder / 'version.py'}: {error.strerror}")]
    return [found, *_build(text, str(folder / "version.py"))]


def _build(text: str, where: str) -> list[Answer]:
    """torch/version.py is generated: `cuda: Optional[str] = '12.6'`, and None for what it was not built for."""
    built = dict(_BUILD.findall(text))
    kind = next((_BUILD_NAMES[key] for key in built), "cpu")
    none = f"this torch was built for {kind}, without CUDA"
    return [seen("torch.build", kind, where), answer("torch.cuda_build", built.get("cuda"), where, none)]
