"""One folder of preprocessed cases is judged: is every file there and whole, do the arrays fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_files import ENDINGS, array_problem
from nndoctor.nnunet.array_headers import array_header
from nndoctor.nnunet.preprocessed import PreprocessedData

THREADS = 8
_SEGMENTATIONS = ("_seg.b2nd", "_seg.npy")
Shape = tuple[int, ...]
Seen = tuple[str | None, Shape | None]
"""What is wrong with a file, and the shape of its array; None where there is none."""


@dataclass(frozen=True)
class DataCheck:
    """What is checked, and what it is compared with.

    cases     those of the raw data, none when they are not known
    channels  that the plans count on; None when they do not say
    infers    whether nnU-Net tells the format by the endings of all files (infer_dataset_class, v2.6.0 and newer)
    """

    data: PreprocessedData
    cases: list[str]
    channels: int | None = None
    infers: bool | None = None
    threads: int = THREADS


def data_problems(check: DataCheck) -> Iterator[Problem]:
    """Everything wrong with the folder. Every file is opened once, few bytes of it are read."""
    data = check.data
    looked = dict(_looked(check))
    shapes = {name: shape for name, (_, shape) in looked.items() if shape is not None}
    for name, (problem, _) in looked.items():
        if problem is not None:
            yield Problem(_kind(name, problem, looked, shapes), str(data.folder / name), None, {"detail": problem})
    yield from _shape_problems(check, shapes)
    for detail in data.incomplete():
        yield Problem("preprocessed-incomplete", str(data.folder), detail.partition(":")[0], {"detail": detail})
    yield from _stranger_problems(check)
    yield from _case_problems(check)


def shapes_of(data: PreprocessedData, cases: list[str]) -> Iterator[tuple[str, Shape]]:
    """The shape of each of these cases, channels first, where its file tells it."""
    present = set(data.names)
    for case in cases:
        name = next((f"{case}{ending}" for ending in (".b2nd", ".npz") if f"{case}{ending}" in present), None)
        header = array_header(data.folder / name) if name is not None else None
        if header is not None:
            yield case, header.shape


def _looked(check: DataCheck) -> Iterator[tuple[str, Seen]]:
    names = [name for name in check.data.names if name.endswith(ENDINGS)]
    with ThreadPoolExecutor(max(1, check.threads)) as pool:
        yield from zip(names, pool.map(lambda name: _look(check.data.folder / name), names), strict=True)


def _look(path: Path) -> Seen:
    problem = array_problem(path)
    header = array_header(path) if problem is None and path.suffix != ".pkl" else None
    return problem, None if header is None else header.shape


def _kind(name: str, problem: str, looked: dict[str, Seen], shapes: dict[str, Shape]) -> str:
    if _is_unpacked(name, shapes):
        return "preprocessed-packed-corrupt"
    packed = looked.get(f"{name.removesuffix('.npy').removesuffix('_seg')}.npz")
    again = name.endswith(".npy") and problem.startswith("truncated") and packed is not None and packed[0] is None
    return "preprocessed-unpacked-cut" if again else "preprocessed-corrupt"


def _is_unpacked(name: str, shapes: dict[str, Shape]) -> bool:
    """Whether a .npz is not read any more, because its .npy files are there and whole."""
    stem = name.removesuffix(".npz")
    return name.endswith(".npz") and f"{stem}.npy" in shapes and f"{stem}_seg.npy" in shapes


def _shape_problems(check: DataCheck, shapes: dict[str, Shape]) -> Iterator[Problem]:
    """Arrays are channels, z, y, x; a segmentation has the same z, y, x."""
    for name, shape in shapes.items():
        if name.endswith(_SEGMENTATIONS):
            continue
        stem, _, ending = name.rpartition(".")
        partner = shapes.get(f"{stem}_seg.{ending}")
        where = str(check.data.folder / name)
        if len(shape) != 4:
            values = {"found": _axes(shape), "expected": "4 axes"}
            yield Problem("preprocessed-shape", where, stem, values)
        elif partner is not None and partner[1:] != shape[1:]:
            values = {"found": _axes(shape[1:]), "expected": f"the segmentation has {_axes(partner[1:])}"}
            yield Problem("preprocessed-shape", where, stem, values)
        elif check.channels is not None and shape[0] != check.channels:
            values = {"found": str(shape[0]), "expected": str(check.channels)}
            yield Problem("preprocessed-channels", where, stem, values)


def _axes(shape: Shape) -> str:
    return " x ".join(map(str, shape))


def _stranger_problems(check: DataCheck) -> Iterator[Problem]:
    """Files that leave nnU-Net unable to tell the format: it stops at the first file of a third kind."""
    data = check.data
    if data.format != "mixed" or check.infers is False:
        return
    certain = check.infers or any(name.endswith(".b2nd") for name in data.names)
    for name in data.strangers():
        yield Problem("preprocessed-mixed" if certain else "preprocessed-stranger", str(data.folder / name))


def _case_problems(check: DataCheck) -> Iterator[Problem]:
    there, folder = set(check.data.cases), str(check.data.folder)
    for case in sorted(set(check.cases) - there) if there else []:
        yield Problem("case-not-preprocessed", folder, case)
    for case in sorted(there - set(check.cases)) if check.cases else []:
        detail = f"the preprocessed case {case} is not in the dataset any more"
        yield Problem("preprocessed-stale", folder, case, {"detail": detail})
