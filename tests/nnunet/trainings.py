"""A small preprocessed dataset with an earlier training, laid out as nnunetv2 2.8.1 leaves it, for tests to break."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.nnunet.folders import CONFIGURATION, DATASET_JSON, PLANS, nifti_bytes, write_checkpoint, write_json

NAME = "Dataset004_Test"
CASES = ("case_1", "case_2", "case_3", "case_4", "case_5", "case_6")
SHAPE = (2, 4, 5, 6)
ROOT_SOURCE = """class nnUNetTrainer(object):
    def __init__(self, plans: dict, configuration: str, fold: int, dataset_json: dict, device="cuda"):
        self.num_epochs = 1000
"""
OWN_SOURCE = """from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

class nnUNetTrainer_250epochs(nnUNetTrainer):
    def __init__(self, plans: dict, configuration: str, fold: int, dataset_json: dict, device="cuda"):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.num_epochs = 250
"""


@dataclass(frozen=True)
class Training:
    """The folders of a training; `package` is where nnunetv2 is installed."""

    root: Path
    configuration: str = "3d_fullres"

    @property
    def raw(self) -> Path:
        return self.root / "nnUNet_raw" / NAME

    @property
    def base(self) -> Path:
        return self.root / "nnUNet_preprocessed" / NAME

    @property
    def data(self) -> Path:
        return self.base / f"nnUNetPlans_{self.configuration}"

    @property
    def model(self) -> Path:
        return self.root / "nnUNet_results" / NAME / f"nnUNetTrainer__nnUNetPlans__{self.configuration}"

    @property
    def fold(self) -> Path:
        return self.model / "fold_0"

    @property
    def package(self) -> Path:
        return self.root / "site-packages" / "nnunetv2"

    @property
    def trainers(self) -> Path:
        return self.package / "training" / "nnUNetTrainer"

    @property
    def environ(self) -> dict[str, str]:
        names = ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")
        return {name: str(self.root / name) for name in names}


def write_training(root: Path, packed: bool = False) -> Training:
    """A healthy one: six cases, splits, no earlier training. `packed`: .npz, as up to v2.5.2."""
    training = Training(root)
    write_json(training.raw / "dataset.json", {**DATASET_JSON, "numTraining": len(CASES)})
    write_json(training.base / "dataset.json", {**DATASET_JSON, "numTraining": len(CASES)})
    write_json(training.base / "nnUNetPlans.json", {**PLANS, "dataset_name": NAME})
    write_json(training.base / "dataset_fingerprint.json", {"spacings": [[1, 1, 1]] * len(CASES)})
    write_json(training.base / "splits_final.json", splits())
    for case in CASES:
        write_raw(training, case)
        (write_npz if packed else write_b2nd)(training.data, case)
    (training.root / "nnUNet_results").mkdir()
    write_text(training.package / "imageio" / "simpleitk_reader_writer.py", "class SimpleITKIO: pass")
    write_text(training.trainers / "nnUNetTrainer.py", ROOT_SOURCE)
    write_text(training.trainers / "variants" / "nnUNetTrainer_250epochs.py", OWN_SOURCE)
    for package in (training.package, training.trainers / "variants"):
        write_text(package / "__init__.py", "")
    return training


def splits() -> list[dict[str, list[str]]]:
    """Five folds of the six cases."""
    parts = [[CASES[0], CASES[5]], *([case] for case in CASES[1:5])]
    return [{"train": [case for case in CASES if case not in val], "val": val} for val in parts]


def write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_raw(training: Training, case: str) -> None:
    """Two channels, a label, and its copy in gt_segmentations."""
    for folder in ("imagesTr", "labelsTr"):
        (training.raw / folder).mkdir(exist_ok=True)
    (training.base / "gt_segmentations").mkdir(exist_ok=True)
    data = nifti_bytes((6, 5, 4))
    for channel in ("0000", "0001"):
        (training.raw / "imagesTr" / f"{case}_{channel}.nii.gz").write_bytes(gzip.compress(data))
    for folder in (training.raw / "labelsTr", training.base / "gt_segmentations"):
        (folder / f"{case}.nii.gz").write_bytes(gzip.compress(data))


def frame(shape: tuple[int, ...]) -> bytes:
    """A Blosc2 frame with the layer b2nd, as c-blosc2 lays them out (README_CFRAME_FORMAT), 400 bytes and the trailer's end."""
    axes = b"".join(b"\xd3" + struct.pack(">q", axis) for axis in shape)
    layer = bytes((0x97, 0, len(shape), 0x90 | len(shape))) + axes
    index = b"\x93\xcd\x00\x11\xde\x00\x01\xa4b2nd\xd2" + struct.pack(">I", 107) + b"\xdc\x00\x01"
    head = bytearray(107)
    head[:11] = b"\x9e\xa8b2frame\x00"
    head[107 - len(index) :] = index
    trailer = b"\xce" + struct.pack(">I", 35) + b"\xd8" + bytes(17)
    data = bytes(head) + b"\xc6" + struct.pack(">I", len(layer)) + layer + bytes(400) + trailer
    return data[:15] + b"\xcf" + struct.pack(">Q", len(data)) + data[24:]


def write_b2nd(folder: Path, case: str, shape: tuple[int, ...] = SHAPE) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{case}.b2nd").write_bytes(frame(shape))
    (folder / f"{case}_seg.b2nd").write_bytes(frame((1, *shape[1:])))
    (folder / f"{case}.pkl").write_bytes(properties(shape))


def properties(shape: tuple[int, ...]) -> bytes:
    """What preprocessing writes beside a case: here of an image with the spacing of the plans."""
    kept = {"spacing": [3.0, 1.0, 1.0], "shape_after_cropping_and_before_resampling": shape[1:]}
    return pickle.dumps(kept, protocol=4)


def npy(shape: tuple[int, ...], kind: str) -> bytes:
    """An array of zeros as numpy.save writes it."""
    size = int(kind[-1])
    for axis in shape:
        size *= axis
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(size)


def write_npz(folder: Path, case: str, shape: tuple[int, ...] = SHAPE) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.npy", npy(shape, "<f4"))
        archive.writestr("seg.npy", npy((1, *shape[1:]), "|i1"))
    (folder / f"{case}.npz").write_bytes(held.getvalue())
    (folder / f"{case}.pkl").write_bytes(properties(shape))


def write_log(fold: Path, epochs: int, seconds: float = 100.0, done: bool = False) -> None:
    """training_log of epochs 0 to `epochs` - 1."""
    stamp = "2026-11-22 15:56:12.350405:"
    lines = [f"{stamp} Epoch {number} \n{stamp} Epoch time: {seconds} s \n" for number in range(epochs)]
    lines += [f"{stamp} Training done. \n"] if done else []
    write_text(fold / "training_log_2026_11_22_15_56_10.txt", "".join(lines))


def write_trained(training: Training, checkpoint: str, epoch: int, epochs: int = 0) -> Path:
    """An earlier training: a checkpoint at an epoch, and a log of `epochs` epochs."""
    path = write_checkpoint(training.fold / checkpoint)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(
            "archive/more.pkl", b"X\x0d\x00\x00\x00current_epochr\x01\x00\x00\x00M" + struct.pack("<H", epoch)
        )
    write_json(training.model / "plans.json", {**PLANS, "dataset_name": NAME})
    write_json(training.model / "dataset.json", {**DATASET_JSON, "numTraining": len(CASES)})
    if epochs:
        write_log(training.fold, epochs)
    return path


def change(path: Path, edit: Callable[[object], object]) -> None:
    """Edits a JSON file; what `edit` returns is written, or the value that it changed in place."""
    value = json.loads(path.read_text(encoding="utf-8"))
    changed = edit(value)
    write_json(path, value if changed is None else changed)


def configuration(**settings: object) -> dict[str, object]:
    """The configuration 3d_fullres with other settings."""
    return {**CONFIGURATION, **settings}
