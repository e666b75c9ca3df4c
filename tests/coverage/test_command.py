"""`nndoctor rules coverage` as a user runs it: over small sources, and over a real nnunetv2 where one is installed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nndoctor.coverage.packages import installed_packages, source_packages
from tests.cli.running import nndoctor

LAB_PYTHON = os.environ.get("NNDOCTOR_LAB_PYTHON")
REAL_SITES = 400
KNOWN = 'raise RuntimeError("Some background workers are no longer alive")\n'
UNKNOWN = 'def read(path):\n    raise OddError(f"the zorblax of {path} is 180\u00b0 off")\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one site that the rules know and one that they cannot know."""
    package = tmp_path / "nnunetv2"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit  # never imported\n", encoding="utf-8")
    (package / "known.py").write_text(KNOWN, encoding="utf-8")
    (package / "odd.py").write_text(UNKNOWN, encoding="utf-8")
    return tmp_path


def test_text_names_the_open_site(checkout: Path) -> None:
    done = nndoctor("rules", "coverage", "--source", checkout, env={"PYTHONIOENCODING": "ascii"})
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "nnunetv2/odd.py:2  read  OddError: the zorblax of {} is 180" in text
    assert "known.py" not in text


def test_json_holds_every_site(checkout: Path) -> None:
    told = json.loads(nndoctor("rules", "coverage", "--source", checkout, "--format", "json").stdout)
    states = {site["file"]: site["state"] for site in told["sites"]}
    assert states["nnunetv2/known.py"] == "covered" and states["nnunetv2/odd.py"] == "open"
    assert sum(told["counts"].values()) == len(told["sites"])


@pytest.mark.parametrize(("least", "code"), [("1.0", 1), ("0.1", 0)])
def test_min_decides_the_exit_code(checkout: Path, least: str, code: int) -> None:
    assert nndoctor("rules", "coverage", "--source", checkout, "--min", least).returncode == code


def test_wrong_usage_and_unreadable_sources(checkout: Path, tmp_path: Path) -> None:
    both = nndoctor("rules", "coverage", "--source", checkout, "--python", "python3")
    assert both.returncode == 2 and b"exclude each other" in both.stderr
    (checkout / "nnunetv2" / "odd.py").write_text("def (:\n", encoding="utf-8")
    broken = nndoctor("rules", "coverage", "--source", checkout)
    assert broken.returncode == 3 and b"odd.py" in broken.stderr
    nothing = nndoctor("rules", "coverage", "--source", tmp_path / "nowhere")
    assert nothing.returncode == 3 and b"no nnunetv2 here" in nothing.stderr
    missing = nndoctor("rules", "coverage", "--python", tmp_path / "no-python")
    assert missing.returncode == 3 and b"Traceback" not in missing.stderr


def test_the_folder_may_be_the_package_itself(checkout: Path) -> None:
    assert source_packages(checkout / "nnunetv2") == source_packages(checkout) == [checkout / "nnunetv2"]


def _real() -> list[Path]:
    packages = installed_packages(LAB_PYTHON) if LAB_PYTHON else []
    if "nnunetv2" not in [each.name for each in packages]:
        pytest.skip("no nnunetv2: run tests/live/install_lab.sh and set NNDOCTOR_LAB_PYTHON")
    return packages


def test_a_real_installation() -> None:
    packages = _real()
    told = json.loads(nndoctor("rules", "coverage", "--python", LAB_PYTHON or "", "--format", "json").stdout)
    assert len(told["sites"]) > REAL_SITES and told["packages"] == [str(each) for each in packages]
    assert "batchgeneratorsv2" in [each.name for each in packages]
    causes = {site["message"]: site["causes"] for site in told["sites"]}
    assert any("background-worker-died" in found for found in causes.values())
    assert told["share"] >= 0.85
