"""Checkpoints as torch.save writes them, made without torch: a stored zip with the pickle of a dictionary."""

from __future__ import annotations

import pickle
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from tests.nnunet.folders import DATASET_JSON, PLANS

SHAPES = {
    "encoder.stages.0.0.convs.0.conv.weight": (32, 2, 3, 3, 3),
    "encoder.stages.0.0.convs.0.conv.bias": (32,),
    "decoder.seg_layers.0.weight": (2, 64, 1, 1, 1),
    "decoder.seg_layers.0.bias": (2,),
}


class Tensor:
    """Is pickled as torch pickles a tensor (torch/_tensor.py, _reduce_ex_internal)."""

    def __init__(self, shape: tuple[int, ...], rebuild: Callable[..., object]) -> None:
        self._shape, self._rebuild = shape, rebuild

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._rebuild, (("storage", "FloatStorage", "0", "cpu", 1), 0, self._shape, (1,), False, OrderedDict())


def _rebuild_tensor_v2() -> None:
    raise AssertionError("nobody may call this")


def content(**changes: object) -> dict[str, object]:
    """What nnUNetTrainer.save_checkpoint writes (v2.8.1); what is None in `changes` is left out."""
    told: dict[str, object] = {
        "network_weights": SHAPES,
        "optimizer_state": {"state": {}},
        "current_epoch": 1000,
        "init_args": {"plans": PLANS, "configuration": "3d_fullres", "fold": 0, "dataset_json": DATASET_JSON},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1, 2),
        **changes,
    }
    return {key: value for key, value in told.items() if value is not None}


def write_trained(path: Path, **changes: object) -> Path:
    """A checkpoint; `changes` as in `content`, with the shapes of the weights under network_weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{path.stem}/data.pkl", pickled(content(**changes)))
        for number in range(3):
            archive.writestr(f"{path.stem}/data/{number}", bytes([number]) * 3000)
        archive.writestr(f"{path.stem}/version", b"3\n")
    return path


def pickled(told: dict[str, object]) -> bytes:
    """The pickle, with tensors in the place of the shapes of network_weights."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    _rebuild_tensor_v2.__module__ = "torch._utils"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    shapes = told.get("network_weights")
    if isinstance(shapes, dict):
        weights = OrderedDict((name, Tensor(shape, _rebuild_tensor_v2)) for name, shape in shapes.items())
        told = {**told, "network_weights": weights}
    with patch.dict(sys.modules, {"torch": torch, "torch._utils": utils}):
        return pickle.dumps(told, protocol=2)
