"""Labelled cases: NAME.txt beside NAME.json (a corpus), or input.* beside case.yaml (fixtures)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from nndoctor.logs import SourceError

CORPUS_FOLDERS = ("threads", "logs")


class Label(msgspec.Struct):
    """A corpus label; other keys of its JSON are not read."""

    label: str
    also_acceptable: list[str] = []
    symptom_only: bool = False
    key_line: str | None = None


class Expect(msgspec.Struct):
    status: str
    first: str
    also: list[str] = []
    key_line: str | None = None


class CaseFile(msgspec.Struct):
    expect: Expect
    origin: str


class Case(msgspec.Struct, frozen=True):
    """One text and the causes that are right for it. `status` is None where any is."""

    name: str
    path: Path
    first: str
    also: list[str]
    key_line: str | None
    status: str | None

    def right(self, cause: str | None) -> bool:
        return cause == self.first or cause in self.also


def corpus_cases(folder: Path) -> list[Case]:
    """Cases of a corpus folder. Raises SourceError when it holds none."""
    folders = [folder / name for name in CORPUS_FOLDERS if (folder / name).is_dir()] or [folder]
    cases = [case for each in folders for case in _labelled(each)] or list(fixture_cases(folder))
    if not cases:
        raise SourceError(f"{folder}: no labelled cases here (NAME.txt beside NAME.json, or input.* beside case.yaml)")
    return cases


def _labelled(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.txt")):
        beside = path.with_suffix(".json")
        if not beside.is_file():
            continue
        try:
            label = msgspec.json.decode(beside.read_bytes(), type=Label)
        except msgspec.DecodeError as problem:
            raise SourceError(f"{beside}: not a label ({problem})") from None
        status = "undetermined" if label.symptom_only else None
        yield Case(path.stem, path, label.label, label.also_acceptable, label.key_line, status)


def fixture_cases(folder: Path) -> Iterator[Case]:
    """Cases of a fixtures folder, <family>/<cause>/<case>/. Raises SourceError for a case that cannot be used."""
    for path in sorted(folder.rglob("case.yaml")):
        texts = sorted(path.parent.glob("input.*"))
        try:
            expect = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), CaseFile).expect
        except (yaml.YAMLError, msgspec.ValidationError) as problem:
            raise SourceError(f"{path}: {problem}") from None
        if len(texts) != 1:
            raise SourceError(f"{path.parent}: expected one input.* file, found {len(texts)}")
        yield Case(path.parent.name, texts[0], expect.first, expect.also, expect.key_line, expect.status)
