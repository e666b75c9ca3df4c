"""Real folders and files for the tests of this room."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from collections.abc import Iterable
from math import prod
from pathlib import Path

from nndoctor.facts import Fact, FactValue, Missing

CORPUS = Path("/work/shared/corpus/json")

DATASET_JSON = {
    "channel_names": {"0": "T1", "1": "T2"},
    "labels": {"background": 0, "tumour": 1},
    "numTraining": 3,
    "file_ending": ".nii.gz",
}
CONFIGURATION = {
    "data_identifier": "nnUNetPlans_3d_fullres",
    "preprocessor_name": "DefaultPreprocessor",
    "batch_size": 2,
    "patch_size": [32, 64, 64],
    "spacing": [3.0, 1.0, 1.0],
    "normalization_schemes": ["ZScoreNormalization", "ZScoreNormalization"],
    "use_mask_for_norm": [False, False],
    "architecture": {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": 3,
            "features_per_stage": [32, 64, 128],
            "kernel_sizes": [[3, 3, 3]] * 3,
            "strides": [[1, 1, 1], [2, 2, 2], [1, 2, 2]],
            "n_conv_per_stage": [2, 2, 2],
            "n_conv_per_stage_decoder": [2, 2],
        },
    },
}
PLANS = {
    "dataset_name": "Dataset004_Test",
    "plans_name": "nnUNetPlans",
    "image_reader_writer": "SimpleITKIO",
    "transpose_forward": [0, 1, 2],
    "transpose_backward": [0, 1, 2],
    "configurations": {"3d_fullres": CONFIGURATION},
}


def write_json(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def nifti_bytes(shape: tuple[int, ...], spacing: tuple[float, ...] = (1.0, 1.0, 1.0), order: str = "<") -> bytes:
    """A whole NIfTI-1 file of int16 noise, by the specification; `nibabel` and `SimpleITK` read it."""
    header = bytearray(352)
    struct.pack_into(f"{order}i", header, 0, 348)
    struct.pack_into(f"{order}8h", header, 40, len(shape), *shape, *[1] * (7 - len(shape)))
    struct.pack_into(f"{order}2h", header, 70, 4, 16)
    struct.pack_into(f"{order}8f", header, 76, 1.0, *spacing, *[1.0] * (7 - len(spacing)))
    struct.pack_into(f"{order}f", header, 108, 352.0)
    header[344:348] = b"n+1\0"
    count = prod(shape)
    return bytes(header) + struct.pack(f"{order}{count}h", *((number * 7919) % 30011 for number in range(count)))


def write_image(folder: Path, name: str, shape: tuple[int, ...] = (6, 5, 4), **kwargs: tuple[float, ...]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    data = nifti_bytes(shape, **kwargs)
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def write_checkpoint(path: Path) -> Path:
    """A file laid out as torch.save does since 1.6: a stored zip. Its pickle would fail if anybody loaded it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02cos\nsystem\n(S'false'\ntR.")
        for number in range(5):
            archive.writestr(f"archive/data/{number}", bytes(2000))
        archive.writestr("archive/version", b"3\n")
    return path


def write_model(root: Path, name: str = "nnUNetTrainer__nnUNetPlans__3d_fullres", folds: Iterable[str] = "01") -> Path:
    model = root / name
    write_json(model / "dataset.json", DATASET_JSON)
    write_json(model / "plans.json", PLANS)
    for fold in folds:
        write_checkpoint(model / f"fold_{fold}" / "checkpoint_final.pth")
    return model


def cut(path: Path, keep: float = 0.5) -> Path:
    """The same file with its end cut off."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


def values(statements: Iterable[Fact | Missing]) -> dict[str, FactValue]:
    return {fact.name: fact.value for fact in statements if isinstance(fact, Fact)}


def gaps(statements: Iterable[Fact | Missing]) -> dict[str, str]:
    return {gap.name: gap.reason for gap in statements if isinstance(gap, Missing)}
