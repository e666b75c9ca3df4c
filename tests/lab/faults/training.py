"""Training with devices that are not there, with another torch, with a loss that becomes NaN."""

from __future__ import annotations

from tests.lab.faults.commands import PREDICT, TRAIN, says
from tests.lab.faults.custom_code import train, trainer
from tests.lab.model import TRAINER, Fault, Scene

NO_GPU = "cuda-unavailable"
GPU_WORDS = r"not compiled with CUDA|no NVIDIA driver|Cannot access accelerator|No CUDA GPUs|is_available\(\) is False"


NAN = """    epochs = 3

    def __init__(self, plans, configuration, fold, dataset_json, device=torch.device("cuda")):
        super().__init__(plans, configuration, fold, dataset_json, device=device)
        self.initial_lr = 1e38
"""
OLD_NAN = NAN.replace('dataset_json, device=torch.device("cuda")):', "dataset_json, unpack_dataset=True, device=None):")
DEFAULT_SCHEDULE = """    def configure_optimizers(self):
        from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
        return nnUNetTrainer.configure_optimizers(self)
"""


def nan_trainer(scene: Scene) -> None:
    trainer("nnUNetTrainerFast", NAN if scene.release >= (2, 6) else OLD_NAN)(scene)


FAULTS = (
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
