"""The page of figures: what it counts, that its diagram is a picture, that recorded outcomes come back as they were."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nndoctor.evaluation.cases import Case
from nndoctor.evaluation.outcomes import Outcome
from nndoctor.evaluation.recorded import COLUMNS, read_outcomes, rows
from nndoctor.evaluation.reliability import expected_calibration_error, reliability
from nndoctor.evaluation.report import write_report
from nndoctor.logs import SourceError
from tests.cli.running import FIXTURES, nndoctor


def outcome(name: str, label: str, *said: str, confidence: float = 0.9, status: str = "diagnosed") -> Outcome:
    return Outcome(Case(name, Path(name), label, [], None, None), status, list(said), confidence, None, 36.0)


OUTCOMES = [
    outcome("a", "disk-full", "disk-full", confidence=0.95),
    outcome("b", "disk-full", "shm-too-small", "disk-full", confidence=0.85),
    outcome("c", "unknown", "unknown", confidence=0.45, status="undetermined"),
]


def test_bins_and_error() -> None:
    bins = {each.low: each for each in reliability(OUTCOMES) if each.cases}
    assert {low: each.accuracy for low, each in bins.items()} == {0.9: 1.0, 0.8: 0.0, 0.4: 1.0}
    assert expected_calibration_error(OUTCOMES) == pytest.approx((0.05 + 0.85 + 0.55) / 3)


def test_page_and_diagram(tmp_path: Path) -> None:
    page, diagram = write_report(tmp_path / "accuracy.md", {"some": OUTCOMES})
    text = page.read_text(encoding="utf-8")
    assert "| some | 3 | 66.7% | 100.0% |" in text
    assert "| `disk-full` | 2 | 50.0% | `shm-too-small` (1) |" in text
    assert "33.3% | 50.0% |" in text
    drawn = ElementTree.fromstring(diagram.read_text(encoding="utf-8"))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 3


def test_recorded_outcomes_come_back(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows("first", OUTCOMES)])
    again = read_outcomes(path)
    assert [(each.case.name, each.first, each.top1, each.confidence) for each in again] == [
        (f"first/{each.case.name}", each.first, each.top1, each.confidence) for each in OUTCOMES
    ]


def test_another_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no recorded outcomes"):
        read_outcomes(tmp_path / "other.csv")
    done = nndoctor("evaluate", tmp_path / "other.csv")
    assert done.returncode == 3 and b"Traceback" not in done.stderr


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    case = FIXTURES / "paths-and-system" / "disk-full"
    done = nndoctor("evaluate", case, "--brief", "--report", tmp_path / "page.md")
    assert done.returncode == 0 and b"page.svg" in done.stderr
    assert "# How often nndoctor is right" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    done = nndoctor("evaluate", FIXTURES / "paths-and-system" / "disk-full", "--report", tmp_path / "no" / "page.md")
    assert done.returncode == 3 and b"could not be written" in done.stderr
