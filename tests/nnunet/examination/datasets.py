"""Small real datasets, healthy and broken."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from nndoctor.nnunet.checks.dataset_files import DatasetFiles
from nndoctor.nnunet.dataset_json import find_dataset_json
from nndoctor.nnunet.examination.records import CaseFiles
from tests.nnunet.folders import cut, nifti_bytes, write_json

LONG_AGO = 1_700_000_000


def write_dataset(root: Path, cases: int, shape: tuple[int, int, int] = (6, 5, 4)) -> Path:
    """A dataset with one channel; every seventh image is cut short, every eleventh label has another shape."""
    image, label, odd = (gzip.compress(nifti_bytes(each)) for each in (shape, shape, (*shape[:2], shape[2] + 1)))
    for folder in ("imagesTr", "labelsTr"):
        (root / folder).mkdir(parents=True)
    for number in range(cases):
        _write(root / "imagesTr" / f"scan_{number:04d}_0000.nii.gz", image)
        _write(root / "labelsTr" / f"scan_{number:04d}.nii.gz", odd if number % 11 == 10 else label)
        if number % 7 == 6:
            _written_long_ago(cut(root / "imagesTr" / f"scan_{number:04d}_0000.nii.gz"))
    labels = {"background": 0, "organ": 1}
    write_json(
        root / "dataset.json",
        {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": cases, "file_ending": ".nii.gz"},
    )
    return root


def cases_of(root: Path) -> list[CaseFiles]:
    _, dataset = find_dataset_json([root])
    assert dataset is not None
    return DatasetFiles(root, dataset).cases


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    _written_long_ago(path)


def _written_long_ago(path: Path) -> None:
    """As data sets are: what changed within two seconds is not remembered."""
    os.utime(path, (LONG_AGO, LONG_AGO))
