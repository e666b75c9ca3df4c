"""A small rules folder of invented causes, so that the engine's behaviour is tested apart from its knowledge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nndoctor.consultation import diagnose_text
from nndoctor.diagnosis.compile import compile_rules
from nndoctor.diagnosis.model import Diagnosis

Diagnose = Callable[[str], Diagnosis]


def write_rule(folder: Path, cause: str, **changes: object) -> None:
    """A whole rule whose single sign is a line that names the cause, unless the changes say otherwise."""
    rule: dict[str, object] = {
        "id": cause,
        "title": f"title of {cause}",
        "explanation": "because",
        "prior": "common",
        "evidence": [{"text": f"line of {cause}", "weight": "decisive"}],
        "ask": [{"text": "look"}],
        **changes,
    }
    path = folder / "family" / f"{cause}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(rule), encoding="utf-8")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    for answer in ("unknown", "no-failure", "not-nnunet"):
        write_rule(folder, answer, evidence=[], severity="info")
    (folder / "common").mkdir()
    (folder / "common" / "nnunet.yaml").write_text("- nnunetv2\n", encoding="utf-8")
    (folder / "common" / "failures.yaml").write_text('- "something failed"\n', encoding="utf-8")
    return folder


@pytest.fixture
def diagnose(rules: Path) -> Diagnose:
    return lambda text: diagnose_text(f"nnunetv2\n{text}", "log.txt", compile_rules(rules))
