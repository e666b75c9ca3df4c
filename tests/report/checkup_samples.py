"""Diagnoses of checks: one of a dataset with faults, one that found nothing."""

from __future__ import annotations

import struct
import zlib

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Evidence, Finding, Fix, Forecast, Place
from nndoctor.facts import Fact, Provenance

GIB = 2**30
ROOT = "/home/hmueller/study/nnUNet_raw/Dataset012_CharitePankreas"
CUT = 30


def png(shade: int = 128) -> bytes:
    """A real picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def name(number: int) -> str:
    return f"Mueller_Hans_{number}"


def faulty() -> Diagnosis:
    """Thirty cut files of which the report keeps twenty, a warning, a hint, and memory that does not suffice."""
    cut = [_cut(name(number)) for number in range(CUT - 10)]
    turned = Place("mixed-orientation", f"{ROOT}/imagesTr", f"{name(3)}: LPS, usual is RAS", name(3))
    stray = Place("stray-file", f"{ROOT}/imagesTr/Thumbs.db", "imagesTr/Thumbs.db")
    return Diagnosis(
        "diagnosed",
        [
            _finding(1, "image-truncated", "error", cut, CUT),
            _finding(2, "mixed-orientation", "warning", [turned], 1),
            _finding(3, "stray-file", "info", [stray], 1),
        ],
        None,
        [Fact("dataset.channels", 2, Provenance("nnunet", f"{ROOT}/dataset.json"))],
        [],
        [],
        "here: nndoctor check dataset",
        ["a note"],
        [],
        Checkup("dataset", ROOT, 40, 120, 0, "labels", 1.25, _table(), _forecast(), [*cut, turned, stray]),
    )


def sound() -> Diagnosis:
    """Nothing was found."""
    checkup = Checkup(
        "dataset", ROOT, 1, 3, 3, "deep", 0.2, [CaseEntry("liver_1", [], [9, 9, 9], [1.0, 1.0, 2.5], 1)], []
    )
    return Diagnosis("no-failure", [], None, [], [], [], "here: nndoctor check dataset", [], [], checkup)


def _cut(case: str) -> Place:
    detail = "ends after 44 of the 348 bytes of its header"
    path = f"imagesTr/{case}_0000.nii.gz"
    return Place("image-truncated", f"{ROOT}/{path}", f"{path}: {detail}", case, {"detail": detail})


def _finding(rank: int, kind: str, severity: str, places: list[Place], count: int) -> Finding:
    fixes = [
        Fix("check", "diagnostic", f"Look at {kind}", f"ls -l '{kind}'", "nothing is changed"),
        Fix("copy-of-data", "cause", f"Copy {kind} again", None, undo="nothing to undo"),
    ]
    evidence = [Evidence("fact", place.where, place.text, 0.0) for place in places[:12]]
    return Finding(
        rank, f"cause-of-{kind}", f"Title of {kind}", 1.0, severity, f"nnU-Net minds {kind}.",  # type: ignore[arg-type]
        evidence, [], [], [f"cause-of-{kind}"], fixes, kind, count,
    )  # fmt: skip


def _table() -> list[CaseEntry]:
    return [_entry(number) for number in range(22)]


def _entry(number: int) -> CaseEntry:
    case = name(number)
    images = [f"{ROOT}/imagesTr/{case}_000{channel}.nii.gz" for channel in range(2)]
    label = f"{ROOT}/labelsTr/{case}.nii.gz"
    problems = (["image-truncated"] if number < 20 else []) + (["mixed-orientation"] if number == 3 else [])
    return CaseEntry(case, [*images, label], [512, 512, 90 + number], [0.7, 0.7, 2.5], 2, problems, label)


def _forecast() -> list[Forecast]:
    return [
        Forecast("fingerprint", name(4), 2 * GIB, 8, 19 * GIB, 14 * GIB, 24 * GIB, "-npfp", None, None, "fingerprint"),
        Forecast("export", name(4), 17 * GIB, 3, 46 * GIB, 41 * GIB, 24 * GIB, "-nps", 1, 17 * GIB, "export"),
        Forecast("preprocess", name(4), 30 * GIB, 3, 95 * GIB, 90 * GIB, 24 * GIB, "-np", 0, None, "preprocess"),
        Forecast("gpu", None, 7 * GIB, 1, 12 * GIB, 7 * GIB, None, None, None, None, "gpu"),
    ]
