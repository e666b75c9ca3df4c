"""dataset.json and the plans of a training, against each other and against what an earlier training was started with
(nnUNetTrainer.__init__ and initialize, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_object, as_str, read_object
from nndoctor.nnunet.checks.train_places import Places
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.files import BadFileError, is_file
from nndoctor.nnunet.labels import label_problems, labels_of
from nndoctor.nnunet.plans import Plans

NETWORK_KEYS = ("architecture", "UNet_class_name", "conv_kernel_sizes", "pool_op_kernel_sizes", "unet_max_num_features")


def setup_problems(asked: TrainRequest, places: Places, plans: Plans, dataset: DatasetJson | None) -> Iterator[Problem]:
    """What is wrong with plans and dataset.json. `dataset`: None when it cannot be read, which is told elsewhere."""
    yield from plans_name_problems(asked, places, plans)
    yield from plans_content_problems(plans, asked.configuration)
    if dataset is None:
        return
    yield from dataset_json_problems(dataset)
    yield from channel_problems(dataset, plans, asked.configuration)
    if asked.continues or asked.validates:
        yield from changed_problems(places, plans, dataset, asked.configuration)


def plans_name_problems(asked: TrainRequest, places: Places, plans: Plans) -> Iterator[Problem]:
    """Names inside the plans lead elsewhere than the arguments: a file that was copied and kept its names."""
    dataset = plans.path.parent.name
    named = as_str(plans.content.get("dataset_name"))
    if named is not None and named != dataset:
        yield Problem("plans-other-dataset", str(plans.path), None, {"found": named, "expected": dataset})
    name = as_str(plans.content.get("plans_name"))
    if name is not None and name != asked.plans:
        values = {"found": name, "expected": asked.plans, "folder": places.model.name if places.model else name}
        yield Problem("plans-other-name", str(plans.path), None, values)


def plans_content_problems(plans: Plans, configuration: str) -> Iterator[Problem]:
    """What in the plans cannot work, of the configuration that is to be trained."""
    words = [
        *plans.global_problems(),
        *(plans.problems_of(configuration) if configuration in plans.configurations else ()),
    ]
    if not plans.configurations:
        words = ["no configurations: this is no plans file of nnU-Net v2"]
    yield from (Problem("plans-problem", str(plans.path), None, {"detail": each}) for each in words)


def dataset_json_problems(dataset: DatasetJson) -> Iterator[Problem]:
    """What of dataset.json a training needs: labels, channels, and the file ending for its validation."""
    content = dataset.content
    for key in ("labels", "file_ending"):
        if key not in content:
            yield _bad(dataset, f"'{key}' is missing")
    if dataset.channels is None:
        yield _bad(dataset, "'channel_names' is missing")
    yield from (_bad(dataset, words) for words in label_problems(content))


def channel_problems(dataset: DatasetJson, plans: Plans, configuration: str) -> Iterator[Problem]:
    """The network is built for the channels of dataset.json, the data were made by those of the plans."""
    planned, declared = plans.channels(configuration), dataset.channels
    if planned is not None and declared is not None and planned != declared:
        values = {"found": str(declared), "expected": str(planned)}
        yield Problem("train-channels", str(dataset.path), None, values)


def changed_problems(places: Places, plans: Plans, dataset: DatasetJson, configuration: str) -> Iterator[Problem]:
    """What changed since the training began that is to be continued: its copies lie in the trainer folder."""
    if places.model is None or not is_file(places.model / "plans.json"):
        return
    before = _read(places.model / "plans.json")
    if before is not None:
        yield from _configuration_problems(Plans(places.model / "plans.json", before), plans, configuration)
    labels = _read(places.model / "dataset.json")
    if labels is not None and _outputs(labels) != _outputs(dataset.content):
        yield Problem("train-changed-network", str(places.model), None, {"detail": "dataset.json has other labels now"})


def _configuration_problems(before: Plans, now: Plans, configuration: str) -> Iterator[Problem]:
    old, new = before.configuration(configuration), now.configuration(configuration)
    changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    if not old or not changed:
        return
    network = [key for key in changed if key in NETWORK_KEYS]
    kind = "train-changed-network" if network else "train-changed-plans"
    yield Problem(
        kind, str(now.path), None, {"detail": f"{configuration} has other {', '.join(network or changed)} now"}
    )


def _outputs(content: dict[str, object]) -> tuple[object, ...]:
    labels = labels_of(content)
    return (
        ()
        if labels is None
        else (labels.values, labels.ignore, labels.regions, as_object(content).get("regions_class_order"))
    )


def _read(path: Path) -> dict[str, object] | None:
    try:
        return read_object(path)
    except BadFileError:
        return None


def _bad(dataset: DatasetJson, words: str) -> Problem:
    return Problem("train-dataset-json", str(dataset.path), None, {"detail": words})
