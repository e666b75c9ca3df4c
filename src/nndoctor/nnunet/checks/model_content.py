"""Does the checkpoint belong to the folder that it lies in? Its own record against plans.json and dataset.json
(nnUNetPredictor.initialize_from_trained_model_folder, inference/predict_from_raw_data.py; v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_object, as_str
from nndoctor.nnunet.checkpoints import Checkpoint, read_checkpoint
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.plans import Plans

_OWN = (
    "dynamic_network_architectures.architectures.unet.",
    "dynamic_network_architectures.architectures.residual_unet.",
)
_SHAPING = ("features_per_stage", "kernel_sizes", "n_conv_per_stage", "n_blocks_per_stage", "n_conv_per_stage_decoder")
"""Entries of arch_kwargs that change the shapes of the weights."""
_STRIDES = "strides"
_QUIET = ("spacing", "normalization_schemes", "use_mask_for_norm", "resampling_fn_data", "resampling_fn_probabilities")
_QUIET_GLOBAL = ("transpose_forward", "transpose_backward", "foreground_intensity_properties_per_channel")
"""What nnU-Net takes from plans.json without looking whether the network was trained with it."""
_NAMES = ("labels", "channel_names")


MOST_VALUES = 20_000
MOST_ENTRIES = 1_000


@dataclass(frozen=True)
class Named:
    """A checkpoint and where it lies."""

    path: Path
    content: Checkpoint


def read_checkpoints(paths: Sequence[Path]) -> tuple[list[Named], list[Problem]]:
    """The checkpoints that tell what they are, and those that nnU-Net cannot use."""
    found: list[Named] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            content = read_checkpoint(path)
        except BadFileError as error:
            problems.append(Problem("checkpoint-foreign", str(path), None, {"detail": str(error)}))
            continue
        if content is not None and content.lacking:
            detail = "it lacks " + ", ".join(content.lacking)
            problems.append(Problem("checkpoint-foreign", str(path), None, {"detail": detail}))
        elif content is not None:
            found.append(Named(path, content))
    return found, problems


def name_problems(first: Named, folder: Path, asked: str | None) -> Iterator[Problem]:
    """Trainer and configuration of the first checkpoint, which are those that nnU-Net takes, against the names."""
    parts = folder.name.split("__")
    trainer, configuration = (parts[0], parts[2]) if len(parts) == 3 else (None, None)
    found = first.content
    if asked is not None and found.configuration not in (None, asked):
        values = {"found": str(found.configuration), "asked": asked}
        yield Problem("checkpoint-other-configuration", str(first.path), None, values)
    elif configuration is not None and found.configuration not in (None, configuration):
        values = {"found": str(found.configuration), "named": configuration}
        yield Problem("folder-other-configuration", str(first.path), None, values)
    if trainer is not None and found.trainer not in (None, trainer):
        values = {"found": str(found.trainer), "named": trainer}
        yield Problem("folder-other-trainer", str(first.path), None, values)


def epoch_note(first: Named) -> Iterator[Problem]:
    """A checkpoint of a training that was not at its end."""
    epoch = first.content.epoch
    if first.path.name != "checkpoint_final.pth" and epoch is not None:
        yield Problem("checkpoint-not-final", str(first.path), None, {"epoch": str(epoch)})


def fit_problems(checkpoint: Named, plans: Plans, dataset: DatasetJson | None) -> Iterator[Problem]:
    """Whether the weights fit the network that plans.json and dataset.json describe."""
    name = checkpoint.content.configuration
    if name is None or name not in plans.configurations:
        return
    described = plans.configuration(name)
    trained = Plans(plans.path, checkpoint.content.plans).configuration(name)
    where = str(checkpoint.path)
    for detail in _network_differences(described, trained):
        yield Problem("weights-do-not-fit", where, None, {"detail": detail})
    if dataset is not None:
        for detail in _end_differences(checkpoint.content, described, dataset):
            yield Problem("weights-do-not-fit", where, None, {"detail": detail})
        for detail in _differing(_NAMES, dataset.content, checkpoint.content.dataset_json):
            yield Problem("plans-changed-since", str(dataset.path), None, {"detail": detail})
    quiet = [
        *_differing(_QUIET_GLOBAL, plans.content, checkpoint.content.plans),
        *_differing(_QUIET, described, trained),
    ]
    for detail in quiet:
        yield Problem("plans-changed-since", str(plans.path), None, {"detail": detail})


def unlike(first: Named, others: Sequence[Named]) -> Iterator[Problem]:
    """Folds whose weights do not fit the network of the first fold."""
    for other in others:
        if other.content.shapes and first.content.shapes and other.content.shapes != first.content.shapes:
            yield Problem("folds-differ", str(other.path), None, {"first": str(first.path)})


def _is_standard(configuration: dict[str, object]) -> bool:
    """A network of nnU-Net's own library: its weights have known names."""
    name = as_str(as_object(configuration.get("architecture")).get("network_class_name")) or ""
    return name.startswith(_OWN) or "UNet_class_name" in configuration


def _network_differences(described: dict[str, object], trained: dict[str, object]) -> Iterator[str]:
    """Entries of the architecture that are others than those of the training."""
    now, then = as_object(described.get("architecture")), as_object(trained.get("architecture"))
    if not now or not then:
        return
    if now.get("network_class_name") != then.get("network_class_name"):
        yield f"network_class_name is {_short(now.get('network_class_name'))}, the training had another"
    new, old = as_object(now.get("arch_kwargs")), as_object(then.get("arch_kwargs"))
    for key in ("n_stages", *_SHAPING, _STRIDES):
        if key in new and key in old and _plain(new[key]) != _plain(old[key]):
            yield f"{key} is {_short(new[key])} in plans.json, the training had {_short(old[key])}"


def _end_differences(checkpoint: Checkpoint, configuration: dict[str, object], dataset: DatasetJson) -> Iterator[str]:
    """Channels in front of the network and labels behind it: those of the training, else those of the weights."""
    then = DatasetJson(dataset.path, checkpoint.dataset_json)
    known = bool(then.content)
    channels, heads = (then.channels, _heads(then)) if known else _ends(checkpoint, configuration)
    declared = dataset.channels if known else _inputs(dataset, configuration)
    if None not in (channels, declared) and channels != declared:
        yield f"dataset.json declares {declared} input channels, the network has {channels}"
    if None not in (heads, _heads(dataset)) and heads != _heads(dataset):
        yield f"dataset.json declares {_heads(dataset)} labels, the network has {heads}"


def _heads(dataset: DatasetJson) -> int | None:
    """Outputs of the network (LabelManager.num_segmentation_heads, v2.0 to v2.8.1)."""
    labels = dataset.labels
    return None if labels is None else labels.regions if labels.has_regions else len(labels.values)


def _inputs(dataset: DatasetJson, configuration: dict[str, object]) -> int | None:
    """Inputs of the network; a cascade has one more for each label (determine_num_input_channels, v2.0 to v2.8.1)."""
    labels, channels = dataset.labels, dataset.channels
    if configuration.get("previous_stage") is None or channels is None:
        return channels
    return None if labels is None else channels + len([value for value in labels.values if value])


def _ends(checkpoint: Checkpoint, configuration: dict[str, object]) -> tuple[int | None, int | None]:
    """Inputs and outputs by the outermost weights; unknown for networks that are not nnU-Net's own."""
    if not _is_standard(configuration):
        return None, None
    shapes = checkpoint.shapes
    entries = [shape[1] for name, shape in shapes.items() if name.startswith("encoder.") and len(shape) > 3]
    heads = [shape[0] for name, shape in shapes.items() if ".seg_layers." in name and len(shape) > 3]
    return next(iter(entries), None), next(iter(heads), None)


def _differing(keys: Sequence[str], now: Mapping[str, object], then: Mapping[str, object]) -> Iterator[str]:
    """Entries that both have, and that are not the same."""
    for key in keys:
        new, old = now.get(key), then.get(key)
        if new is not None and old is not None and _plain(new) != _plain(old):
            yield f"{key} is {_short(new)}, the training had {_short(old)}"


def _plain(value: object, budget: Iterator[int] | None = None) -> object:
    """Tuples become lists and numbers floats, so that JSON and pickles compare; of at most 20,000 values, because a
    hostile pickle holds itself."""
    left = budget if budget is not None else iter(range(MOST_VALUES))
    if next(left, None) is None:
        return None
    if isinstance(value, (tuple, list)):
        return [_plain(each, left) for each in value[:MOST_ENTRIES]]
    if isinstance(value, dict):
        return {str(key): _plain(each, left) for key, each in islice(value.items(), MOST_ENTRIES)}
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < 2**53 else str(value)[:40]
    return value


def _short(value: object) -> str:
    text = str(_printed(value))
    return text if len(text) <= 80 else text[:77] + "..."


def _printed(value: object) -> object:
    """As JSON writes it; a few values are enough."""
    return _plain(value) if isinstance(value, (tuple, dict)) else value if not isinstance(value, list) else value[:40]
