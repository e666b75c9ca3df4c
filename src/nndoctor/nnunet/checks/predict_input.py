"""The input folder of a prediction by the names of its files
(create_lists_from_splitted_dataset_folder in utilities/utils.py, _manage_input_and_output_lists in
inference/predict_from_raw_data.py; v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.folder_files import NUMBERED, FolderFiles, problems_of_images, read_folder
from nndoctor.nnunet.examination.records import CaseFiles
from nndoctor.nnunet.files import is_file
from nndoctor.nnunet.input_folder import ending_of


class InputFiles:
    """The cases of an input folder and the problems that their names show. Reads one folder, opens no image."""

    def __init__(self, folder: Path, ending: str) -> None:
        self.folder = folder
        self.files = read_folder(folder, ending)
        self.problems = list(_problems(self.files)) if self.files is not None else [_nowhere(folder)]

    def cases(self, previous: Path | None, part_id: int, num_parts: int) -> list[CaseFiles]:
        """The cases of this part, each with its prediction of the `previous` stage as label, where that is there."""
        if self.files is None:
            return []
        named = sorted(self.files.cases().items())[part_id::num_parts]
        return [self._case(case, names, previous) for case, names in named]

    def _case(self, case: str, names: list[str], previous: Path | None) -> CaseFiles:
        assert self.files is not None
        earlier = previous / (case + self.files.ending) if previous is not None else None
        label = str(earlier) if earlier is not None and is_file(earlier) else None
        return CaseFiles(case, [str(self.folder / name) for name in names], label)


def _nowhere(folder: Path) -> Problem:
    what = "a file, and nnU-Net wants a folder" if is_file(folder) else "not there, or it cannot be listed"
    return Problem("input-missing", str(folder), None, {"what": what})


def _problems(files: FolderFiles) -> Iterator[Problem]:
    """As in a dataset; but cases that are passed over get no prediction, and nobody says so."""
    cases = files.cases()
    for problem in problems_of_images(files):
        yield _for_prediction(problem, cases)


def _for_prediction(problem: Problem, cases: Mapping[str, object]) -> Problem:
    name = Path(problem.where).name
    stem = name.removesuffix(ending_of(name))
    if problem.kind == "other-ending" and NUMBERED.search(stem) and stem[:-5] not in cases:
        return msgspec.structs.replace(problem, kind="case-passed-over", case=stem[:-5])
    return problem
