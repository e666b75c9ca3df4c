"""What nnUNetv2_train was asked to do (nnunetv2/run/run_training.py, v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nndoctor.facts.problems import Problem

DEVICES = ("cuda", "cpu", "mps")
COMMAND = "nnUNetv2_train"


@dataclass(frozen=True)
class TrainRequest:
    """The arguments under nnU-Net's names, with its defaults; `environ` is the environment of the run."""

    dataset: str
    configuration: str
    fold: str
    trainer: str = "nnUNetTrainer"
    plans: str = "nnUNetPlans"
    continues: bool = False
    validates: bool = False
    val_best: bool = False
    disable_checkpointing: bool = False
    saves_probabilities: bool = False
    num_gpus: int = 1
    pretrained: str | None = None
    device: str = "cuda"
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def fold_name(self) -> str:
        """'all', or the number as Python's int() reads it; as it was written when it is neither."""
        return str(int(self.fold)) if _is_number(self.fold) else self.fold

    @property
    def fold_is_number(self) -> bool:
        return _is_number(self.fold)

    @property
    def trains(self) -> bool:
        return not self.validates


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 9


def option_problems(asked: TrainRequest) -> Iterator[Problem]:
    """Arguments that nnU-Net refuses, alone or together."""
    yield from (Problem("train-options", COMMAND, None, {"detail": detail}) for detail in _refused(asked))


def _refused(asked: TrainRequest) -> Iterator[str]:
    if not asked.dataset.startswith("Dataset") and not _is_number(asked.dataset):
        yield f"the dataset must be a number or a name DatasetXXX_NAME, not {asked.dataset}"
    if asked.fold != "all" and not asked.fold_is_number:
        yield f"the fold must be a number or all, not {asked.fold}"
    if asked.device not in DEVICES:
        yield f"-device takes cuda, cpu or mps, not {asked.device}; CUDA_VISIBLE_DEVICES chooses the GPU"
    if asked.num_gpus > 1 and asked.device != "cuda":
        yield f"-num_gpus {asked.num_gpus} works with -device cuda only"
    if asked.continues and asked.validates:
        yield "--c and --val exclude each other"
    if asked.continues and asked.pretrained is not None:
        yield "--c and -pretrained_weights exclude each other"
    if asked.val_best and asked.disable_checkpointing:
        yield "--val_best and --disable_checkpointing exclude each other"
