"""All probes of this machine, and the few facts that follow from several of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nndoctor.facts import Facts
from nndoctor.machine import compilers, gpu, interpreter, limits, python, system
from nndoctor.machine.disk import disk_probes
from nndoctor.machine.gpu_apart import gpu_facts_apart
from nndoctor.machine.granted import granted, resource_probes
from nndoctor.machine.probe import Answer, Probe, run_all
from nndoctor.machine.torch_compile import torch_compile_facts
from nndoctor.machine.workers import worker_facts


def probes(python_path: str | None, folders: Mapping[str, Path] | None, root: Path) -> list[Probe]:
    """Every probe of this machine. Raises ValueError when `folders` names an unknown folder."""
    slow = interpreter.LIMIT_S + 1
    return [
        Probe(python.NAMES, partial(python.python_facts, python_path), slow),
        Probe(gpu.NAMES, partial(gpu_facts_apart, root), slow),
        Probe(compilers.NAMES, compilers.compiler_facts),
        *resource_probes(root),
        Probe(limits.NAMES, limits.limit_facts),
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
