"""Bytes that the main process of nnUNetv2_predict holds beside its own base
(nnUNetPredictor in inference/predict_from_raw_data.py)."""

from __future__ import annotations

from nndoctor.nnunet.memory.geometry import Shapes
from nndoctor.nnunet.memory.model import Call, Image, Model, Release
from nndoctor.nnunet.memory.network import inference_bytes

CHECKS_FOR_INF: Release = (2, 3, 0)
SENDS_NUMPY: Release = (2, 6, 1)
SENDS_TENSORS: Release = (2, 2, 0)


def predict_main_peak(image: Image, model: Model, sizes: Shapes, call: Call) -> int:
    """Bytes at the peak of one case in the main process, the logits of the case before it included."""
    before = logits(model, sizes) if call.cases > 1 else 0
    return before + max(
        sliding(image, model, sizes, call),
        summing(image, model, sizes, call),
        sending(image, model, sizes, call),
    )


def image_bytes(image: Image, model: Model, sizes: Shapes, call: Call) -> int:
    """The preprocessed image, float32, with one-hot labels of the previous stage; once more when it must be padded,
    and once more in pinned memory (a power of two) for CUDA."""
    channels = image.channels + model.previous
    plain = 4 * channels * sizes.target
    padded = 4 * channels * sizes.padded if sizes.padded > sizes.target else 0
    pinned = 1 << (plain - 1).bit_length() if call.device == "cuda" else 0
    return plain + padded + pinned


def logits(model: Model, sizes: Shapes) -> int:
    """The logits, half (2 bytes), one map per head."""
    return 2 * model.heads * sizes.padded


def on_device(call: Call) -> bool:
    """Whether logits are collected on the GPU (perform_everything_on_device)."""
    return call.device == "cuda" and call.on_device


def sliding(image: Image, model: Model, sizes: Shapes, call: Call) -> int:
    """While patches are predicted: the image, and without CUDA the logits, how often each voxel was predicted (half),
    and the network's feature maps; at the end the search for infinite values (3 bytes a logit: its magnitude and a
    mask)."""
    held = image_bytes(image, model, sizes, call)
    if on_device(call):
        return held
    network = 0 if call.device == "cuda" else inference_bytes(model, image.channels)
    check = 3 * model.heads * sizes.padded if call.release >= CHECKS_FOR_INF else 0
    return held + logits(model, sizes) + 2 * sizes.padded + max(network, check)


def summing(image: Image, model: Model, sizes: Shapes, call: Call) -> int:
    """With several folds, their logits are added up in RAM: the sum beside what one fold takes."""
    if call.folds < 2:
        return 0
    one = sliding(image, model, sizes, call)
    return one + logits(model, sizes) + (logits(model, sizes) if on_device(call) else 0)


def sending(image: Image, model: Model, sizes: Shapes, call: Call) -> int:
    """Sending the logits to an export worker. Numpy arrays (v2.6.1 and later, and before v2.2) are pickled: the array,
    its bytes, and the message. Tensors (v2.2 to v2.6.0) are copied once, into shared memory."""
    copies = 2 if SENDS_TENSORS <= call.release < SENDS_NUMPY else 3
    return image_bytes(image, model, sizes, call) + copies * logits(model, sizes)
