"""Names of classes and functions in a checkpoint and its plans, which the installed nnunetv2 must have
(utilities/find_objects.py, plans_handling/plans_handler.py, imageio/reader_writer_registry.py; v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_str, as_strings
from nndoctor.nnunet.class_search import is_defined
from nndoctor.nnunet.files import is_file, is_folder
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.upstream_names import NORMALIZATIONS, PREPROCESSORS, READERS, RESAMPLERS, TRAINERS

_TRAINERS = ("training", "nnUNetTrainer")
_RESAMPLING = ("resampling_fn_data", "resampling_fn_seg", "resampling_fn_probabilities")


class Named(NamedTuple):
    """What a name is for, the folder of nnunetv2 in which it is looked for, and the names there in all releases."""

    role: str
    name: str
    folder: str
    upstream: frozenset[str]


def trainer_problems(
    trainer: str | None, where: Path, package: Path | None, environ: Mapping[str, str]
) -> list[Problem]:
    """The trainer class of a checkpoint, in the installed package or, where it looks there, in nnUNet_extTrainer."""
    if trainer is None:
        return []
    outside = [Path(folder) for folder in environ.get("nnUNet_extTrainer", "").split(os.pathsep) if folder.strip()]
    if package is None or not is_folder(package):
        return _unseen(trainer, where, outside)
    looks_outside = is_file(package / "utilities" / "find_objects.py")
    if is_defined(trainer, [package.joinpath(*_TRAINERS), *(outside if looks_outside else [])]):
        return []
    return [Problem("trainer-not-installed", str(where), None, {"trainer": trainer, "package": str(package)})]


def _unseen(trainer: str, where: Path, outside: list[Path]) -> list[Problem]:
    """Without an installation to look into. A folder that is named after another trainer makes it a mistake."""
    if trainer in TRAINERS or is_defined(trainer, outside):
        return []
    folder = where.parent.parent.name
    renamed = folder.count("__") == 2 and folder.partition("__")[0] != trainer
    return [Problem("trainer-unknown" if renamed else "trainer-not-seen", str(where), None, {"trainer": trainer})]


def plans_classes(plans: Plans, configuration: str | None, package: Path | None) -> Iterator[Problem]:
    """Reader, preprocessor, normalizations and resampling functions that the plans name."""
    seen = package if package is not None and is_folder(package) else None
    for each in _named(plans, configuration):
        values = {"role": each.role, "name": each.name[:80]}
        if seen is None and each.name not in each.upstream:
            yield Problem("class-unknown", str(plans.path), None, values)
        elif seen is not None and not is_defined(each.name, [seen / each.folder]):
            yield Problem("class-not-installed", str(plans.path), None, {**values, "folder": str(seen / each.folder)})


def _named(plans: Plans, configuration: str | None) -> Iterator[Named]:
    reader = as_str(plans.content.get("image_reader_writer"))
    if reader is not None:
        yield Named("image_reader_writer", reader, "imageio", READERS)
    content = plans.configuration(configuration) if configuration is not None else {}
    preprocessor = as_str(content.get("preprocessor_name"))
    if preprocessor is not None:
        yield Named("preprocessor_name", preprocessor, "preprocessing", PREPROCESSORS)
    for scheme in dict.fromkeys(as_strings(content.get("normalization_schemes"))):
        yield Named("normalization_schemes", scheme, "preprocessing/normalization", NORMALIZATIONS)
    for role in _RESAMPLING:
        if (function := as_str(content.get(role))) is not None:
            yield Named(role, function, "preprocessing/resampling", RESAMPLERS)
