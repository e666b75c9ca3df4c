"""Names of classes and functions in a checkpoint and its plans, which the installed nnunetv2 must have
(utilities/find_objects.py, plans_handling/plans_handler.py, imageio/reader_writer_registry.py; v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_str, as_strings
from nndoctor.nnunet.class_search import is_defined
from nndoctor.nnunet.files import is_file, is_folder
from nndoctor.nnunet.plans import Plans

TRAINERS = ("training", "nnUNetTrainer")
_RESAMPLERS = ("resampling_fn_data", "resampling_fn_seg", "resampling_fn_probabilities")


def trainer_problems(
    trainer: str | None, where: Path, package: Path | None, environ: Mapping[str, str]
) -> list[Problem]:
    """The trainer class of a checkpoint, in the installed package or, where it looks there, in nnUNet_extTrainer."""
    if trainer is None or package is None or not is_folder(package):
        return []
    outside = [Path(folder) for folder in environ.get("nnUNet_extTrainer", "").split(os.pathsep) if folder.strip()]
    looks_outside = is_file(package / "utilities" / "find_objects.py")
    if is_defined(trainer, [package.joinpath(*TRAINERS), *(outside if looks_outside else [])]):
        return []
    return [Problem("trainer-not-installed", str(where), None, {"trainer": trainer, "package": str(package)})]


def plans_classes(plans: Plans, configuration: str | None, package: Path | None) -> Iterator[Problem]:
    """Reader, preprocessor, normalizations and resampling functions that the plans name."""
    if package is None or not is_folder(package):
        return
    for role, name, folder in _named(plans, configuration):
        if not is_defined(name, [package / folder]):
            values = {"role": role, "name": name[:80], "folder": str(package / folder)}
            yield Problem("class-not-installed", str(plans.path), None, values)


def _named(plans: Plans, configuration: str | None) -> Iterator[tuple[str, str, str]]:
    """What it is for, its name, and the folder of nnunetv2 in which nnU-Net looks for it."""
    reader = as_str(plans.content.get("image_reader_writer"))
    if reader is not None:
        yield "image_reader_writer", reader, "imageio"
    content = plans.configuration(configuration) if configuration is not None else {}
    preprocessor = as_str(content.get("preprocessor_name"))
    if preprocessor is not None:
        yield "preprocessor_name", preprocessor, "preprocessing"
    for scheme in dict.fromkeys(as_strings(content.get("normalization_schemes"))):
        yield "normalization_schemes", scheme, "preprocessing/normalization"
    for role in _RESAMPLERS:
        if (function := as_str(content.get(role))) is not None:
            yield role, function, "preprocessing/resampling"
