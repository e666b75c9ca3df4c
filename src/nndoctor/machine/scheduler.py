"""The batch job that this process runs in, told by the variables that its scheduler sets.

SLURM: sbatch(1) and srun(1), output environment variables. LSF: bsub reference. PBS: qsub(1B). SGE: submit(1).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from nndoctor.machine.probe import Answer, answer, seen, unknown

NAMES = (
    "scheduler.name",
    "scheduler.job_id",
    "scheduler.memory",
    "scheduler.cpus",
    "scheduler.time_limit",
    "scheduler.seconds_left",
)
_JOB_ID = {"slurm": "SLURM_JOB_ID", "lsf": "LSB_JOBID", "pbs": "PBS_JOBID", "sge": "JOB_ID"}
_CPUS = {
    "slurm": ("SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"),
    "lsf": ("LSB_DJOB_NUMPROC", "LSB_MAX_NUM_PROCESSORS"),
    "pbs": ("PBS_NUM_PPN", "NCPUS"),
    "sge": ("NSLOTS",),
}
_MIB = 1024 * 1024


def scheduler_facts(variables: Mapping[str, str] | None = None) -> list[Answer]:
    """Memory in bytes, times in seconds. Without a job every fact is missing, which is normal on a workstation."""
    env = os.environ if variables is None else variables
    name = next((name for name, variable in _JOB_ID.items() if _in_job(env, name, variable)), None)
    if name is None:
        return unknown(NAMES, "no job of SLURM, LSF, PBS or SGE: its variables are not set")
    return [
        seen(NAMES[0], name, _JOB_ID[name]),
        seen(NAMES[1], env[_JOB_ID[name]], _JOB_ID[name]),
        _memory(env),
        _cpus(env, name),
        *_times(env),
    ]


def _in_job(env: Mapping[str, str], name: str, variable: str) -> bool:
    """JOB_ID alone is too common a name: SGE also sets SGE_ROOT or NSLOTS."""
    return bool(env.get(variable)) and (name != "sge" or "SGE_ROOT" in env or "NSLOTS" in env)


def _number(env: Mapping[str, str], variable: str) -> int | None:
    text = env.get(variable, "").strip()
    return int(text) if text.isdigit() else None


def _memory(env: Mapping[str, str]) -> Answer:
    """SLURM counts MiB, per node or per CPU; 0 means all of the node's memory."""
    per_node, per_cpu = _number(env, "SLURM_MEM_PER_NODE"), _number(env, "SLURM_MEM_PER_CPU")
    if per_node:
        return seen(NAMES[2], per_node * _MIB, "SLURM_MEM_PER_NODE")
    cpus = _number(env, "SLURM_CPUS_ON_NODE")
    if per_cpu and cpus:
        return seen(NAMES[2], per_cpu * cpus * _MIB, "SLURM_MEM_PER_CPU times SLURM_CPUS_ON_NODE")
    whole = "SLURM granted all memory of the node" if per_node == 0 else "no variable says how much the job was granted"
    return answer(NAMES[2], None, "", whole)


def _cpus(env: Mapping[str, str], name: str) -> Answer:
    for variable in _CPUS[name]:
        if count := _number(env, variable):
            return seen(NAMES[3], count, variable)
    return answer(NAMES[3], None, "", f"none of {', '.join(_CPUS[name])} is set")


def _times(env: Mapping[str, str]) -> list[Answer]:
    """SLURM >= 22.05 gives both times as seconds since 1970."""
    start, end = _number(env, "SLURM_JOB_START_TIME"), _number(env, "SLURM_JOB_END_TIME")
    why = "no variable says when the job ends"
    limit = None if start is None or end is None else end - start
    left = None if end is None else max(0, end - int(time.time()))
    where = "SLURM_JOB_END_TIME"
    return [answer(NAMES[4], limit, f"{where} less SLURM_JOB_START_TIME", why), answer(NAMES[5], left, where, why)]
