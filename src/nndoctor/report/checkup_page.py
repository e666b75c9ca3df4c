"""What the HTML page of a check is made of: pictures as data, and the functions that its template calls."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis
from nndoctor.report import checkup_view

FEW = 12
"""Places that are shown before the reader unfolds the others."""

CHECKUP_WORDS: Mapping[str, Callable[..., object] | int] = {
    "few": FEW,
    "verdict": checkup_view.verdict,
    "summary": checkup_view.summary,
    "looked_at": checkup_view.looked_at,
    "suspicious": checkup_view.suspicious,
    "sound": checkup_view.sound,
    "places_of": checkup_view.places_of,
    "times": checkup_view.times,
    "shape_text": checkup_view.shape_text,
    "spacing_text": checkup_view.spacing_text,
    "workers_text": checkup_view.workers_text,
    "way_out": checkup_view.way_out,
    "needs": checkup_view.needs,
    "stage_name": checkup_view.stage_name,
    "size": checkup_view.size,
}


def checkup_parts(d: Diagnosis, checkup: Checkup) -> dict[str, object]:
    """The pictures with their cases, and the number of the section in which a kind of problem is explained."""
    numbers = {finding.problem: number for number, finding in enumerate(d.findings, 1)}
    shown = [(entry, _data(d.thumbnails[entry.case])) for entry in checkup.table if entry.case in d.thumbnails]
    return {"pictures": _once(shown), "numbers": numbers}


def _once(shown: list[tuple[CaseEntry, str]]) -> list[tuple[CaseEntry, str]]:
    return list({entry.case: (entry, picture) for entry, picture in shown}.values())


def _data(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
