"""What this machine grants: memory and CPUs. The few probes that cost nothing."""

from __future__ import annotations

from nndoctor.facts import Fact, Facts, Missing


def resource_facts(python: str | None = None) -> list[Fact | Missing]:
    """Facts of memory, shared memory, CPUs, cgroup and scheduler, and what they grant together; those of nnU-Net's
    interpreter when one is named."""
    from nndoctor.machine import resources

    return resources(python)


def granted_cpus(facts: Facts) -> int:
    """CPUs that this job may use; one where nobody knows."""
    value = facts.value("cpu.granted")
    return value if isinstance(value, int) else 1


def granted_memory(facts: Facts) -> int | None:
    """Bytes that this job may use."""
    value = facts.value("memory.granted")
    return value if isinstance(value, int) else None
