"""Classes that nnU-Net looks up by name."""

from __future__ import annotations

from typing import Any

from tests.lab.faults.checkpoints import checkpoint
from tests.lab.faults.commands import PLAN, PREDICT, PREPROCESS, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

NAMES = "trainer-not-found"


def other_trainer(scene: Scene) -> None:
    """A model of a trainer that this computer does not have."""
    import torch

    content = torch.load(checkpoint(scene), weights_only=False)
    content["trainer_name"] = "nnUNetTrainerTheirs"
    torch.save(content, checkpoint(scene))


def plan_change(**changes: object) -> Any:
    return lambda scene: scene.edit(scene.preprocessed / "nnUNetPlans.json", lambda content: content.update(changes))


FAULTS = (
    Fault(
        "train-no-such-trainer",
        NAMES,
        "-tr names a class that does not exist",
        TRAIN.replace(TRAINER, "nnUNetTrainerV3"),
        says("Could not find requested nnunet trainer"),
    ),
    Fault(
        "predict-no-such-trainer",
        NAMES,
        "the checkpoint names a trainer that this computer does not have",
        PREDICT,
        says(r"Unable to locate trainer class|Could not find requested nnunet trainer|'NoneType' object has"),
        other_trainer,
    ),
    Fault(
        "plan-no-such-planner",
        NAMES,
        "-pl names a class that does not exist",
        f"{PLAN} -pl nnUNetPlannerResEncXXL",
        says(r"NoneType|nnUNetPlannerResEncXXL"),
    ),
    Fault(
        "preprocess-no-such-reader",
        NAMES,
        "the plans name a reader that does not exist",
        PREPROCESS,
        says(r"NoneType|MyReaderIO", "plans-edited"),
        plan_change(image_reader_writer="MyReaderIO"),
    ),
)
