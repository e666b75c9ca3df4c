"""What healthy runs print, against the recorded ones; and what a report makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nndoctor.consultation import diagnose_text
from nndoctor.diagnosis.calibration import calibrated
from nndoctor.diagnosis.healthy import Healthy
from nndoctor.diagnosis.load import load_rulebook, rules_folder
from nndoctor.diagnosis.matching import Texts
from nndoctor.diagnosis.rule_files import load_healthy
from nndoctor.facts import Fact, Facts, Provenance
from nndoctor.logs import read_text
from tests.cli.running import FIXTURES

RUNS = FIXTURES / "no-fault" / "no-failure"
HEALTHY = Healthy(load_healthy(rules_folder()))
BOOK = load_rulebook()
TRAINING = (RUNS / "healthy-train-2.8.1" / "input.txt").read_text(encoding="utf-8")


def _facts(command: str, version: str) -> Facts:
    said = Provenance("text", "log.txt")
    facts = {"log.command_line": command, "nnunetv2.version": version}
    return Facts(Fact(name, value, said) for name, value in facts.items())


@pytest.mark.parametrize("case", sorted(RUNS.glob("healthy-*")), ids=lambda case: case.name)
def test_every_recorded_healthy_run_is_known_and_reaches_its_end(case: Path) -> None:
    told = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))
    texts = Texts([read_text((case / "input.txt").read_text(encoding="utf-8"), "log.txt")], {})
    known, unknown = HEALTHY.familiar(texts)
    assert len(unknown) <= 0.02 * len(known) + 1
    script = told["command"].split()[0]
    reached = HEALTHY.reached(script, texts, _facts(told["command"], str(told["nnunetv2"])))
    assert reached is None or reached.next is None


def test_a_run_that_ends_too_early_says_how_far_it_came() -> None:
    cut = TRAINING[: TRAINING.index("Epoch 0")]
    found = diagnose_text(f"$ nnUNetv2_train 101 3d_fullres 0\n{cut}", book=BOOK)
    says = [sign.says or "" for finding in found.findings for sign in finding.evidence]
    assert found.status == "no-failure" and any("a healthy run goes on with" in each for each in says)


def test_an_unknown_failure_shows_what_no_healthy_run_prints() -> None:
    text = TRAINING.replace("Epoch 0", "Epoch 0\nthe flux capacitor is empty\nFluxError: 88 mph", 1)
    found = diagnose_text(text, book=BOOK)
    shown = [sign.text for sign in found.findings[0].evidence]
    assert (found.status, found.findings[0].cause) == ("undetermined", "unknown")
    assert shown[0] == "FluxError: 88 mph" and any("flux capacitor" in each for each in shown)


def test_no_failure_is_surer_of_a_known_text_than_of_prose() -> None:
    prose = diagnose_text("my nnU-Net results look odd to me\nwhat shall I do now?\n", book=BOOK)
    assert prose.status == "no-failure"
    assert prose.findings[0].confidence < diagnose_text(TRAINING, book=BOOK).findings[0].confidence


def test_calibration_is_linear_between_its_knots_and_silent_beyond() -> None:
    knots = [(0.5, 0.8), (0.9, 0.9)]
    assert calibrated(0.7, knots) == pytest.approx(0.85)
    assert (calibrated(0.5, knots), calibrated(0.9, knots)) == (0.8, 0.9)
    assert (calibrated(0.3, knots), calibrated(0.95, knots), calibrated(0.7, [])) == (0.3, 0.95, 0.7)
