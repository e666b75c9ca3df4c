"""Signs of the nnunetv2 version in the text become facts: printed versions, and lines only some versions print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nndoctor.diagnosis.comparison import version_key
from nndoctor.diagnosis.matching import Texts
from nndoctor.diagnosis.ownership import nnunet_package
from nndoctor.diagnosis.rulebook import Marker
from nndoctor.facts import Fact, Provenance

_PRINTED = (
    ("nnunetv2.version", re.compile(r"\bnnunetv2[=\s-]{1,4}v?(\d+\.\d+(?:\.\d+)*)\b")),
    ("nnunetv2.version", re.compile(r"\bnnU?-?[Nn]et(?:v2)? (?:version:? ?)v?(2\.\d+(?:\.\d+)*)\b")),
    ("torch.version", re.compile(r"\b(?:torch|pytorch)(?:[=\s-]{1,4}|\s?version:? ?)v?(\d+\.\d+(?:\.\d+)*(?:\+\w+)?)")),
    ("numpy.version", re.compile(r"\bnumpy(?:[=\s-]{1,4}|\s?version:? ?)v?(\d+\.\d+(?:\.\d+)*)")),
    (
        "python.version",
        re.compile(r"/(?:lib|Lib)(?:64)?/python(3\.\d+)/|\b[Pp]ython (?:version:? ?)?(3\.\d+(?:\.\d+)?)\b"),
    ),
)
_WORDS = ("nnunet", "nnunetv2", "nnUNet", "nnUNetv2", "torch", "pytorch", "numpy", "python", "Python")


def date(texts: Texts, markers: list[Marker]) -> Iterator[Fact]:
    """Printed versions, then the bounds that the markers leave for nnunetv2."""
    yield from _printed(texts)
    yield from _bounds(texts, markers)
    yield from _generation(texts)


def _printed(texts: Texts) -> Iterator[Fact]:
    seen: set[str] = set()
    for index, log in enumerate(texts.logs):
        for line in log.lines:
            if not any(word in line.shown for word in _WORDS):
                continue
            for name, pattern in _PRINTED:
                found = pattern.search(line.shown) if name not in seen else None
                if found is not None:
                    seen.add(name)
                    value = next(group for group in found.groups() if group)
                    yield Fact(name, value, Provenance("text", texts.logs[index].name, line.number))


def _bounds(texts: Texts, markers: list[Marker]) -> Iterator[Fact]:
    found = [(marker, source) for marker in markers if (source := _seen(texts, marker)) is not None]
    lowest = [(marker.min, source) for marker, source in found if marker.min]
    highest = [(marker.max, source) for marker, source in found if marker.max]
    if lowest:
        version, source = max(lowest, key=lambda pair: version_key(pair[0]))
        yield Fact("nnunetv2.version_min", version, source)
    if highest:
        version, source = min(highest, key=lambda pair: version_key(pair[0]))
        yield Fact("nnunetv2.version_max", version, source)


def _seen(texts: Texts, marker: Marker) -> Provenance | None:
    if marker.text:
        found = texts.find(marker.text)
        return Provenance("text", texts.logs[found[0][0].log].name, found[0][0].line) if found else None
    for index, event in texts.exceptions():
        for frame in event.frames:
            if "nnunetv2/" in frame.path and frame.path.endswith("/" + marker.file):
                return Provenance("text", texts.logs[index].name, frame.number)
    return None


def _generation(texts: Texts) -> Iterator[Fact]:
    """1 or 2, by the package in the frames or the commands of the text."""
    for index, event in texts.exceptions():
        for frame in event.frames:
            package = nnunet_package(frame)
            if package is not None:
                major = 2 if package == "nnunetv2" else 1
                yield Fact("log.nnunet_major", major, Provenance("text", texts.logs[index].name, frame.number))
                return
    for word, major in (
        ("nnunetv2", 2),
        ("nnUNetv2_train", 2),
        ("nnUNetv2_predict", 2),
        ("nnUNet_predict", 1),
        ("nnUNetTrainerV2", 1),
    ):
        if word in texts.words:
            place = texts.entries[texts.words[word][0]][0]
            yield Fact("log.nnunet_major", major, Provenance("text", texts.logs[place.log].name, place.line))
            return
