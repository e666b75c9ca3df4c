"""Batch jobs by the variables that each scheduler documents."""

from __future__ import annotations

import time

from nndoctor.facts import Facts
from nndoctor.machine.scheduler import NAMES, scheduler_facts

MIB = 1024**2


def said(**variables: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in Facts(scheduler_facts(variables))}


def test_slurm_per_node() -> None:
    now = int(time.time())
    values = said(
        SLURM_JOB_ID="4711",
        SLURM_MEM_PER_NODE="32768",
        SLURM_CPUS_PER_TASK="6",
        SLURM_CPUS_ON_NODE="12",
        SLURM_JOB_START_TIME=str(now - 600),
        SLURM_JOB_END_TIME=str(now + 3000),
    )
    assert (values["scheduler.name"], values["scheduler.job_id"]) == ("slurm", "4711")
    assert (values["scheduler.memory"], values["scheduler.cpus"]) == (32768 * MIB, 6)
    assert values["scheduler.time_limit"] == 3600
    assert 2990 <= int(str(values["scheduler.seconds_left"])) <= 3000


def test_slurm_per_cpu() -> None:
    values = said(SLURM_JOB_ID="1", SLURM_MEM_PER_CPU="2048", SLURM_CPUS_ON_NODE="4")
    assert (values["scheduler.memory"], values["scheduler.cpus"]) == (8192 * MIB, 4)
    assert "scheduler.time_limit" not in values


def test_slurm_whole_node() -> None:
    facts = Facts(scheduler_facts({"SLURM_JOB_ID": "1", "SLURM_MEM_PER_NODE": "0"}))
    assert facts.why_missing("scheduler.memory") == "SLURM granted all memory of the node"


def test_others() -> None:
    assert said(LSB_JOBID="3", LSB_DJOB_NUMPROC="8")["scheduler.cpus"] == 8
    assert said(PBS_JOBID="5.head", NCPUS="4")["scheduler.name"] == "pbs"
    assert said(JOB_ID="9", NSLOTS="2", SGE_ROOT="/sge")["scheduler.cpus"] == 2


def test_no_job() -> None:
    assert said(JOB_ID="9", SLURM_CONF="/etc/slurm.conf", SLURM_JOB_ID="") == {}
    assert {given.name for given in scheduler_facts({})} == set(NAMES)
