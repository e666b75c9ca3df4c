"""Video memory of training and of prediction, in bytes."""

from __future__ import annotations

from nndoctor.nnunet.memory.forecast import Row
from nndoctor.nnunet.memory.geometry import shapes
from nndoctor.nnunet.memory.model import Call, Image, Model
from nndoctor.nnunet.memory.network import patch_voxels, planner_estimate, weight_bytes
from nndoctor.nnunet.memory.predicting import CHECKS_FOR_INF

CONTEXT = 1_500_000_000
STEP_BYTES = 4.7
STATES = 4
INFERENCE_CONTEXT = 1_200_000_000
INFERENCE_MAPS = 8.5


def training_bytes(model: Model, channels: int) -> int:
    """VRAM of training: 4.7 bytes per number in the feature maps of the batch, weights with gradient, momentum and
    copy, and 1.5 GB for CUDA and cuDNN. Fitted to nnU-Net's table of measured VRAM (documentation/resenc_presets.md,
    nvidia-smi, A100: 7.7, 9.1, 22.7 and 36.6 GB for plans that fill 560, 680, 2,100 and 3,600 million numbers a
    sample)."""
    maps = round(STEP_BYTES * model.batch * planner_estimate(model))
    return maps + STATES * weight_bytes(model, channels) + CONTEXT


def inference_gpu_bytes(image: Image, model: Model, call: Call) -> int:
    """VRAM of prediction: the network (half precision maps), and unless --not_on_device the whole case: image float32,
    logits and counts half, and the search for infinite values (3 bytes a logit)."""
    channels = image.channels + model.previous
    features = model.levels[0].features if model.levels else 32
    network = weight_bytes(model, channels) + round(2 * INFERENCE_MAPS * features * patch_voxels(model))
    fixed = INFERENCE_CONTEXT + network
    if not call.on_device or call.device != "cuda":
        return fixed
    voxels = shapes(image, model, call.step_size).padded
    check = 3 if call.release >= CHECKS_FOR_INF else 0
    return fixed + voxels * (4 * channels + (2 + check) * model.heads + 2)


def training_gpu_row(model: Model, channels: int, granted: int | None = None) -> Row:
    """The row of a training's VRAM; `granted`: bytes of the card. No option but other plans makes it smaller."""
    need = training_bytes(model, channels)
    return Row("gpu", None, need, 1, need, need, granted, None, None, None, "vram-training")


def predict_gpu_row(images: list[Image], model: Model, call: Call, granted: int | None = None) -> Row | None:
    """The row of a prediction's VRAM, None without images. When the case does not fit, nnU-Net v2.2 and later keep it
    in RAM and go on slower."""
    if not images:
        return None
    needs = [inference_gpu_bytes(image, model, call) for image in images]
    worst = images[needs.index(max(needs))]
    return Row("gpu", worst.case, max(needs), 1, max(needs), max(needs), granted, None, None, None, "vram-prediction")
