"""A folder of images by the names of its files: what nnU-Net takes, what it passes over, what misleads it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.twins import same_content
from nndoctor.nnunet.input_folder import ENDINGS, ending_of

NUMBERED = re.compile(r"_(\d{4})$")


@dataclass(frozen=True)
class FolderFiles:
    """The sorted names of the files in a folder, and the file ending that nnU-Net looks for."""

    folder: Path
    names: list[str]
    ending: str

    @cached_property
    def matching(self) -> list[str]:
        """The files that nnU-Net takes: by their ending alone, so those that macOS hides too (._name)."""
        return [name for name in self.names if name.endswith(self.ending)]

    @cached_property
    def other_images(self) -> list[str]:
        """Images of another ending, which nnU-Net passes over without a word."""
        others = (name for name in self.names if not name.endswith(self.ending) and not name.startswith("."))
        return [name for name in others if ending_of(name).lower() in (*ENDINGS, ".jpg", ".jpeg", ".dcm", ".mhd")]

    def cases(self) -> dict[str, list[str]]:
        """The files with a channel number by their case, in the order of the numbers."""
        found: dict[str, list[str]] = {}
        for name in self.matching:
            stem = name.removesuffix(self.ending)
            if NUMBERED.search(stem) and not name.startswith("._"):
                found.setdefault(stem[:-5], []).append(name)
        return found

    def number(self, name: str) -> int:
        return int(name.removesuffix(self.ending)[-4:])


def read_folder(folder: Path, ending: str) -> FolderFiles | None:
    """The files of a folder; None when there is no such folder, or when it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return FolderFiles(folder, sorted(entry.name for entry in entries if not _is_folder(entry)), ending)
    except (OSError, ValueError):
        return None


def commonest_ending(folder: Path) -> str:
    """The ending that most images of a folder have; .nii.gz where there are none."""
    files = read_folder(folder, "")
    counted = Counter(ending_of(name) for name in files.names if not name.startswith(".")) if files else Counter[str]()
    known = [ending for ending, _ in counted.most_common() if ending.lower() in ENDINGS]
    return known[0] if known else ".nii.gz"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def problems_of_images(files: FolderFiles) -> Iterator[Problem]:
    """What the names of a folder of images (imagesTr, or the input of a prediction) show."""
    if not files.matching:
        yield _nothing_matches(files)
    cases = files.cases()
    for name in files.matching:
        if name.startswith("._"):
            yield Problem("hidden-file", str(files.folder / name), name)
        elif not NUMBERED.search(stem := name.removesuffix(files.ending)):
            kind = "file-passed-over" if stem[:-5] in cases else "no-channel-number"
            yield Problem(kind, str(files.folder / name), name, {"ending": files.ending})
    for name in files.other_images if files.matching else []:
        yield Problem("other-ending", str(files.folder / name), None, {"ending": files.ending})
    for case, names in cases.items():
        numbers = [files.number(name) for name in names]
        if numbers != list(range(len(numbers))):
            values = {"numbers": ", ".join(f"{number:04d}" for number in numbers)}
            yield Problem("odd-channel-numbers", str(files.folder), case, values)
    yield from _alike(files)
    yield from twin_problems(files)


def twin_problems(files: FolderFiles) -> Iterator[Problem]:
    """A .nii beside the .nii.gz of the same name, which ITK then takes instead."""
    if files.ending != ".nii.gz":
        return
    there = set(files.names)
    for name in (name for name in files.matching if name[:-3] in there):
        packed, plain = files.folder / name, files.folder / name[:-3]
        kind = "plain-twin-same" if same_content(packed, plain) else "plain-twin"
        yield Problem(kind, str(packed), name, {"other": plain.name})


def _nothing_matches(files: FolderFiles) -> Problem:
    counted = Counter(ending_of(name) for name in files.names if not name.startswith("."))
    found = ", ".join(f"{count} x {ending or 'no ending'}" for ending, count in counted.most_common(4))
    return Problem("nothing-matches", str(files.folder), None, {"ending": files.ending, "found": found or "no files"})


def _alike(files: FolderFiles) -> Iterator[Problem]:
    """Cases whose names differ in capitals only: one file on Windows and macOS."""
    seen: dict[str, str] = {}
    for case in files.cases():
        other = seen.setdefault(case.lower(), case)
        if other != case:
            yield Problem("names-differ-in-case", str(files.folder), case, {"other": other})
