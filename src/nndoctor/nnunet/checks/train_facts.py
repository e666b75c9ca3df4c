"""What a training needs, as facts that the rows of rules/common/problems-train.yaml compare with the machine."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path

from nndoctor.nnunet.checks.preprocessed_data import shapes_of
from nndoctor.nnunet.checks.train_checkpoints import FINAL, LATEST, ORDER, checkpoint_of, epoch_of
from nndoctor.nnunet.checks.train_data import unpacked_bytes, writable
from nndoctor.nnunet.checks.train_logs import History, history_of
from nndoctor.nnunet.checks.train_places import Places
from nndoctor.nnunet.checks.train_request import COMMAND, TrainRequest
from nndoctor.nnunet.checks.train_resampling import needs_numpy_2
from nndoctor.nnunet.checks.train_splits import split_of
from nndoctor.nnunet.checks.train_trainer import Trainer
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.files import is_file, subfolders_of
from nndoctor.nnunet.memory.model import Model
from nndoctor.nnunet.memory.network import weight_bytes
from nndoctor.nnunet.memory.reading_plans import model_of
from nndoctor.nnunet.memory.training import Augmentation, augmentation, batch_bytes
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.splits import FILE as SPLITS
from nndoctor.nnunet.stating import Statement, state

CHECKPOINTS_AT_ONCE = 3
"""best, latest and final: the last is written before the second is removed (nnUNetTrainer.on_train_end)."""
COPIES_PER_WEIGHT = 2
"""A checkpoint holds the weights and the momentum of SGD."""
SAVE_EVERY = 50
VISIBLE = "CUDA_VISIBLE_DEVICES"
LOAD_ALL = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"


def request_facts(asked: TrainRequest) -> Iterator[Statement]:
    """What the command line says."""
    yield state("train.num_gpus", asked.num_gpus, COMMAND)
    yield state("train.device", asked.device, COMMAND)
    yield state("train.continues", asked.continues, COMMAND)
    visible = asked.environ.get(VISIBLE)
    if asked.device == "cuda" and visible is not None:
        yield state("train.gpus_visible", _visible(visible), VISIBLE)


def _visible(value: str) -> int:
    """GPUs that CUDA_VISIBLE_DEVICES leaves: those before the first that is invalid (CUDA C++ programming guide)."""
    named = [each.strip() for each in value.split(",")]
    return next((count for count, each in enumerate(named) if each in ("", "-1")), len(named))


def loading_facts(asked: TrainRequest, places: Places) -> Iterator[Statement]:
    """Whether weights are loaded, and whether torch refuses what is no plain tensor in them (torch 2.6 and newer)."""
    chosen = checkpoint_of(asked, places.fold)
    loads = chosen is not None or (asked.pretrained is not None and asked.trains)
    allowed = asked.environ.get(LOAD_ALL, "").lower() in ("1", "y", "yes", "true")
    yield state("train.loads_safely_only", loads and not allowed, LOAD_ALL)


def place_facts(asked: TrainRequest, places: Places) -> Iterator[Statement]:
    """Whether the folders can be written."""
    if (results := writable(places.fold)) is not None and places.fold is not None:
        yield state("train.results_writable", results, places.fold)
    if asked.trains and (base := writable(places.base)) is not None:
        yield state("train.preprocessed_writable", base, places.base)


def progress_facts(
    asked: TrainRequest, places: Places, trainer: Trainer | None, history: History
) -> Iterator[Statement]:
    """Where the training begins, how many epochs are left, how long they take by earlier logs."""
    if trainer is None or trainer.path is None:
        return
    yield state("train.trainer_file", str(trainer.path), trainer.path)
    yield state("train.own_schedule", trainer.own_schedule, trainer.path)
    epochs, chosen, first = trainer.epochs, checkpoint_of(asked, places.fold), 0
    if chosen is not None:
        first = _first_epoch(chosen, history, epochs)
        yield state("train.checkpoint", str(chosen), chosen)
        yield state("train.first_epoch", first, chosen)
        yield state("train.ended", first >= epochs if epochs is not None else chosen.name == FINAL, chosen)
    if epochs is None:
        return
    yield state("train.epochs", epochs, trainer.path)
    if asked.trains:
        yield state("train.epochs_left", max(0, epochs - first), trainer.path)
        yield from _time_facts(places, history, max(0, epochs - first), first)


def _first_epoch(checkpoint: Path, history: History, epochs: int | None) -> int:
    """By the checkpoint itself, else by the logs: checkpoint_latest is written after every 50th epoch."""
    told = epoch_of(checkpoint)
    if told is not None:
        return max(0, told)
    finished = history.finished or 0
    if checkpoint.name == FINAL:
        return epochs or finished
    return finished - finished % SAVE_EVERY if checkpoint.name == LATEST else finished


def _time_facts(places: Places, history: History, left: int, first: int) -> Iterator[Statement]:
    where, seconds = places.fold, history.epoch_seconds
    if seconds is None and places.model is not None:
        where, seconds = _of_other_folds(places.model)
    if seconds is None or where is None:
        return
    yield state("train.epoch_seconds", seconds, where)
    yield state("train.seconds_needed", round(left * seconds), where)
    if left > SAVE_EVERY:
        yield state("train.seconds_to_checkpoint", round((SAVE_EVERY - first % SAVE_EVERY) * seconds), where)


def _of_other_folds(model: Path) -> tuple[Path | None, float | None]:
    for name in subfolders_of(model):
        seconds = history_of(model / name).epoch_seconds if name.startswith("fold_") else None
        if seconds is not None:
            return model / name, seconds
    return None, None


def room_facts(
    asked: TrainRequest,
    places: Places,
    plans: Plans,
    dataset: DatasetJson,
    data: PreprocessedData | None,
    workers: int | None,
) -> Iterator[Statement]:
    """Room in shared memory and on disk. `workers` augment, None when that is not known."""
    configuration = plans.configuration(asked.configuration)
    model = model_of(plans.content, configuration, asked.configuration, dataset.content)
    channels = plans.channels(asked.configuration)
    if model is None or channels is None:
        return
    if workers is not None and workers > 0 and asked.trains:
        waiting = _shared(augmentation(workers), asked.device)
        yield state("train.shm_needed", waiting * batch_bytes(model, channels), plans.path)
    if places.fold is not None:
        needed = _checkpoint_bytes(asked, places.fold, model, channels)
        needed += _probability_bytes(asked, places, model, data)
        yield state("train.results_needed", needed, places.fold)
    if data is not None and data.format == "npz" and asked.trains:
        yield state("train.unpacking_needed", unpacked_bytes(data), data.folder)


def _shared(used: Augmentation, device: str) -> int:
    """Batches in shared memory when every queue is full: one with each worker, one queue between processes; on the CPU
    also the queue behind it, which on a GPU holds pinned copies (NonDetMultiThreadedAugmenter of batchgenerators)."""
    workers = used.train + used.validate
    queues = used.cached - workers
    return workers + (queues if device == "cpu" else queues // 2)


def _probability_bytes(asked: TrainRequest, places: Places, model: Model, data: PreprocessedData | None) -> int:
    """--npz: float32 for every output and voxel of the validation cases, before compression."""
    if not asked.saves_probabilities or data is None:
        return 0
    split = split_of(places.base / SPLITS, asked.fold_name)
    cases = [case for case in data.cases if split is None or case in split.val]
    return sum(4 * model.heads * prod(shape[1:]) for _, shape in shapes_of(data, cases))


def _checkpoint_bytes(asked: TrainRequest, fold: Path, model: Model, channels: int) -> int:
    """Three checkpoints, less those of this fold that are overwritten."""
    if asked.disable_checkpointing or not asked.trains:
        return 0
    there = [path for path in (fold / name for name in ORDER) if is_file(path)]
    one = max((path.stat().st_size for path in there), default=COPIES_PER_WEIGHT * weight_bytes(model, channels))
    return (CHECKPOINTS_AT_ONCE - len(there)) * one


def data_facts(data: PreprocessedData | None, places: Places) -> Iterator[Statement]:
    """In which format the data are, and where."""
    yield state("preprocessed.folder", str(places.data), places.data)
    yield state("preprocessed.exists", data is not None, places.data)
    if data is not None:
        yield state("preprocessed.cases", len(data.cases), data.folder)
        yield state("preprocessed.format", data.format, data.folder)
        if (newer := needs_numpy_2(data)) is not None:
            yield state("train.needs_numpy_2", newer, data.folder)
    if places.model is not None:
        yield state("model.folder", str(places.model), places.model)
