"""The folder that is handed to nnUNetv2_predict -i: its files and the cases that their names make
(nnunetv2/utilities/utils.py create_lists_from_splitted_dataset_folder, v2.0 to v2.8.1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, files_in, is_folder
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("input.files", "input.cases", "input.file_endings", "input.without_suffix", "input.hidden_files")
ENDINGS = (".nii.gz", ".nii", ".nrrd", ".mha", ".gipl", ".png", ".bmp", ".tif", ".tiff")
"""What the readers of nnU-Net list, all versions together."""


@dataclass(frozen=True)
class InputFolder:
    """The names in the folder, and the file ending that counts."""

    path: Path
    names: list[str]
    ending: str | None

    @property
    def hidden(self) -> list[str]:
        """Files that macOS leaves (._case_0000.nii.gz). nnU-Net takes them for images."""
        return [name for name in self.names if name.startswith("._")]

    @property
    def images(self) -> list[str]:
        """The files with the ending, without those of macOS."""
        return [n for n in self.names if self.ending and n.endswith(self.ending) and not n.startswith("._")]

    @property
    def without_suffix(self) -> list[str]:
        """Images without _0000: nnU-Net cuts five letters off their names and then finds no file."""
        return [name for name in self.images if _channel_number(name, self.ending or "") is None]

    def cases(self) -> dict[str, list[str]]:
        """The files of each case, in the order of their channel numbers."""
        found: dict[str, list[str]] = {}
        for name in self.images:
            if _channel_number(name, self.ending or "") is not None:
                found.setdefault(_case(name, self.ending or ""), []).append(name)
        return found

    def oddly_numbered(self) -> list[str]:
        """Cases whose channels are not numbered 0000, 0001, ... without a gap."""
        numbers = {case: [_channel_number(f, self.ending or "") for f in files] for case, files in self.cases().items()}
        return [case for case, found in numbers.items() if found != list(range(len(found)))]


def read_input_folder(path: Path | None, ending: str | None) -> tuple[list[Statement], InputFolder | None]:
    """The facts that names alone tell. `ending` is the model's file ending; without it the commonest one counts."""
    if path is None:
        return absent(["input.exists", *NAMES], "no input folder was given (-i)"), None
    if not is_folder(path):
        gaps = absent(NAMES, f"{path} is no folder")
        return [state("input.exists", False, path), *gaps], None
    try:
        names = files_in(path)
    except BadFileError as error:
        return [state("input.exists", True, path), *absent(NAMES, f"{path}: {error}")], None
    folder = InputFolder(path, names, ending or _commonest(names))
    return [state("input.exists", True, path), *_facts(folder, ending)], folder


def ending_of(name: str) -> str:
    """The file ending as nnU-Net understands it: '.nii.gz' is one; letters keep their case."""
    lower = name.lower()
    known = next((ending for ending in ENDINGS if lower.endswith(ending)), None)
    return name[-len(known) :] if known else Path(name).suffix


def _facts(folder: InputFolder, wanted: str | None) -> Iterator[Statement]:
    path, cases = folder.path, folder.cases()
    visible = [name for name in folder.names if not name.startswith(".")]
    counted = Counter(ending_of(name) for name in visible)
    yield state("input.files", len(visible), path)
    yield state("input.file_endings", [ending for ending, _ in counted.most_common(50) if ending], path)
    if folder.ending is not None:
        yield state("input.file_ending", folder.ending, "the model's dataset.json" if wanted else path)
        yield state("input.matching_files", len(folder.images), path)
    yield state("input.cases", len(cases), path)
    yield from listed("input.without_suffix", folder.without_suffix, path)
    yield from listed("input.hidden_files", folder.hidden, path)
    yield from listed("input.oddly_numbered_cases", folder.oddly_numbered(), path)


def _commonest(names: list[str]) -> str | None:
    counted = Counter(ending_of(name) for name in names if not name.startswith("."))
    known = [(count, ending) for ending, count in counted.items() if ending.lower() in ENDINGS]
    return max(known)[1] if known else None


def _channel_number(name: str, ending: str) -> int | None:
    found = re.search(r"_([0-9]{4})$", name.removesuffix(ending))
    return int(found[1]) if found else None


def _case(name: str, ending: str) -> str:
    return name[: -len(ending) - 5]
