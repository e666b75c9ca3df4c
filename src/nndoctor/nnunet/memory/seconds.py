"""Rough seconds of the steps of a prediction, only to tell which steps overlap. Nanoseconds per voxel of the lab's
machine."""

from __future__ import annotations

from nndoctor.nnunet.memory.geometry import Shapes
from nndoctor.nnunet.memory.model import Call, Image, Model
from nndoctor.nnunet.memory.network import patch_voxels

READ, CUBIC, LABEL = 60e-9, 300e-9, 150e-9
LINEAR, NEAREST, ARGMAX, SOFTMAX = 90e-9, 250e-9, 15e-9, 40e-9
ADD = 2e-8
CPU_CORE, GPU = 6e10, 2e13
MOST_CORES = 16
LEAST_FEATURES = 16


def preprocess_seconds(image: Image, sizes: Shapes) -> float:
    work = READ * image.channels * image.voxels
    return work + ((CUBIC * image.channels + LABEL) * sizes.target if sizes.resampled else 0.0)


def export_seconds(model: Model, sizes: Shapes, call: Call) -> float:
    logits = model.heads * sizes.cropped
    resampling = (NEAREST if sizes.depth_changes else LINEAR) * logits if sizes.resampled else 0.0
    softmax = SOFTMAX * logits if call.save_probabilities or call.release < (2, 8, 0) else 0.0
    return resampling + ARGMAX * logits + softmax + (10 * softmax if call.save_probabilities else 0.0)


def predict_seconds(image: Image, model: Model, sizes: Shapes, call: Call) -> float:
    """Windows times mirrored passes times the network's multiplications."""
    passes = (2 ** len(model.patch) if call.mirroring else 1) * call.folds
    windows = sizes.patches * passes
    speed = GPU if call.device != "cpu" else CPU_CORE * max(1, min(call.cores, MOST_CORES))
    voxels = patch_voxels(model)
    adding = ADD * model.heads * voxels * sizes.patches if call.device == "cpu" else 0.0
    return windows * operations(model, image.channels) / speed + adding + 0.05 * call.folds


def operations(model: Model, channels: int) -> float:
    """Floating point operations of one pass over one patch: per level two convolutions down and two up."""
    voxels, levels = patch_voxels(model), model.levels
    kernel = 9 if model.is_2d else 27
    if not levels:
        return 250.0 * voxels * 32**2
    features = [max(LEAST_FEATURES, level.features) for level in levels]
    first = 2 * kernel * voxels * channels * features[0]
    return first + sum(9 * kernel * voxels * level.share * own**2 for level, own in zip(levels, features, strict=True))
