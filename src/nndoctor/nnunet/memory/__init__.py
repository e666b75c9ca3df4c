"""How much memory nnU-Net will take: formulas from its code, release by release, and what measured runs say of them
(docs/memory.md). Knows shapes, plans and releases; knows nothing of the machine."""

from nndoctor.nnunet.memory.forecast import Row
from nndoctor.nnunet.memory.gpu import predict_gpu_row, training_gpu_row
from nndoctor.nnunet.memory.model import Call, Image, Model, itemsize_of
from nndoctor.nnunet.memory.prediction import predict_rows
from nndoctor.nnunet.memory.reading_plans import model_of
from nndoctor.nnunet.memory.stages import fingerprint_rows, preprocess_rows
from nndoctor.nnunet.memory.training_stage import training_rows

__all__ = [
    "Call",
    "Image",
    "Model",
    "Row",
    "fingerprint_rows",
    "itemsize_of",
    "model_of",
    "predict_gpu_row",
    "predict_rows",
    "preprocess_rows",
    "training_gpu_row",
    "training_rows",
]
