"""The witnesses beyond the text: this machine, nnU-Net's files, a snapshot; and whether they may speak at all."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nndoctor.facts import Fact, Facts, FactValue, Missing, Provenance, vocabulary
from nndoctor.facts.names_text import SPECS as TEXT_SPECS
from nndoctor.logs import SourceError

if TYPE_CHECKING:
    from nndoctor.nnunet import Request

ENOUGH_PATHS = 2
SNAPSHOT_LIMIT = 16 * 2**20
_NAMED_BY_LOG = ("input_folder", "model_folder", "dataset", "configuration")
_PREFIX = re.compile(r"^(.+?)/(?:lib/python3\.\d+|Lib)/(?:site|dist)-packages/")
_OF_INTERPRETER = re.compile(r"^(?:python|nnunetv2|torch)\.|^(?!cgroup\.).*\.version$")


class Options(msgspec.Struct, frozen=True):
    """What the user asked for. `env` is auto, here, none, or the path of a snapshot."""

    texts: list[str]
    env: str = "auto"
    input: Path | None = None
    model: Path | None = None
    dataset: str | None = None
    configuration: str | None = None
    folds: list[str] | None = None
    trainer: str | None = None
    plans: str | None = None
    checkpoint: str | None = None
    python: str | None = None
    rules: Path | None = None
    language: str = "en"


class Snapshot(msgspec.Struct):
    """Facts that another machine wrote down: nndoctor's own JSON."""

    facts: dict[str, SnapshotFact]


class SnapshotFact(msgspec.Struct):
    value: bool | int | float | str | list[str | int | float]


def witness(options: Options, facts: Facts) -> tuple[str, list[str]]:
    """Add the facts beyond the text. Returns what was used, in words, and notes."""
    notes: list[str] = []
    if options.env not in ("auto", "here", "none"):
        facts.extend(_snapshot(Path(options.env)))
        facts.extend(_files(options, facts, False, notes))
        return f"snapshot {options.env}", notes
    here, why = _is_here(options, facts)
    facts.extend(_files(options, facts, here, notes))
    if here:
        found = _machine(options.python, notes)
        stranger = None if options.python else _other_environment(facts, Facts(found))
        facts.extend(found if stranger is None else [_unless_interpreter(each, stranger) for each in found])
        facts.extend(_forecast(options, facts, notes))
        return f"here: {why}", notes
    facts.extend(gaps(why))
    return f"none: {why}", notes


def here(python: str | None, notes: list[str]) -> list[Fact | Missing]:
    """The facts of this machine and of nnU-Net's variables, without a text."""
    options, nothing = Options([], env="here", python=python), Facts()
    variables = [each for each in _files(options, nothing, True, notes) if each.name.startswith("env.")]
    return [*variables, *_machine(python, notes)]


def _is_here(options: Options, facts: Facts) -> tuple[bool, str]:
    """Whether this machine may speak about the crash, and why."""
    if options.env == "none":
        return False, "this machine was not asked (--env none)"
    if options.env == "here":
        return True, "the user says that it happened on this machine (--env here)"
    paths = facts.value("log.paths")
    named = [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
    if not named:
        return False, "the text names no path, so it may come from another machine (--env here says otherwise)"
    present = sum(_exists(path) for path in named)
    if present >= ENOUGH_PATHS and 2 * present >= len(named):
        return True, f"{present} of {len(named)} paths of the text exist on this machine"
    return False, f"only {present} of {len(named)} paths of the text exist on this machine (--env here says otherwise)"


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _machine(python: str | None, notes: list[str]) -> list[Fact | Missing]:
    """Facts of this computer, and of the interpreter that `python` names."""
    from nndoctor.machine import machine_facts

    names = ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")
    folders = {name: Path(os.environ[name]) for name in names if os.environ.get(name)}
    try:
        return machine_facts(python, folders)
    except Exception as problem:
        notes.append(f"the machine could not be read: {problem.__class__.__name__}: {problem}")
        return []


def _other_environment(facts: Facts, found: Facts) -> str | None:
    """Why the interpreter that was looked at is not the one that ran nnU-Net, or None when it may be."""
    paths = facts.value("log.paths")
    matches = [_PREFIX.match(path) for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
    prefix = next((match.group(1) for match in matches if match is not None), None)
    seen = _text(found, "python.prefix") or sys.prefix
    if prefix is not None and Path(prefix) != Path(seen):
        return f"nnU-Net ran in {prefix}, nndoctor looked at {seen}: name its interpreter with --python"
    if found.value("nnunetv2.installed") is False:
        return "nndoctor runs in an environment without nnunetv2: name the right interpreter with --python"
    return None


def _unless_interpreter(fact: Fact | Missing, reason: str) -> Fact | Missing:
    return Missing(fact.name, reason) if _OF_INTERPRETER.search(fact.name) else fact


def _files(options: Options, facts: Facts, here: bool, notes: list[str]) -> list[Fact | Missing]:
    """nnU-Net's files: those that the user names, and those that the log's command names when it ran here."""
    if not here and not (options.input or options.model or options.dataset or options.configuration):
        return []
    from nndoctor.nnunet import nnunet_facts

    try:
        return nnunet_facts(_request(options, facts, here))
    except Exception as problem:
        notes.append(f"nnU-Net's files could not be read: {problem.__class__.__name__}: {problem}")
        return []


def _request(options: Options, facts: Facts, here: bool) -> Request:
    from nndoctor.nnunet import Request

    said = {name: _text(facts, f"log.{name}") if here else None for name in _NAMED_BY_LOG}
    return Request(
        input=options.input or _folder(said["input_folder"]),
        model=options.model or _folder(said["model_folder"]),
        dataset=options.dataset or said["dataset"],
        configuration=options.configuration or said["configuration"],
        folds=options.folds,
        trainer=options.trainer,
        plans=options.plans,
        checkpoint=options.checkpoint,
        environ=dict(os.environ) if here or options.dataset else {},
    )


def _forecast(options: Options, facts: Facts, notes: list[str]) -> list[Fact | Missing]:
    """What the memory forecast says of the run; only where plans were found."""
    if "plans.configurations" not in facts:
        return []
    from nndoctor.checkups.forecast_facts import forecast_facts
    from nndoctor.nnunet import look_around

    request = _request(options, facts, True)
    try:
        return list(forecast_facts(request, look_around(request), facts))
    except Exception as problem:
        notes.append(f"the memory could not be forecast: {problem.__class__.__name__}: {problem}")
        return []


def _folder(name: str | None) -> Path | None:
    return Path(name) if name else None


def _text(facts: Facts, name: str) -> str | None:
    value = facts.value(name)
    return value if isinstance(value, str) else None


def _snapshot(path: Path) -> Iterator[Fact]:
    """Facts of a snapshot file; unknown names are skipped. Raises SourceError."""
    try:
        with path.open("rb") as file:
            data = file.read(SNAPSHOT_LIMIT + 1)
        if len(data) > SNAPSHOT_LIMIT:
            raise SourceError(f"{path}: too large to be a snapshot of nndoctor")
        snapshot = msgspec.json.decode(data, type=Snapshot)
    except OSError as problem:
        raise SourceError(
            f"{path}: {problem.strerror or problem}. --env takes auto, here, none or a snapshot"
        ) from None
    except (msgspec.DecodeError, RecursionError) as problem:
        raise SourceError(f"{path}: not a snapshot of nndoctor ({problem})") from None
    for name, fact in snapshot.facts.items():
        if name in vocabulary() and not name.startswith("log."):
            yield Fact(name, _value(fact.value), Provenance("user", str(path)))


def _value(value: bool | float | str | list[str | int | float]) -> FactValue:
    return [str(item) for item in value] if isinstance(value, list) else value


def gaps(why: str) -> Iterator[Missing]:
    """Every fact that only a machine or a file could state, with the reason why nobody asked."""
    from_text = {spec.name for spec in TEXT_SPECS}
    yield from (Missing(name, why) for name in vocabulary() if name not in from_text)
