"""Whether nnU-Net compiles, against nnU-Net's own trainers of the lab and what its sources of each release say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.probe import seen
from nndoctor.machine.torch_compile import torch_compile_facts

LAB = {"2.8.1": "v281", "2.3.1": "v231"}


def told(version: str, system: str = "linux", **variables: str) -> tuple[object, object]:
    facts = Facts(
        torch_compile_facts(Facts([seen("nnunetv2.version", version, ""), seen("os.name", system, "")]), variables)
    )
    return facts.value("torch.compile_training"), facts.value("torch.compile_prediction")


@pytest.mark.parametrize("version", sorted(LAB))
def test_nnunets_own_trainer_says_the_same(version: str) -> None:
    python = Path(f"/tmp/lab/{LAB[version]}/bin/python")
    if not python.exists():
        pytest.skip("no nnU-Net of the lab on this machine")
    code = (
        "import os, torch\nfrom types import SimpleNamespace\n"
        "from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer\n"
        "trainer = SimpleNamespace(device=torch.device('cuda'), print_to_log_file=print)\n"
        "for value in (None, 'T', '0', 'yes'):\n"
        "    os.environ.pop('nnUNet_compile', None) if value is None else os.environ.update(nnUNet_compile=value)\n"
        "    print('compiles', nnUNetTrainer._do_i_compile(trainer))"
    )
    env = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
    done = subprocess.run([python, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=120)
    said = [line.split()[1] == "True" for line in done.stdout.splitlines() if line.startswith("compiles")]
    assert said == [
        told(version)[0],
        *(told(version, nnUNet_compile=value)[0] for value in ("T", "0", "yes")),
    ]


@pytest.mark.parametrize(
    ("version", "system", "variables", "expected"),
    [
        ("2.1.1", "linux", {"nnUNet_compile": "1"}, (False, False)),
        ("2.4.2", "windows", {}, (True, False)),
        ("2.5", "windows", {"nnUNet_compile": "true"}, (False, True)),
        ("2.6.2", "macos", {"nnUNet_compile": "f"}, (False, False)),
    ],
)
def test_releases_and_systems(
    version: str, system: str, variables: dict[str, str], expected: tuple[bool, bool]
) -> None:
    assert told(version, system, **variables) == expected


def test_an_unknown_release_says_nothing() -> None:
    facts = Facts(torch_compile_facts(Facts(), {}))
    assert facts.why_missing("torch.compile_training") == "the version of nnunetv2 is not known"
