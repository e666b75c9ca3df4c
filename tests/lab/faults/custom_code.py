"""Trainers of the user's own that do not work."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab import trainers
from tests.lab.faults.commands import TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

CODE = "custom-code-error"


def trainer(name: str, body: str) -> Callable[[Scene], None]:
    """A trainer with a bug, put where the user would put it."""
    return lambda scene: scene.add_trainer(trainers.write(scene.root, name, body))


def raw_trainer(name: str, text: str) -> Callable[[Scene], None]:
    """A trainer's whole file."""

    def inject(scene: Scene) -> None:
        path = scene.root / f"{name}.py"
        path.write_text(text)
        scene.add_trainer(path)

    return inject


def train(name: str) -> str:
    return TRAIN.replace(TRAINER, name)


ATTRIBUTE = """    def _build_loss(self):
        return self.build_focal_loss(alpha=0.5)
"""
SIGNATURE = """    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
"""
OLD_SIGNATURE = """    def __init__(self, plans, configuration, fold, dataset_json, unpack_dataset=True, device=None):
        super().__init__(plans, configuration, fold, dataset_json, unpack_dataset, device)
"""
LOSS_SHAPE = """    def _build_loss(self):
        return lambda output, target: torch.nn.functional.mse_loss(output[0], target[0][:, :, ::2])
"""
OLD_NETWORK = """    @staticmethod
    def build_network_architecture(plans_manager, dataset_json, configuration_manager, num_input_channels,
                                   enable_deep_supervision=True):
        heads = plans_manager.get_label_manager(dataset_json).num_segmentation_heads
        return torch.nn.Conv3d(num_input_channels, heads, 1)
"""
SYNTAX = f"""from nnunetv2.training.nnUNetTrainer.{TRAINER} import {TRAINER}


class nnUNetTrainerFocal({TRAINER})
    pass
"""
DEPENDENCY = f"""from kornia_losses import FocalLoss

from nnunetv2.training.nnUNetTrainer.{TRAINER} import {TRAINER}


class nnUNetTrainerKornia({TRAINER}):
    pass
"""
NOT_DERIVED = """class nnUNetTrainerAlone:
    pass
"""
AUGMENTATION = """    @staticmethod
    def get_training_transforms(*args, **kwargs):
        class Broken:
            def __call__(self, **data_dict):
                return {"data": data_dict["data"], "target": data_dict["segmentation"]}
        return Broken()
"""


FAULTS = (
    Fault(
        "train-attribute-error",
        CODE,
        "a custom trainer calls a method that does not exist",
        train("nnUNetTrainerFocal"),
        says("has no attribute 'build_focal_loss'"),
        trainer("nnUNetTrainerFocal", ATTRIBUTE),
    ),
    Fault(
        "train-star-arguments",
        CODE,
        "a custom trainer's __init__ takes *args, **kwargs",
        train("nnUNetTrainerStar"),
        says("KeyError: 'args'"),
        trainer("nnUNetTrainerStar", SIGNATURE),
    ),
    Fault(
        "train-old-signature",
        CODE,
        "a trainer that was written for an older nnU-Net hands on unpack_dataset",
        train("nnUNetTrainerOld"),
        says("TypeError.*__init__", "plans-incompatible", "nnunet-outdated"),
        trainer("nnUNetTrainerOld", OLD_SIGNATURE),
        when=lambda scene: scene.release >= (2, 6),
    ),
    Fault(
        "train-old-network-signature",
        CODE,
        "a trainer builds its network with the parameters of an older nnU-Net",
        train("nnUNetTrainerOldNetwork"),
        says("AttributeError:|TypeError:", "plans-incompatible", "nnunet-outdated"),
        trainer("nnUNetTrainerOldNetwork", OLD_NETWORK),
        when=lambda scene: scene.release >= (2, 3),
    ),
    Fault(
        "train-loss-shape",
        CODE,
        "a custom loss compares tensors of different shapes",
        train("nnUNetTrainerMSE"),
        says("must match the size of tensor"),
        trainer("nnUNetTrainerMSE", LOSS_SHAPE),
    ),
    Fault(
        "train-syntax-error",
        CODE,
        "a custom trainer's file has a syntax error",
        train("nnUNetTrainerFocal"),
        says("SyntaxError"),
        raw_trainer("nnUNetTrainerFocal", SYNTAX),
    ),
    Fault(
        "train-trainer-needs-module",
        "dependency-missing",
        "a custom trainer imports a module that is not installed",
        train("nnUNetTrainerKornia"),
        says("No module named 'kornia_losses'", CODE),
        raw_trainer("nnUNetTrainerKornia", DEPENDENCY),
    ),
    Fault(
        "train-not-derived",
        CODE,
        "a custom trainer is not derived from nnUNetTrainer",
        train("nnUNetTrainerAlone"),
        says("must inherit from"),
        raw_trainer("nnUNetTrainerAlone", NOT_DERIVED),
    ),
    Fault(
        "train-augmentation-error",
        CODE,
        "a custom augmentation fails in the worker that loads data",
        train("nnUNetTrainerAug"),
        says(r"KeyError: 'data'|TypeError.*__call__"),
        trainer("nnUNetTrainerAug", AUGMENTATION),
    ),
)
