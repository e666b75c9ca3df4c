"""Bytes that a segmentation export worker holds beside its own base: logits half, resampled to the image, then labels
(convert_predicted_logits_to_segmentation_with_correct_shape in inference/export_prediction.py)."""

from __future__ import annotations

from nndoctor.nnunet.memory.geometry import Shapes
from nndoctor.nnunet.memory.model import Call, Model, Release
from nndoctor.nnunet.memory.resampling import ONE_RESULT, logits_to_image

SKIPS_SOFTMAX: Release = (2, 8, 0)
HALF_LOGITS: Release = (2, 2, 0)
MOSTLY = 0.75


def export_peak(model: Model, sizes: Shapes, call: Call) -> int:
    """Bytes at the peak of the export of one case. The task's logits (half) stay until the task is done."""
    itemsize = 2 if call.release >= HALF_LOGITS else 4
    received = 2 * model.heads * sizes.target
    resampled = itemsize * model.heads * sizes.cropped if sizes.resampled or itemsize == 4 else 0
    copied = 4 * model.heads * sizes.target if itemsize == 4 else 0
    moments = [
        2 * received,
        received + copied + logits_to_image(sizes, model.heads, itemsize, call.release),
        received + resampled + _to_labels(model, sizes, call),
    ]
    if call.save_probabilities:
        moments.append(received + _uncropping(model, sizes))
    return max(moments)


def early_bytes(model: Model, sizes: Shapes, call: Call) -> int:
    """What an export holds on average while it resamples: its logits and most of the resampling."""
    resampling = logits_to_image(sizes, model.heads, 2, max(call.release, ONE_RESULT))
    return min(export_peak(model, sizes, call), 2 * model.heads * sizes.target + round(MOSTLY * resampling))


def _to_labels(model: Model, sizes: Shapes, call: Call) -> int:
    """From logits to labels. v2.8.0 and later take the argmax of the logits: numpy copies them to bring the classes
    together and makes int64. Regions, probabilities, and all releases before v2.8.0 go through float32 logits and
    their softmax."""
    logits, voxels = model.heads * sizes.cropped, sizes.cropped
    through_softmax = model.regions or call.save_probabilities or call.release < SKIPS_SOFTMAX
    if not through_softmax:
        return 2 * logits + 8 * voxels
    argmax = 8 * voxels if call.release >= SKIPS_SOFTMAX and not model.regions else 0
    return 8 * logits + argmax


def _uncropping(model: Model, sizes: Shapes) -> int:
    """Float32 probabilities of the cropped image and of the whole (revert_cropping_on_probabilities)."""
    return 4 * model.heads * (sizes.cropped + sizes.read) + sizes.read
