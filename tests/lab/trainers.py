"""The trainers that the lab puts into nnU-Net's package: a tiny one, and broken ones."""

from __future__ import annotations

from pathlib import Path

from tests.lab.model import TRAINER

TINY = f'''from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer


class TinySchedule:
    def __init__(self, optimizer, initial_lr, max_steps):
        self.optimizer, self.initial_lr, self.max_steps = optimizer, initial_lr, max_steps

    def step(self, current_step):
        for group in self.optimizer.param_groups:
            group["lr"] = self.initial_lr * (1 - current_step / self.max_steps) ** 0.9

    def get_last_lr(self):
        return [group["lr"] for group in self.optimizer.param_groups]


class {TRAINER}(nnUNetTrainer):
    """One short epoch. The schedule is its own, because nnU-Net's old one does not run with a new torch."""

    epochs = 1

    def initialize(self):
        self.num_epochs = self.epochs
        self.num_iterations_per_epoch = 2
        self.num_val_iterations_per_epoch = 1
        super().initialize()

    def configure_optimizers(self):
        import torch

        optimizer = torch.optim.SGD(self.network.parameters(), self.initial_lr, momentum=0.99, nesterov=True)
        return optimizer, TinySchedule(optimizer, self.initial_lr, self.num_epochs)
'''

# 2.1 validates on a GPU or not at all: "Can use perform_everything_on_gpu=True only when device="cuda"
VALIDATE_ON_CPU = """

from nnunetv2.training.nnUNetTrainer import nnUNetTrainer as _module

_predict = _module.predict_sliding_window_return_logits


def _predict_anywhere(*args, **keywords):
    return _predict(*args, **{**keywords, "perform_everything_on_gpu": False})


_module.predict_sliding_window_return_logits = _predict_anywhere
"""


def write(folder: Path, name: str, body: str) -> Path:
    """Write a trainer derived from the tiny one; `body` is the text of the class body."""
    path = folder / f"{name}.py"
    head = f"import torch\n\nfrom nnunetv2.training.nnUNetTrainer.{TRAINER} import {TRAINER}\n\n\n"
    path.write_text(f"{head}class {name}({TRAINER}):\n{body}")
    return path


def install(package: Path) -> None:
    """The tiny trainer stays in the lab's package: predictions look it up by its name."""
    old = (package / "inference" / "sliding_window_prediction.py").read_text()
    text = TINY + VALIDATE_ON_CPU if "assert device.type ==" in old else TINY
    (package / "training" / "nnUNetTrainer" / f"{TRAINER}.py").write_text(text)
