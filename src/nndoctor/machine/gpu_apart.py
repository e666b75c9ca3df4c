"""NVIDIA's driver asked from a process of its own: a driver that hangs can then be left behind, and nndoctor ends."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from nndoctor.facts import Fact, FactValue, Missing
from nndoctor.machine.child import NoAnswerError, run
from nndoctor.machine.gpu import NAMES, gpu_facts
from nndoctor.machine.probe import Answer, seen, unknown

LIMIT_S = 8.0
_DRIVER = ("proc/driver/nvidia", "dev/nvidiactl", "dev/dxg")
# The path first: a module of the current folder must not be taken for one of nndoctor's.
_CODE = "import sys; sys.path[:] = {path!r}; from nndoctor.machine.gpu_apart import tell; tell()"


class _Told(msgspec.Struct, omit_defaults=True):
    """A Fact (with `where`) or a Missing (with `reason`) on its way between the processes."""

    name: str
    value: bool | int | float | str | list[str | int | float] | None = None
    where: str = ""
    reason: str = ""


def gpu_facts_apart(root: Path = Path("/"), limit_s: float = LIMIT_S) -> list[Answer]:
    """As gpu_facts. Where Linux has loaded no driver of NVIDIA's, nothing can hang and no process is started."""
    if not any((root / entry).exists() for entry in _DRIVER):
        return gpu_facts()
    code = _CODE.format(path=[entry for entry in sys.path if entry])
    try:
        said = run([sys.executable, "-c", code], limit_s)
    except NoAnswerError as error:
        return unknown(NAMES, f"NVIDIA's driver hangs: {error}")
    if said.code != 0:
        return unknown(NAMES, f"the process that asked NVIDIA's driver ended with code {said.code}")
    return [_answer(told) for told in msgspec.json.decode(said.out.splitlines()[-1], type=list[_Told])]


def tell() -> None:
    """Write the facts of the GPUs to standard output: the last line counts."""
    sys.stdout.write("\n" + msgspec.json.encode(list(_told(gpu_facts()))).decode() + "\n")


def _told(answers: Iterable[Answer]) -> Iterable[_Told]:
    for each in answers:
        if isinstance(each, Missing):
            yield _Told(each.name, reason=each.reason)
        else:
            yield _Told(each.name, list(each.value) if isinstance(each.value, list) else each.value, each.source.where)


def _answer(told: _Told) -> Fact | Missing:
    if told.value is None:
        return Missing(told.name, told.reason)
    return seen(told.name, _value(told.value), told.where)


def _value(value: bool | float | str | list[str | int | float]) -> FactValue:
    return [str(item) for item in value] if isinstance(value, list) else value
