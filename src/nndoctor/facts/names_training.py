"""Facts of what planning, preprocessing and earlier trainings left, and of a training that is to be started.

A list holds the first 50 values; the fact with `_count` behind its name says how many there are.
"""

from __future__ import annotations

from nndoctor.facts.model import FactSpec
from nndoctor.facts.specifying import lists as _lists
from nndoctor.facts.specifying import specs as _specs

_CONFIGURATION = "nndoctor diagnose LOG -d DATASET -c CONFIGURATION"
_TRAIN = "nndoctor check train DATASET CONFIGURATION FOLD"

PLANS = (
    *_specs(
        _CONFIGURATION,
        ("plans.found", "bool", "there is a plans file where nnU-Net looks for it"),
        ("plans.problem", "str", "the first thing wrong with the plans, in words"),
        ("plans.configurations", "list", "configurations in the plans"),
        ("plans.has_configuration", "bool", "the configuration asked for is in the plans"),
        ("plans.era", "str", "the nnunetv2 releases that write such plans: '<=2.2.1' or '>=2.3.1'"),
        ("plans.name", "str", "plans_name in the plans"),
        ("plans.dataset_name", "str", "dataset_name in the plans"),
        ("plans.planner", "str", "the planner that made the plans"),
        ("plans.reader", "str", "the class that reads the images, by the plans"),
        ("plans.channels", "int", "normalization schemes of the configuration: one per channel"),
        ("plans.batch_size", "int", "batch size of the configuration"),
        ("plans.normalization", "list", "normalization schemes of the configuration, by channel"),
        ("plans.is_cascade", "bool", "the configuration needs the prediction of a previous stage"),
    ),
    *_specs(_CONFIGURATION, ("plans.patch_size", "list", "patch size of the configuration"), unit="voxels"),
    *_specs(_CONFIGURATION, ("plans.spacing", "list", "spacing that images are resampled to"), unit="mm"),
    *_lists(_CONFIGURATION, ("plans.problems", "all that is wrong with the plans, in words")),
)

PREPROCESSED = (
    *_specs(
        _CONFIGURATION,
        ("preprocessed.dataset_exists", "bool", "the dataset has a folder in nnUNet_preprocessed"),
        ("preprocessed.has_fingerprint", "bool", "dataset_fingerprint.json is there"),
        ("preprocessed.has_gt_segmentations", "bool", "the folder gt_segmentations is there"),
        ("preprocessed.exists", "bool", "the folder of the preprocessed configuration is there"),
        ("preprocessed.folder", "str", "that folder"),
        ("preprocessed.cases", "int", "preprocessed cases of the configuration"),
        ("preprocessed.format", "str", "'npz' (up to v2.5.2), 'b2nd' (from v2.6.0), 'mixed' or 'none'"),
        ("preprocessed.stale", "bool", "the dataset changed after it was fingerprinted or preprocessed"),
        ("preprocessed.files_checked", "int", "files whose length was checked, at most 6,000"),
        ("splits.found", "bool", "splits_final.json is there"),
        ("splits.problem", "str", "why splits_final.json cannot be used"),
        ("splits.folds", "int", "folds in splits_final.json"),
        ("splits.fold_in_range", "bool", "splits_final.json has the fold asked for"),
        ("splits.val_in_train", "bool", "a validation case is also a training case of its fold"),
    ),
    *_lists(
        _CONFIGURATION,
        ("preprocessed.corrupt", "files that are empty, truncated or no array, and why"),
        ("preprocessed.incomplete", "cases that lack their .pkl or their segmentation"),
        ("preprocessed.stale_reasons", "how it is known that the dataset changed"),
        ("preprocessed.unprocessed_cases", "training cases that are not preprocessed"),
        ("splits.missing_cases", "cases of splits_final.json that are not preprocessed"),
    ),
)

TRAINING: tuple[FactSpec, ...] = (
    *_specs(
        _TRAIN,
        ("train.num_gpus", "int", "GPUs that the training is asked to use (-num_gpus)"),
        ("train.device", "str", "device that the training is asked to use (-device): cuda, cpu or mps"),
        ("train.gpus_visible", "int", "GPUs that CUDA_VISIBLE_DEVICES leaves to the training"),
        ("train.continues", "bool", "the training is asked to continue (--c)"),
        ("train.checkpoint", "str", "the checkpoint that the training begins with"),
        ("train.first_epoch", "int", "the epoch that the training begins with, counted from 0"),
        ("train.ended", "bool", "that checkpoint is the end of the training"),
        ("train.epochs", "int", "epochs of the trainer, as its code says: 1000 unless a class sets num_epochs"),
        ("train.epochs_left", "int", "epochs that are still to be trained"),
        ("train.trainer_file", "str", "the file with the class of the trainer"),
        ("train.needs_numpy_2", "bool", "the .pkl files of the preprocessed cases were written with numpy 2"),
        ("train.own_schedule", "bool", "the trainer sets the optimizer and its schedule itself"),
        ("train.loads_safely_only", "bool", "weights are loaded, and TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD is not set"),
        ("train.results_writable", "bool", "the folder of this fold is there and can be written, or can be made"),
        ("train.preprocessed_writable", "bool", "the dataset's folder in nnUNet_preprocessed can be written"),
    ),
    *_specs(
        _TRAIN,
        ("train.epoch_seconds", "float", "time of an epoch: median of the last 50 in the logs of this fold, or others"),
        ("train.seconds_needed", "int", "time for the epochs that are left, by the time of earlier epochs"),
        ("train.seconds_to_checkpoint", "int", "time until checkpoint_latest.pth is written for the first time"),
        unit="s",
    ),
    *_specs(
        _TRAIN,
        ("train.shm_needed", "int", "shared memory for the batches that wait in queues"),
        (
            "train.results_needed",
            "int",
            "room for the checkpoints, and with --npz for the probabilities of the validation",
        ),
        ("train.unpacking_needed", "int", "room for the .npy files that training unpacks (up to v2.5.2)"),
        unit="bytes",
    ),
)

SPECS: tuple[FactSpec, ...] = (*PLANS, *PREPROCESSED)
