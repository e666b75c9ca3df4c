"""Classes and functions that plans name, looked for in the source of the installed nnunetv2
(recursive_find_reader_writer_by_name, recursive_find_resampling_fn_by_name, get_labelmanager_class_from_plans;
v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_str
from nndoctor.nnunet.class_search import is_defined
from nndoctor.nnunet.files import is_folder
from nndoctor.nnunet.plans import Plans

OF_PLANS = {"image_reader_writer": "imageio", "label_manager": "utilities/label_handling"}
OF_CONFIGURATION = {"resampling_fn_probabilities": "preprocessing/resampling"}
"""What a training asks for, at its start (label_manager) or when it exports its validation."""


def unknown_name_problems(plans: Plans, configuration: str, package: Path | None) -> Iterator[Problem]:
    """Names that occur nowhere in the folder where nnU-Net looks for them."""
    if package is None:
        return
    for content, wanted in ((plans.content, OF_PLANS), (plans.configuration(configuration), OF_CONFIGURATION)):
        for key, folder in wanted.items():
            name = as_str(content.get(key))
            if name is not None and is_folder(package / folder) and not is_defined(name, [package / folder]):
                values = {"key": key, "name": name, "folder": str(package / folder)}
                yield Problem("plans-unknown-name", str(plans.path), None, values)
