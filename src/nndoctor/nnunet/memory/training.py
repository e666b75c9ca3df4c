"""Bytes of training in RAM: the main process, its forked workers, and batches in shared memory
(get_dataloaders and perform_actual_validation in training/nnUNetTrainer/nnUNetTrainer.py)."""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.memory.base import FORKED_OWN, Base
from nndoctor.nnunet.memory.model import Call, Model
from nndoctor.nnunet.memory.network import FULL_RESOLUTION_MAPS, inference_bytes, patch_voxels, weight_bytes

ENLARGED = 1.8
COPIES = 4
STEP_MAPS = 19.5


@dataclass(frozen=True)
class Augmentation:
    """Forked processes that make batches, and how many batches are kept ready."""

    train: int
    validate: int
    cached: int


def augmentation(workers: int) -> Augmentation:
    """nnUNet_n_proc_DA processes for training, half as many for validation; max(6, n/2) and max(3, n/4) batches in a
    queue, as many again in the thread that pins them, and one in the hands of each process. With 0 the main process
    does it."""
    if workers <= 0:
        return Augmentation(0, 0, 1)
    validate = max(1, workers // 2)
    return Augmentation(workers, validate, 2 * (max(6, workers // 2) + max(3, workers // 4)) + workers + validate)


def batch_bytes(model: Model, channels: int) -> int:
    """A batch: the image float32, and the target int16 at full resolution and its smaller copies (1/7 more in 3D, 1/3
    in 2D)."""
    smaller = 8 / 7 if len(model.patch) == 3 else 4 / 3
    return round(model.batch * patch_voxels(model) * (4 * (channels + model.previous) + 2 * smaller))


def forked_bytes(model: Model, channels: int, base: Base) -> int:
    """RSS of a worker: the main process's private memory, which fork shares; the sample at hand, cut larger than the
    patch (1.8 times, for rotations), with its label, and copies of both during augmentation; its batch."""
    sample = patch_voxels(model) * (4 * (channels + model.previous) + 4)
    return base.private + FORKED_OWN + round(ENLARGED * COPIES * sample) + batch_bytes(model, channels)


def main_bytes(model: Model, channels: int, call: Call) -> int:
    """The main process beside its base: weights, gradients, momentum and the averaged copy of a checkpoint; on the CPU
    also the feature maps of a step. On a GPU weights and maps are in its own memory."""
    states = 4 * weight_bytes(model, channels)
    if call.device != "cpu":
        return states // 2
    return states + model.batch * round(STEP_MAPS / FULL_RESOLUTION_MAPS * inference_bytes(model, channels))


def shared_batches(model: Model, channels: int, used: Augmentation) -> int:
    """Batches that wait in shared memory. No process has them in its RSS, but the kernel counts them."""
    return used.cached * batch_bytes(model, channels)
