"""The files of nnUNet_raw/DATASET by their names: which cases nnU-Net makes of them, and what it trips over
(utilities/utils.py get_filenames_of_train_images_and_targets, verify_dataset_integrity.py; v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_int, as_object, as_str, as_strings
from nndoctor.nnunet.checks.folder_files import FolderFiles, problems_of_images, read_folder, twin_problems
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.examination.records import CaseFiles
from nndoctor.nnunet.files import is_file
from nndoctor.nnunet.readers import ending_problem
from nndoctor.nnunet.variables import Variables


class DatasetFiles:
    """The cases of a dataset and the problems that their names show. Reads folders, opens no image."""

    def __init__(self, root: Path, dataset: DatasetJson) -> None:
        self.root = root
        self.dataset = dataset
        self.problems: list[Problem] = []
        self.cases = self._listed() if "dataset" in dataset.content else self._found()
        self.problems += [*self._number_problems(), *self._reader_problems()]

    def _found(self) -> list[CaseFiles]:
        """The cases of imagesTr and labelsTr."""
        ending = self.dataset.file_ending or ".nii.gz"
        images, labels = (read_folder(self.root / name, ending) for name in ("imagesTr", "labelsTr"))
        if images is None or labels is None:
            lacking = [str(self.root / name) for name, f in (("imagesTr", images), ("labelsTr", labels)) if f is None]
            self.problems += [Problem("dataset-folder-missing", path) for path in lacking]
        if images is None:
            return []
        self.problems += problems_of_images(images)
        return list(self._pairs(images, labels))

    def _pairs(self, images: FolderFiles, labels: FolderFiles | None) -> Iterator[CaseFiles]:
        """Images with their labels; what has no partner becomes a problem."""
        named = {name[: -len(images.ending)]: name for name in labels.matching} if labels else {}
        for case, files in images.cases().items():
            paths = [str(images.folder / name) for name in files]
            label = named.pop(case, None)
            if labels is not None and label is None:
                self.problems.append(Problem("label-missing", str(labels.folder), case, {"file": case + images.ending}))
            yield CaseFiles(case, paths, None if label is None or labels is None else str(labels.folder / label))
        if labels is not None:
            self.problems += self._of_labels(labels, list(named))

    def _of_labels(self, labels: FolderFiles, alone: list[str]) -> Iterator[Problem]:
        """Labels that nobody asks for. With a channel number they are misnamed, not superfluous."""
        for case in alone:
            path = str(labels.folder / (case + labels.ending))
            yield Problem("label-without-image", path, case)
        yield from twin_problems(labels)
        for name in labels.other_images:
            yield Problem("other-ending", str(labels.folder / name), None, {"ending": labels.ending})

    def _listed(self) -> list[CaseFiles]:
        """The cases that dataset.json names one by one (v2.2 and newer)."""
        entries = as_object(self.dataset.content["dataset"])
        return [self._entry(case, as_object(entry)) for case, entry in entries.items()]

    def _entry(self, case: str, entry: dict[str, object]) -> CaseFiles:
        images, label = as_strings(entry.get("images")), as_str(entry.get("label"))
        paths = [self._path(name) for name in images]
        if not images or label is None:
            self.problems.append(Problem("dataset-entry-incomplete", str(self.dataset.path), case))
        for path in (*paths, *([self._path(label)] if label else [])):
            if not is_file(Path(path)):
                self.problems.append(Problem("listed-file-missing", path, case))
        there = label is not None and is_file(Path(self._path(label)))
        return CaseFiles(
            case, [path for path in paths if is_file(Path(path))], self._path(label) if label and there else None
        )

    def _path(self, name: str) -> str:
        """As nnU-Net resolves it: variables expanded (v2.6.0 and newer), relative to the dataset's folder."""
        return str(self.root / os.path.expandvars(name))

    def _number_problems(self) -> Iterator[Problem]:
        declared = as_int(self.dataset.content.get("numTraining"))
        if declared is not None and declared != len(self.cases):
            values = {"declared": str(declared), "found": str(len(self.cases))}
            yield Problem("num-training", str(self.dataset.path), None, values)
        if 0 < len(self.cases) < 5 and not self._has_own_splits():
            yield Problem("few-cases", str(self.root), None, {"found": str(len(self.cases))})

    def _reader_problems(self) -> Iterator[Problem]:
        words = ending_problem(self.dataset.file_ending or ".nii.gz", self.dataset.reader)
        if words is not None:
            yield Problem("no-reader", str(self.dataset.path), None, {"detail": words})

    def _has_own_splits(self) -> bool:
        root = Variables(os.environ).folder("nnUNet_preprocessed")
        return root is not None and is_file(root / self.root.name / "splits_final.json")
