"""nnUNet_preprocessed/DATASET: what planning and preprocessing left there, and whether it is whole.

.npz with .pkl up to v2.5.2 (and .npy once training has unpacked them), .b2nd with .pkl from v2.6.0
(nnunetv2/training/dataloading/nnunet_dataset.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.array_files import ENDINGS, array_problem
from nndoctor.nnunet.files import BadFileError, files_in, is_file, is_folder
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("preprocessed.cases", "preprocessed.format", "preprocessed.corrupt", "preprocessed.incomplete")
MOST_FILES = 6_000
THREADS = 8
_PARTNERS = ("pkl", "npy")


@dataclass(frozen=True)
class PreprocessedData:
    """The folder of one configuration and the names of its files."""

    folder: Path
    names: list[str]

    @property
    def format(self) -> str:
        """'b2nd' or 'npz'; 'mixed' when nnU-Net could not tell which (infer_dataset_class); 'none' when empty."""
        endings = {_ending(name) for name in self.names} - set(_PARTNERS)
        if not endings:
            return "none"
        return endings.pop() if len(endings) == 1 else "mixed"

    @property
    def cases(self) -> list[str]:
        """The cases as nnU-Net lists them: the names of the .npz or .b2nd files, without those of segmentations."""
        arrays = {name.removesuffix(".npz") for name in self.names if name.endswith(".npz")}
        frames = {name.removesuffix(".b2nd") for name in self.names if name.endswith(".b2nd")}
        return sorted(arrays | {name for name in frames if not name.endswith("_seg")})

    def incomplete(self) -> Iterator[str]:
        """Cases that lack their .pkl, or the segmentation of their .b2nd; and what lacks its case."""
        present, cases = set(self.names), set(self.cases)
        for case in self.cases:
            partners = [f"{case}.pkl"] + ([f"{case}_seg.b2nd"] if f"{case}.b2nd" in present else [])
            yield from (f"{case}: no {name}" for name in partners if name not in present)
        for name in self.names:
            if name.endswith(".pkl") and cases and name.removesuffix(".pkl") not in cases:
                yield f"{name.removesuffix('.pkl')}: {name} is there, its arrays are not"

    def strangers(self) -> list[str]:
        """Files that are neither of the commonest format nor .pkl or .npy."""
        counted = Counter(_ending(name) for name in self.names if _ending(name) not in _PARTNERS)
        usual = "b2nd" if counted["b2nd"] else "npz" if counted["npz"] else None
        return [name for name in self.names if _ending(name) not in (usual, *_PARTNERS)]


def _ending(name: str) -> str:
    """What nnU-Net takes for the ending: all behind the last dot, the whole name when there is none."""
    return name.rpartition(".")[2]


def preprocessed_facts(dataset: Path | None, identifier: str | None) -> tuple[list[Statement], PreprocessedData | None]:
    """The facts of nnUNet_preprocessed/DATASET and of the folder `identifier` in it (PLANS_CONFIGURATION)."""
    if dataset is None:
        return absent(["preprocessed.exists", *NAMES], "no dataset below nnUNet_preprocessed was given (-d)"), None
    facts: list[Statement] = [
        state("preprocessed.dataset_exists", is_folder(dataset), dataset),
        state("preprocessed.has_fingerprint", is_file(dataset / "dataset_fingerprint.json"), dataset),
        state("preprocessed.has_gt_segmentations", is_folder(dataset / "gt_segmentations"), dataset),
    ]
    if identifier is None:
        return [*facts, *absent(["preprocessed.exists", *NAMES], "no configuration was given (-c)")], None
    return _of_configuration(facts, dataset / identifier)


def _of_configuration(facts: list[Statement], folder: Path) -> tuple[list[Statement], PreprocessedData | None]:
    facts.append(state("preprocessed.exists", is_folder(folder), folder))
    try:
        data = PreprocessedData(folder, files_in(folder))
    except BadFileError as error:
        return [*facts, *absent(NAMES, f"{folder}: {error}")], None
    return [*facts, *_data_facts(data)], data


def _data_facts(data: PreprocessedData) -> Iterator[Statement]:
    arrays = [name for name in data.names if name.endswith(ENDINGS)]
    yield state("preprocessed.folder", str(data.folder), data.folder)
    yield state("preprocessed.cases", len(data.cases), data.folder)
    yield state("preprocessed.format", data.format, data.folder)
    yield state("preprocessed.files_checked", min(len(arrays), MOST_FILES), data.folder)
    yield from listed("preprocessed.incomplete", list(data.incomplete()), data.folder)
    yield from listed("preprocessed.corrupt", list(_corrupt(data.folder, arrays[:MOST_FILES])), data.folder)


def _corrupt(folder: Path, names: list[str]) -> Iterator[str]:
    with ThreadPoolExecutor(THREADS) as pool:
        problems = pool.map(lambda name: array_problem(folder / name), names)
        yield from (f"{name}: {problem}" for name, problem in zip(names, problems, strict=True) if problem)
