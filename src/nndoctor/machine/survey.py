"""All probes of this machine, and the few facts that follow from several of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from nndoctor.facts import Fact, Facts, Missing
from nndoctor.machine import cgroup, compilers, cpu, gpu, interpreter, limits, memory, python, scheduler, system
from nndoctor.machine.disk import disk_probes
from nndoctor.machine.gpu_apart import gpu_facts_apart
from nndoctor.machine.probe import Answer, Probe, run_all
from nndoctor.machine.torch_compile import torch_compile_facts
from nndoctor.machine.workers import worker_facts

NAMES = ("memory.granted", "cpu.granted")
_MEMORY = ("memory.total", "cgroup.memory_limit", "scheduler.memory")
_CPU = ("cpu.host", "cpu.affinity", "cgroup.cpu_quota", "scheduler.cpus")


def probes(python_path: str | None, folders: Mapping[str, Path] | None, root: Path) -> list[Probe]:
    """Every probe of this machine. Raises ValueError when `folders` names an unknown folder."""
    slow = interpreter.LIMIT_S + 1
    return [
        Probe(python.NAMES, partial(python.python_facts, python_path), slow),
        Probe(gpu.NAMES, partial(gpu_facts_apart, root), slow),
        Probe(compilers.NAMES, compilers.compiler_facts),
        Probe(memory.NAMES, partial(memory.memory_facts, root)),
        Probe(memory.SHM_NAMES, partial(memory.shm_facts, root)),
        Probe(cgroup.NAMES, partial(cgroup.cgroup_facts, root)),
        Probe(limits.NAMES, limits.limit_facts),
        Probe(cpu.NAMES, cpu.cpu_facts),
        Probe(scheduler.NAMES, scheduler.scheduler_facts),
        Probe(system.NAMES, partial(system.system_facts, root)),
        Probe(system.CONTAINER_NAMES, partial(system.container_facts, root)),
        *disk_probes(folders, root),
    ]


def survey(python_path: str | None, folders: Mapping[str, Path] | None, root: Path = Path("/")) -> list[Answer]:
    """Run all probes and add what follows from them. Raises ValueError when `folders` names an unknown folder."""
    answers = run_all(probes(python_path, folders, root))
    answers += granted(answers)
    facts = Facts(answers)
    return [*answers, *worker_facts(facts), *torch_compile_facts(facts)]


def resource_answers(root: Path = Path("/")) -> list[Answer]:
    """What memory.granted and cpu.granted follow from, and these two."""
    asked = {*memory.NAMES, *memory.SHM_NAMES, *cgroup.NAMES, *cpu.NAMES, *scheduler.NAMES}
    answers = run_all([probe for probe in probes(None, {}, root) if asked.issuperset(probe.names)])
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
