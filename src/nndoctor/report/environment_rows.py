"""The facts of a computer as a few rows: what belongs together stands in one row, and what says nothing is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Fact, FactValue, Missing, vocabulary

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("env.compile", ("torch.compile_", "torch.has_triton", "python.headers", "triton.", "compiler.")),
    ("env.workers", ("workers.", "env.n_proc_da", "env.def_n_proc", "env.npp", "env.nps")),
    ("env.folders", ("disk.", "env.raw_", "env.preprocessed_", "env.results_")),
    ("env.variables", ("env.",)),
    ("env.memory", ("memory.", "shm.", "cgroup.memory", "cgroup.version")),
    ("env.processors", ("cpu.", "limit.", "cgroup.")),
    ("env.gpu", ("gpu.",)),
    ("env.system", ("os.", "container.", "scheduler.")),
    ("env.packages", ("",)),
)
"""Group and the beginnings of its facts' names: the first that fits counts."""
ORDER = (
    *("env.packages", "env.gpu", "env.memory", "env.processors", "env.workers"),
    *("env.folders", "env.variables", "env.compile", "env.system"),
)
ALARMS = ("problems", "invalid", "v1_names", "near_misses", "duplicates", "unmet", "throttle_reasons")
"""How the names of those facts end that list what is odd: empty ones say nothing, others are shown first."""
_FOLDERS = {"raw": "nnUNet_raw", "preprocessed": "nnUNet_preprocessed", "results": "nnUNet_results", "tmp": "TMPDIR"}
_NORMALLY_MISSING = ("nnunet.version", "nnunetv2.origin", "triton.version")
"""nnU-Net v1 beside v2, an installation from elsewhere than an index, and what torch.has_triton says already."""
_COUNT = "_count"
_SHORT = 30
_SEVERAL = 3


class Row(NamedTuple):
    """A label, and the facts behind it as `name value`; a fact that stands alone has no name."""

    label: str
    parts: list[tuple[str, str]]

    def text(self) -> str:
        return ", ".join(f"{name} {value}" if name else value for name, value in self.parts)


class Group(NamedTuple):
    """One heading with its rows; `unknown` are the reasons why facts are missing, with the names they hold for."""

    heading: str
    rows: list[Row]
    unknown: dict[str, list[str]]


def alarms(d: Diagnosis) -> list[Row]:
    """What the lists of odd things hold, one row for each thing."""
    return [
        Row(fact.name, [("", str(each))])
        for fact in d.facts
        if _is_alarm(fact.name) and isinstance(fact.value, list)
        for each in fact.value
    ]


def groups(d: Diagnosis) -> Iterator[Group]:
    """Every fact and every gap in its group; a group without either is left out. The heading is a key of `words`."""
    unset = {fact.name.removesuffix("set") for fact in d.facts if fact.name.endswith("_set") and fact.value is False}
    for key in ORDER:
        facts = [fact for fact in d.facts if _group(fact.name) == key and not _is_hidden(fact.name, d)]
        gaps = [gap for gap in d.missing if _group(gap.name) == key and not _is_beyond(gap.name, unset)]
        group = Group(key, list(_rows(facts)), _by_reason(gaps))
        if group.rows or group.unknown:
            yield group


def _group(name: str) -> str:
    return next(key for key, beginnings in GROUPS if name.startswith(beginnings))


def _is_alarm(name: str) -> bool:
    return name.endswith(ALARMS)


def _is_hidden(name: str, d: Diagnosis) -> bool:
    """Counts of lists, lists that are shown as alarms, and `set` where the value itself is shown."""
    folder = name.removesuffix("_set") + "_folder"
    return name.endswith(_COUNT) or _is_alarm(name) or any(fact.name == folder for fact in d.facts if folder != name)


def _is_beyond(name: str, unset: set[str]) -> bool:
    """Whether a gap is the healthy state, or only repeats that a variable is not set; and the counts of lists."""
    alias = name.replace("disk.", "env.", 1)
    return name.endswith(_COUNT) or name in _NORMALLY_MISSING or alias.startswith(tuple(unset))


def _rows(facts: Iterable[Fact]) -> Iterator[Row]:
    rows: dict[str, Row] = {}
    for fact in facts:
        value = _value(fact)
        if not value:
            continue
        label, name = _place(fact.name, alone=len(value) > _SHORT or isinstance(fact.value, list))
        rows.setdefault(label, Row(label, [])).parts.append((name, value))
    yield from rows.values()


def _place(name: str, alone: bool) -> tuple[str, str]:
    """The row that a fact stands in, and its name there: `disk.raw_free` is `free` in the row nnUNet_raw."""
    head, _, rest = name.partition(".")
    folder, _, what = rest.partition("_")
    if (head == "disk" or (head == "env" and what in ("set", "exists", "folder"))) and folder in _FOLDERS:
        return _FOLDERS[folder], "" if what == "folder" else what
    if alone:
        return name, ""
    if rest == "version" and head != "cgroup":
        return "versions", head
    return head, rest


def _by_reason(gaps: Iterable[Missing]) -> dict[str, list[str]]:
    """The names by the reason that they share; several of one kind are written as `gpu.*`."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for gap in gaps:
        label, _ = _place(gap.name, alone=False)
        reasons.setdefault(gap.reason, {}).setdefault(label, []).append(gap.name)
    return {
        reason: [name for label in found for name in _together(label, found[label])]
        for reason, found in reasons.items()
    }


def _together(label: str, names: list[str]) -> list[str]:
    return names if len(names) < _SEVERAL else [f"{label}.*" if label != "versions" else label]


def _value(fact: Fact) -> str:
    spec = vocabulary().get(fact.name)
    return _written(fact.value, None if spec is None else spec.unit)


def _written(value: FactValue, unit: str | None) -> str:
    """A value as short as a reader needs it: 23.5 GiB, 16,138,720, yes and no as true and false."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool | str):
        return str(value).lower() if isinstance(value, bool) else value
    if unit == "bytes":
        return _size(value)
    number = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return number if unit in (None, "cores") else f"{number} {unit}"


def _size(value: float) -> str:
    for power, unit in ((40, "TiB"), (30, "GiB"), (20, "MiB")):
        if value >= 2**power:
            return f"{value / 2**power:.1f} {unit}"
    return f"{value:,} bytes" if value else "0"
