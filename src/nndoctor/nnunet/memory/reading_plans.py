"""A Model from the content of plans.json and of dataset.json."""

from __future__ import annotations

from nndoctor.nnunet.bounded_json import as_int, as_list, as_numbers, as_object, as_str
from nndoctor.nnunet.labels import labels_of
from nndoctor.nnunet.memory.model import Model
from nndoctor.nnunet.memory.network import levels_of

IN_ORDER = (0, 1, 2)


def model_of(
    plans: dict[str, object], configuration: dict[str, object], name: str, dataset: dict[str, object]
) -> Model | None:
    """The model of a configuration; None when plans or labels do not say what is needed. `configuration`: the settings
    with what they inherit (Plans.configuration), `name`: what the configuration is called."""
    spacing, patch = as_numbers(configuration.get("spacing")), as_numbers(configuration.get("patch_size"))
    labels = labels_of(dataset)
    if not spacing or not patch or labels is None or min(patch) < 1 or min(spacing) <= 0:
        return None
    previous = as_str(configuration.get("previous_stage")) is not None
    return Model(
        configuration=name,
        spacing=tuple(spacing),
        transpose=_transpose(plans),
        heads=labels.regions if labels.has_regions else len(labels.values),
        patch=tuple(int(size) for size in patch),
        batch=as_int(configuration.get("batch_size")) or 2,
        regions=labels.has_regions,
        previous=sum(value != 0 for value in labels.values) if previous else 0,
        separate_z=_separate_z(configuration),
        nibabel=(as_str(plans.get("image_reader_writer")) or "").startswith("Nibabel"),
        levels=levels_of(configuration),
    )


def _transpose(plans: dict[str, object]) -> tuple[int, ...]:
    axes = [as_int(axis) for axis in as_list(plans.get("transpose_forward"))]
    return tuple(axis for axis in axes if axis is not None) if sorted(map(str, axes)) == ["0", "1", "2"] else IN_ORDER


def _separate_z(configuration: dict[str, object]) -> bool | None:
    forced = as_object(configuration.get("resampling_fn_data_kwargs")).get("force_separate_z")
    return forced if isinstance(forced, bool) else None
