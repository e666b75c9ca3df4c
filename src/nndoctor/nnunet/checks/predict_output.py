"""The output folder of a prediction: can it be written, is there room, what lies in it already
(nnUNetPredictor.predict_from_files and inference/export_prediction.py, v2.0 to v2.8.1)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_files import array_problem
from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.examination.examine import examine_file
from nndoctor.nnunet.examination.records import Depth
from nndoctor.nnunet.files import BadFileError, is_file, is_folder

ARGUMENTS = "predict_from_raw_data_args.json"
"""Every prediction leaves this file, dataset.json and plans.json of its model in the output folder."""
DEFLATE_MOST = 1032
"""No stream of zlib is smaller than its content by more (zlib technical details: maximum compression factor)."""
USUAL = 20
"""Segmentations usually shrink to less than a twentieth."""
PROBABILITY_BYTES = 4


@dataclass(frozen=True)
class Output:
    """Where predictions go, and how: `carry_on` is --continue_prediction, `probabilities` --save_probabilities."""

    folder: Path
    ending: str
    carry_on: bool
    probabilities: bool

    def prediction(self, case: str) -> Path:
        return self.folder / (case + self.ending)

    def is_done(self, case: str) -> bool:
        """Whether nnU-Net takes a case for predicted: by the names of its files alone."""
        arrays = self.folder / (case + ".npz")
        return is_file(self.prediction(case)) and (not self.probabilities or is_file(arrays))


def folder_problems(output: Output, source: Path, previous: Path | None) -> Iterator[Problem]:
    """Whether the folder can be made and written, and whether it is one of the other folders."""
    existing = _existing(output.folder)
    if not is_folder(existing):
        yield Problem("output-is-file", str(existing))
    elif not _writable(existing):
        yield Problem("output-not-writable", str(existing))
    if _same(output.folder, source):
        yield Problem("output-is-input", str(output.folder))
    elif previous is not None and _same(output.folder, previous):
        yield Problem("output-is-previous", str(output.folder))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there; nnU-Net makes the rest (maybe_mkdir_p)."""
    absolute = folder.absolute()
    return next((path for path in (absolute, *absolute.parents) if os.path.lexists(path)), absolute)


def _writable(folder: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=effective)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def room_problems(output: Output, voxels: int, classes: int) -> Iterator[Problem]:
    """Free room against all `voxels` to come: never fewer bytes than deflate can make of them, usually a twentieth."""
    try:
        free = shutil.disk_usage(_existing(output.folder)).free
    except (OSError, ValueError):
        return
    raw = voxels * (1 + (classes * PROBABILITY_BYTES if output.probabilities else 0))
    likely = voxels // USUAL + (voxels * classes * PROBABILITY_BYTES if output.probabilities else 0)
    values = {"free": _size(free), "raw": _size(raw), "likely": _size(likely)}
    if free < raw // DEFLATE_MOST or free == 0:
        yield Problem("output-no-room", str(output.folder), None, values)
    elif free < likely:
        yield Problem("output-little-room", str(output.folder), None, values)


def _size(count: int) -> str:
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >= 1 << power:
            return f"{count / (1 << power):.1f} {unit}"
    return f"{count} bytes"


def leftover_problems(output: Output, cases: Iterable[str], model: Path) -> Iterator[Problem]:
    """Predictions that lie in the folder already: taken for done, or overwritten."""
    if not is_folder(output.folder):
        return
    names = list(cases)
    done = [case for case in names if output.is_done(case)]
    if output.carry_on:
        yield from _kept(output, names, done, model)
    elif not is_file(output.folder / ARGUMENTS):
        yield from _overwritten(output, done)


def _kept(output: Output, cases: list[str], done: list[str], model: Path) -> Iterator[Problem]:
    """Finished cases are skipped, whole or not, of this model or not."""
    for case in done:
        yield from _broken(output, case)
    if done and _of_another(output.folder, model):
        yield Problem("leftover-other-model", str(output.folder), None, {"count": str(len(done))})
    if cases and len(done) == len(cases):
        yield Problem("nothing-left", str(output.folder), None, {"count": str(len(done))})


def _broken(output: Output, case: str) -> Iterator[Problem]:
    record = examine_file(str(output.prediction(case)), Depth.headers, True)
    if record.sound is None:
        detail = record.trouble or record.detail or "it is cut short"
        yield Problem("leftover-broken", record.path, case, {"detail": detail})
    arrays = output.folder / (case + ".npz")
    if output.probabilities and (words := array_problem(arrays)) is not None:
        yield Problem("leftover-broken", str(arrays), case, {"detail": words})


def _of_another(folder: Path, model: Path) -> bool:
    """Whether the plans or labels of the predictions are others than those of the model."""
    return any(_differ(folder / name, model / name) for name in ("plans.json", "dataset.json"))


def _differ(one: Path, other: Path) -> bool:
    try:
        return read_object(one) != read_object(other)
    except BadFileError:
        return False


def _overwritten(output: Output, done: list[str]) -> Iterator[Problem]:
    """Files that no prediction left: labels perhaps, or the dataset.json of a dataset."""
    for case in done:
        yield Problem("output-overwrites", str(output.prediction(case)), case)
    if is_file(output.folder / "dataset.json"):
        yield Problem("output-overwrites", str(output.folder / "dataset.json"))
