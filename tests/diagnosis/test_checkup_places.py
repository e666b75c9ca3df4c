"""The Diagnosis of a check lists its places, at most 200 of a kind, and its cases with the gravest first."""

from __future__ import annotations

from pathlib import Path

from nndoctor.diagnosis.checkup import check_up
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem, ProblemLog

ROOT = Path("data", "Dataset001_X")


def cut(case: str) -> Problem:
    path = ROOT / "imagesTr" / f"{case}_0000.nii.gz"
    return Problem("image-truncated", str(path), case, {"detail": "ends after 4 bytes", "unused": "x" * 99})


def judged(problems: list[Problem], cases: list[CaseEntry]) -> Diagnosis:
    checkup = Checkup("dataset", str(ROOT), len(cases), len(cases), 0, "headers", 0.1, cases, [])
    return check_up(load_rulebook(None, "en"), ProblemLog(problems), Facts([]), checkup, "here", [])


def test_places_are_kept_to_two_hundred_of_a_kind_and_counted_beyond() -> None:
    found = judged([cut(f"c{number}") for number in range(250)], [])
    assert found.checkup is not None and len(found.checkup.places) == 200
    assert found.findings[0].count == 250 and len(found.findings[0].evidence) == 12
    first = found.checkup.places[0]
    assert (first.kind, first.case) == ("image-truncated", "c0")
    assert first.text == found.findings[0].evidence[0].text
    assert first.text == str(Path("imagesTr", "c0_0000.nii.gz")) + ": ends after 4 bytes"


def test_only_values_that_the_sentence_shows_are_kept() -> None:
    found = judged([cut("a")], [])
    assert found.checkup is not None and found.checkup.places[0].values == {"detail": "ends after 4 bytes"}


def test_cases_know_all_their_problems_and_the_gravest_come_first() -> None:
    cases = [CaseEntry("sound", []), CaseEntry("warned", [], problems=["constant-image"]), CaseEntry("cut", [])]
    found = judged([cut("cut"), Problem("constant-image", "x", "warned", {"value": "0"})], cases)
    assert found.checkup is not None
    assert [(entry.case, entry.problems) for entry in found.checkup.table] == [
        ("cut", ["image-truncated"]),
        ("warned", ["constant-image"]),
        ("sound", []),
    ]
