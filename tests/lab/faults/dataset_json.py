"""What dataset.json says, or does not say."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab.faults.commands import PLAN, VERIFY, says
from tests.lab.model import Fault, Scene

JSON = "dataset-json-invalid"
REGIONS = "region-config-invalid"


def dataset(**changes: object) -> Callable[[Scene], None]:
    """A change of the raw dataset.json before anything was planned."""

    def change(scene: Scene) -> None:
        scene.forget_plans()
        scene.edit_dataset(**changes)

    return change


def unparsable(scene: Scene) -> None:
    """A comma too many, the usual slip of an editor."""
    scene.forget_plans()
    path = scene.raw / "dataset.json"
    path.write_text(path.read_text().replace('"tumor": 2', '"tumor": 2,'))


def no_dataset_json(scene: Scene) -> None:
    scene.forget_plans()
    (scene.raw / "dataset.json").unlink()


REGION_LABELS = {"background": 0, "whole": [1, 2], "core": 2}


FAULTS = (
    Fault("verify-no-dataset-json", JSON, "no dataset.json", VERIFY, says(r"dataset\.json"), no_dataset_json),
    Fault("verify-unparsable-dataset-json", JSON, "a comma too many", VERIFY, says("JSONDecodeError"), unparsable),
    Fault(
        "verify-dataset-json-keys",
        JSON,
        "dataset.json lacks file_ending and numTraining",
        VERIFY,
        says("not all required keys are present"),
        dataset(file_ending=None, numTraining=None),
    ),
    Fault(
        "preprocess-dataset-json-keys",
        JSON,
        "dataset.json lacks file_ending; not verified",
        PLAN,
        says("KeyError: 'file_ending'"),
        dataset(file_ending=None),
    ),
    Fault(
        "verify-dataset-json-of-v1",
        JSON,
        "dataset.json has v1's 'modality' instead of 'channel_names'",
        VERIFY,
        says("not all required keys are present", "nnunet-v1-v2-confusion"),
        dataset(channel_names=None, modality={"0": "T1", "1": "FLAIR"}),
    ),
    Fault(
        "verify-inverted-labels",
        JSON,
        "dataset.json's labels are v1's {id: name}",
        VERIFY,
        says(r"Error:|ValueError|KeyError|TypeError", "nnunet-v1-v2-confusion"),
        dataset(labels={"0": "background", "1": "edema", "2": "tumor"}),
    ),
    Fault(
        "verify-labels-with-gap",
        "labels-not-consecutive",
        "labels 0, 1, 3",
        VERIFY,
        says("Labels must be in consecutive order"),
        dataset(labels={"background": 0, "edema": 1, "tumor": 3}),
    ),
    Fault(
        "verify-no-background",
        "labels-not-consecutive",
        "no background label",
        VERIFY,
        says(r"[Bb]ackground", JSON),
        dataset(labels={"edema": 1, "tumor": 2}),
    ),
    Fault(
        "verify-regions-without-order",
        REGIONS,
        "region-based labels without regions_class_order",
        VERIFY,
        says("regions_class_order"),
        dataset(labels=REGION_LABELS),
    ),
    Fault(
        "plan-regions-wrong-order-length",
        REGIONS,
        "regions_class_order has one entry for two regions",
        VERIFY,
        says("regions_class_order"),
        dataset(labels=REGION_LABELS, regions_class_order=[1]),
    ),
    Fault(
        "plan-ignore-label-not-last",
        REGIONS,
        "the ignore label is not the highest",
        VERIFY,
        says(r"[Ii]gnore label"),
        dataset(labels={"background": 0, "ignore": 1, "edema": 2}),
    ),
)
