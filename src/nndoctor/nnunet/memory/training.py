"""Bytes of training in RAM: the main process, its forked workers, and batches in shared memory
(get_dataloaders and perform_actual_validation in training/nnUNetTrainer/nnUNetTrainer.py)."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from nndoctor.nnunet.memory.base import FORKED_OWN, MIB, TRAIN, base_of
from nndoctor.nnunet.memory.model import Call, Model
from nndoctor.nnunet.memory.network import inference_bytes, patch_voxels, weight_bytes


@dataclass(frozen=True)
class Augmentation:
    """Forked processes that make batches, and how many batches are kept ready."""

    train: int
    validate: int
    cached: int


def augmentation(workers: int) -> Augmentation:
    """nnUNet_n_proc_DA processes for training, half as many for validation; max(6, n/2) and max(3, n/4) batches in a queue, as
    many again in the thread that pins them, and one in the hands of each process. With 0 the main process does it."""
    if workers <= 0:
        return Augmentation(0, 0, 1)
    validate = max(1, workers // 2)
    return Augmentation(workers, validate, 2 * (max(6, workers // 2) + max(3, workers // 4)) + workers + validate)


def batch_bytes(model: Model, channels: int) -> int:
    """A batch: the image float32, and the target int16 at full resolution and its smaller copies (1/7 more in 3D, 1/3 in 2D)."""
    smaller = 8 / 7 if len(model.patch) == 3 else 4 / 3
    return round(model.batch * patch_voxels(model) * (4 * (channels + model.previous) + 2 * smaller))


def worker_bytes(model: Model, channels: int) -> int:
    """What a worker allocates for itself: a sample of the enlarged patch (rotation: up to 1.5 times along two axes, measured),
    about eight such arrays during augmentation, and its batch."""
    enlarged = prod(model.patch) * ENLARGED
    return round(enlarged * (4 * channels + 4) * COPIES) + batch_bytes(model, channels)


ENLARGED = 1.8
COPIES = 4


def training_main_peak(model: Model, channels: int, call: Call) -> int:
    """The main process beside its base: weights, gradients, momentum; on the CPU also all feature maps of a step."""
    states = 4 * weight_bytes(model, channels)
    if call.device != "cpu":
        return states // 2
    return states + step_bytes(model, channels)


def step_bytes(model: Model, channels: int) -> int:
    """Feature maps of a training step on the CPU."""
    return model.batch * 3 * inference_bytes(model, channels)


def training_peak(model: Model, channels: int, workers: int, call: Call) -> int:
    """Sum of RSS of all processes while epochs run."""
    base, used = base_of(TRAIN, call.release, call.device), augmentation(workers)
    main = base.main + base.warm + training_main_peak(model, channels, call)
    forked = (used.train + used.validate) * (base.private + FORKED_OWN + worker_bytes(model, channels))
    return main + forked + used.cached * batch_bytes(model, channels) + 12 * MIB
