"""Worker counts against nnU-Net's own code, where a lab has it, and against what its sources say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.probe import seen
from nndoctor.machine.workers import worker_facts

LAB = [Path(f"/tmp/lab/{name}/bin/python") for name in ("v281", "v21")]


def told(host: str = "node7", cpus: int = 64, granted: int = 64, version: str = "2.6.2", **variables: str) -> Facts:
    given = [seen("cpu.host", cpus, ""), seen("cpu.granted", granted, ""), seen("nnunetv2.version", version, "")]
    return Facts(worker_facts(Facts(given), variables, host))


@pytest.mark.parametrize("python", LAB, ids=lambda python: python.parts[3])
@pytest.mark.parametrize("variables", [{}, {"nnUNet_n_proc_DA": " 1 ", "nnUNet_def_n_proc": "3"}], ids=["unset", "set"])
def test_nnunet_itself_says_the_same(python: Path, variables: dict[str, str]) -> None:
    if not python.exists():
        pytest.skip("no nnU-Net of the lab on this machine")
    code = (
        "from nnunetv2.utilities.default_n_proc_DA import get_allowed_n_proc_DA as n; print(n())\n"
        "from nnunetv2.configuration import default_num_processes as d; print(d)"
    )
    env = {"PATH": os.environ["PATH"], **variables}
    done = subprocess.run([python, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60)
    facts = Facts(worker_facts(Facts([seen("cpu.host", os.cpu_count() or 1, "")]), variables))
    assert [facts.value("workers.augmentation"), facts.value("workers.default")] == [
        int(line) for line in done.stdout.split()[-2:]
    ]


def test_defaults_and_where_they_come_from() -> None:
    facts = told()
    assert (facts.value("workers.augmentation"), facts.value("workers.augmentation_validation")) == (12, 6)
    assert str(facts.get("workers.augmentation").source) == "nnUNet_n_proc_DA is not set: the default 12"  # type: ignore[union-attr]
    assert [facts.value(f"workers.preprocessing_{name}") for name in ("2d", "3d_fullres", "3d_lowres")] == [8, 4, 8]
    assert [facts.value(f"workers.{name}") for name in ("default", "fingerprint", "prediction_export")] == [8, 8, 3]
    assert facts.value("workers.problems") == []


def test_the_host_caps_what_the_variable_asks_for() -> None:
    facts = told(cpus=4, granted=4, nnUNet_n_proc_DA="32")
    assert (facts.value("workers.augmentation"), facts.value("workers.augmentation_validation")) == (4, 2)
    assert str(facts.get("workers.augmentation").source) == "nnUNet_n_proc_DA: 32, at most the CPUs of the host"  # type: ignore[union-attr]


@pytest.mark.parametrize(("host", "count"), [("e230-dgxa100-3", 28), ("hdf19-gpu17", 16), ("hdf19-gpu02", 12)])
def test_hosts_of_nnunets_own_table(host: str, count: int) -> None:
    assert told(host).value("workers.augmentation") == count


def test_no_workers_at_all() -> None:
    facts = told(nnUNet_n_proc_DA="0")
    assert (facts.value("workers.augmentation"), facts.value("workers.augmentation_validation")) == (0, 0)


@pytest.mark.parametrize("value", ["", "many", "1.5", "-1", "9" * 5000])
def test_a_count_that_cannot_be_used_is_missing(value: str) -> None:
    facts = told(nnUNet_n_proc_DA=value, nnUNet_def_n_proc=value)
    for name in ("workers.augmentation", "workers.augmentation_validation", "workers.default"):
        assert "no number that can be used" in (facts.why_missing(name) or "")


def test_prediction_follows_the_variables_of_its_release_only() -> None:
    assert told(version="2.6.2", nnUNet_npp="1").value("workers.prediction_preprocessing") == 1
    assert told(version="2.5.2", nnUNet_npp="1").value("workers.prediction_preprocessing") == 3
    assert told(version="2.8.1", nnUNet_nps="x").value("workers.prediction_export") == 3


def test_more_workers_than_granted_cpus_are_named() -> None:
    assert told(granted=2).value("workers.problems") == [
        "nnUNet_n_proc_DA: 12 workers for 2 granted CPUs",
        "nnUNet_def_n_proc, -npfp, -np: 8 workers for 2 granted CPUs",
    ]
    assert told(granted=8, nnUNet_n_proc_DA="8").value("workers.problems") == []
    assert Facts(worker_facts(Facts(), {}, "")).why_missing("workers.problems") is not None
