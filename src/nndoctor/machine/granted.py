"""What this job may use of memory and CPUs, by the limits of the computer, the cgroup and the scheduler."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from nndoctor.facts import Fact, Facts, Missing
from nndoctor.machine import cgroup, cpu, interpreter, memory, python, scheduler
from nndoctor.machine.probe import Answer, Probe, run_all

NAMES = ("memory.granted", "cpu.granted")
_MEMORY = ("memory.total", "cgroup.memory_limit", "scheduler.memory")
_CPU = ("cpu.host", "cpu.affinity", "cgroup.cpu_quota", "scheduler.cpus")


def resource_probes(root: Path) -> list[Probe]:
    """The probes that cost next to nothing: they start no process and load no library but psutil."""
    return [
        Probe(memory.NAMES, partial(memory.memory_facts, root)),
        Probe(memory.SHM_NAMES, partial(memory.shm_facts, root)),
        Probe(cgroup.NAMES, partial(cgroup.cgroup_facts, root)),
        Probe(cpu.NAMES, cpu.cpu_facts),
        Probe(scheduler.NAMES, scheduler.scheduler_facts),
    ]


def resource_answers(root: Path = Path("/"), python_path: str | None = None) -> list[Answer]:
    """What memory.granted and cpu.granted follow from, and these two; the interpreter is asked when it is named."""
    probes = resource_probes(root)
    if python_path is not None:
        probes.append(Probe(python.NAMES, partial(python.python_facts, python_path), interpreter.LIMIT_S + 1))
    answers = run_all(probes)
    return [*answers, *granted(answers)]


def granted(answers: Iterable[Answer]) -> list[Answer]:
    """Memory (bytes) and CPUs that this job may use: the smallest of what is known, with the source that sets it."""
    facts = Facts(answers)
    return [_smallest("memory.granted", facts, _MEMORY), _smallest("cpu.granted", facts, _CPU)]


def _smallest(name: str, facts: Facts, sources: tuple[str, ...]) -> Answer:
    bounds = [(value, fact) for source in sources if (fact := facts.get(source)) and (value := _number(fact))]
    if not bounds:
        return Missing(name, f"none of {', '.join(sources)} is known")
    value, fact = min(bounds, key=lambda bound: bound[0])
    return Fact(name, max(1, int(value)), fact.source)


def _number(fact: Fact) -> float | None:
    return fact.value if isinstance(fact.value, int | float) else None
