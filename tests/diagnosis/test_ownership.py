"""Whose code a frame is, by its path."""

from __future__ import annotations

import pytest

from nndoctor.diagnosis.ownership import is_foreign, owner
from nndoctor.logs import Frame

UPSTREAM = {"nnunetv2": frozenset({"run/run_training.py"}), "nnunet": frozenset({"run/run_training.py"})}
PATHS = {
    "/v/lib/python3.11/site-packages/nnunetv2/run/run_training.py": "nnunet",
    "/v/lib/python3.11/site-packages/nnunetv2/training/nnUNetTrainer/mine.py": "user",
    "/srv/nnUNet/nnunetv2/run/run_training.py": "nnunet",
    "/x/envs/nnunet/lib/python3.9/site-packages/torch/nn/modules/conv.py": "library",
    "/x/envs/nnunet/lib/python3.9/multiprocessing/pool.py": "python",
    "/x/envs/nnunetv2/bin/nnUNetv2_train": "nnunet",
    "C:/Users/x/anaconda3/envs/nnunet/lib/site-packages/torch/serialization.py": "library",
    "C:/Users/x/anaconda3/envs/nnunet/Lib/multiprocessing/spawn.py": "python",
    "/v/lib/python3.11/site-packages/batchgenerators/dataloading/multi_threaded_augmenter.py": "nnunet",
    "/home/x/project/train.py": "user",
    "<frozen runpy>": "python",
    "blosc2/blosc2_ext.pyx": "library",
}


@pytest.mark.parametrize("path", PATHS)
def test_owner(path: str) -> None:
    assert owner(Frame(path, 1, "f", 1), UPSTREAM) == PATHS[path]


def test_foreign() -> None:
    def foreign(path: str) -> bool:
        return is_foreign(Frame(path, 1, "f", 1), UPSTREAM, frozenset({"torch"}))

    assert foreign("/v/lib/python3.11/site-packages/transformers/trainer.py")
    assert foreign("/home/x/project/train.py")
    assert not foreign("/v/lib/python3.11/site-packages/torch/nn/modules/conv.py")
    assert not foreign("/v/lib/python3.11/site-packages/nnunetv2/run/run_training.py")
