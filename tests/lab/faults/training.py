"""Training: broken trainers, devices that are not there, losses that become NaN."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab import trainers
from tests.lab.faults.commands import PREDICT, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

CODE = "custom-code-error"
NO_GPU = "cuda-unavailable"
GPU_WORDS = r"not compiled with CUDA|no NVIDIA driver|Cannot access accelerator|No CUDA GPUs|is_available\(\) is False"


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
OLD_SIGNATURE = """    def __init__(self, plans, configuration, fold, dataset_json, unpack_dataset=True, device=torch.device("cuda")):
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
NAN = """    epochs = 3

    def __init__(self, plans, configuration, fold, dataset_json, device=torch.device("cuda")):
        super().__init__(plans, configuration, fold, dataset_json, device=device)
        self.initial_lr = 1e38
"""
OLD_NAN = NAN.replace('dataset_json, device=torch.device("cuda")):', 'dataset_json, unpack_dataset=True, device=None):')
DEFAULT_SCHEDULE = """    def configure_optimizers(self):
        from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
        return nnUNetTrainer.configure_optimizers(self)
"""


def nan_trainer(scene: Scene) -> None:
    trainer("nnUNetTrainerFast", NAN if scene.release >= (2, 6) else OLD_NAN)(scene)


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
    Fault(
        "train-learning-rate-too-high",
        "nan-loss",
        "the initial learning rate is 1e38",
        train("nnUNetTrainerFast"),
        says("train_loss nan"),
        nan_trainer,
        limit=120,
    ),
    Fault(
        "train-old-scheduler-new-torch",
        "nnunet-outdated",
        "nnU-Net's own learning rate schedule with a torch that lacks LRScheduler's 'verbose'",
        train("nnUNetTrainerSchedule"),
        says(r"LRScheduler\.__init__\(\) takes", "dependency-version-conflict"),
        trainer("nnUNetTrainerSchedule", DEFAULT_SCHEDULE),
        when=lambda scene: scene.release < (2, 5, 2),
    ),
    Fault(
        "train-default-old-torch-conflict",
        "nnunet-outdated",
        "the default trainer of an old nnU-Net with torch 2.13",
        TRAIN.replace(f"-tr {TRAINER} ", ""),
        says(r"LRScheduler\.__init__\(\) takes", "dependency-version-conflict"),
        when=lambda scene: scene.release < (2, 5, 2),
    ),
    Fault(
        "train-no-gpu",
        NO_GPU,
        "-device cuda with a CPU build of torch",
        TRAIN.replace(" -device cpu", ""),
        says(GPU_WORDS),
    ),
    Fault(
        "predict-no-gpu",
        NO_GPU,
        "-device cuda with a CPU build of torch",
        PREDICT.replace("-device cpu ", ""),
        says(GPU_WORDS),
    ),
    Fault(
        "train-two-gpus-none-there",
        NO_GPU,
        "-num_gpus 2 with a CPU build of torch",
        TRAIN.replace("-device cpu", "-num_gpus 2"),
        says(r"ProcessGroupNCCL|NCCL|not compiled with CUDA|No CUDA", "ddp-failure"),
    ),
    Fault(
        "predict-mps-on-linux",
        "mps-unsupported",
        "-device mps on Linux",
        PREDICT.replace("-device cpu", "-device mps"),
        says("MPS|mps"),
    ),
)
