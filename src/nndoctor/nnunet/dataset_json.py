"""dataset.json: what it declares, and what nnU-Net would stumble over
(documentation/dataset_format.md; utilities/label_handling/label_handling.py; v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_int, as_object, as_str, read_object
from nndoctor.nnunet.files import BadFileError, is_file
from nndoctor.nnunet.labels import Labels, label_problems, labels_of
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("dataset.channels", "dataset.file_ending", "dataset.labels", "dataset.labels_consecutive")


@dataclass(frozen=True)
class DatasetJson:
    """What the rest of the room asks of a dataset.json that could be read."""

    path: Path
    content: dict[str, object]

    @property
    def channels(self) -> int | None:
        """Entries of channel_names, or of v1's modality, which nnU-Net prefers when both are there."""
        names = as_object(self.content.get("modality")) or as_object(self.content.get("channel_names"))
        return len(names) or None

    @property
    def file_ending(self) -> str | None:
        return as_str(self.content.get("file_ending"))

    @property
    def labels(self) -> Labels | None:
        return labels_of(self.content)

    @property
    def reader(self) -> str | None:
        """The class that dataset.json wants to read the images; the word None counts as none."""
        named = as_str(self.content.get("overwrite_image_reader_writer"))
        return None if named == "None" else named


def find_dataset_json(folders: Sequence[Path | None]) -> tuple[list[Statement], DatasetJson | None]:
    """The facts of the first dataset.json in `folders`, and the file itself when it can be read."""
    path = next((folder / "dataset.json" for folder in folders if folder and is_file(folder / "dataset.json")), None)
    looked = ", ".join(str(folder) for folder in folders if folder)
    if path is None:
        facts = absent(NAMES, f"no dataset.json in {looked}" if looked else "no folder with a dataset.json was given")
        return [*([state("dataset.json_found", False, looked)] if looked else []), *facts], None
    found = [state("dataset.json_found", True, path)]
    try:
        dataset = DatasetJson(path, read_object(path))
    except BadFileError as error:
        return [*found, *_problem_facts([str(error)], path), *absent(NAMES, f"dataset.json: {error}")], None
    return [*found, *_facts(dataset)], dataset


def json_problems(content: dict[str, object]) -> Iterator[str]:
    """What is wrong with the content of a dataset.json, the gravest first."""
    for key in ("labels", "channel_names", "file_ending", "numTraining"):
        if key not in content:
            yield f"'{key}' is missing" + (" (v1 calls it 'modality')" if key == "channel_names" else "")
    yield from _channel_problems(content)
    yield from label_problems(content)
    ending = content.get("file_ending")
    if ending is not None and not (isinstance(ending, str) and ending.startswith(".")):
        yield f"file_ending {str(ending)[:40]!r} does not begin with a dot"
    if "numTraining" in content and as_int(content["numTraining"]) is None:
        yield "numTraining is no integer"


def _channel_problems(content: dict[str, object]) -> Iterator[str]:
    names = content.get("channel_names")
    if names is None:
        return
    if not isinstance(names, dict) or not names:
        yield "channel_names is no object with one entry per channel"
    elif sorted(names) != sorted(str(number) for number in range(len(names))):
        yield f"channel_names has the keys {sorted(names)[:8]} instead of 0 to {len(names) - 1}"


def _facts(dataset: DatasetJson) -> Iterator[Statement]:
    yield from _problem_facts(list(json_problems(dataset.content)), dataset.path)
    values = (
        ("dataset.channels", dataset.channels),
        ("dataset.file_ending", dataset.file_ending),
        ("dataset.num_training", as_int(dataset.content.get("numTraining"))),
        ("dataset.reader", dataset.reader),
    )
    yield from (state(name, value, dataset.path) for name, value in values if value is not None)
    yield state("dataset.v1_style", "modality" in dataset.content or "training" in dataset.content, dataset.path)
    yield from _label_facts(dataset)


def _label_facts(dataset: DatasetJson) -> Iterator[Statement]:
    labels = dataset.labels
    if labels is None:
        yield from absent(["dataset.labels", "dataset.labels_consecutive"], "the labels of dataset.json are no numbers")
        return
    yield state("dataset.labels", len(labels.values), dataset.path)
    yield state("dataset.labels_consecutive", labels.consecutive, dataset.path)
    yield state("dataset.has_regions", labels.has_regions, dataset.path)
    yield state("dataset.has_ignore_label", labels.ignore is not None, dataset.path)


def _problem_facts(problems: list[str], path: Path) -> Iterator[Statement]:
    yield from listed("dataset.json_problems", problems, path)
    if problems:
        yield state("dataset.json_problem", problems[0], path)
