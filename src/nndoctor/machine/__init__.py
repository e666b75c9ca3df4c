"""The computer becomes facts: interpreter and packages, memory, GPU, disks, limits, scheduler, container."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nndoctor.facts import Fact, Missing

__all__ = ["machine_facts", "resources"]


def machine_facts(python: str | None = None, folders: Mapping[str, Path] | None = None) -> list[Fact | Missing]:
    """Ask this computer everything that a diagnosis may need; every name of names_machine is answered exactly once.

    `python` is the interpreter to look at (a path, or a name on PATH), this one by default; it is started once, and
    nothing of the environment's own is imported. `folders` maps nnUNet_raw, nnUNet_preprocessed, nnUNet_results and
    TMPDIR to folders; what is left out is taken from the environment.
    A probe that fails or takes longer than its limit (5 s; 11 s for interpreter and GPU) becomes `Missing` with the
    reason. Raises ValueError only when `folders` has another name in it. Units are those of the vocabulary.
    """
    from nndoctor.machine.survey import survey

    return survey(python, folders)


def resources(python: str | None = None) -> list[Fact | Missing]:
    """Memory, CPUs and limits of this job alone, in a few milliseconds: no GPU or disk is asked, and no interpreter
    unless one is named."""
    from nndoctor.machine.granted import resource_answers

    return resource_answers(python_path=python)
