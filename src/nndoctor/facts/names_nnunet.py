"""Facts that nnU-Net's own files, its variables and the images state.

A list holds the first 50 values; the fact with `_count` behind its name says how many there are.
"""

from __future__ import annotations

from nndoctor.facts.model import FactSpec
from nndoctor.facts.names_training import SPECS as _TRAINING
from nndoctor.facts.specifying import lists as _lists
from nndoctor.facts.specifying import specs as _specs

_ENV = "env | grep -i nnunet"
_INPUT = "nndoctor diagnose LOG -i INPUT -m MODEL_FOLDER"
_MODEL = "nndoctor diagnose LOG -m MODEL_FOLDER"
_DATASET = "nndoctor diagnose LOG -d DATASET"

ENVIRONMENT = (
    *_specs(
        _ENV,
        ("env.raw_set", "bool", "nnUNet_raw is set"),
        ("env.preprocessed_set", "bool", "nnUNet_preprocessed is set"),
        ("env.results_set", "bool", "nnUNet_results is set"),
        ("env.raw_folder", "str", "the value of nnUNet_raw, as it is"),
        ("env.preprocessed_folder", "str", "the value of nnUNet_preprocessed, as it is"),
        ("env.results_folder", "str", "the value of nnUNet_results, as it is"),
        ("env.raw_exists", "bool", "the folder that nnUNet_raw names is there"),
        ("env.preprocessed_exists", "bool", "the folder that nnUNet_preprocessed names is there"),
        ("env.results_exists", "bool", "the folder that nnUNet_results names is there"),
        ("env.n_proc_da", "int", "nnUNet_n_proc_DA: workers for data augmentation; 0 breaks planning since v2.3.1"),
        ("env.def_n_proc", "int", "nnUNet_def_n_proc: processes used where no option says otherwise"),
        ("env.npp", "int", "nnUNet_npp: preprocessing workers of a prediction (v2.6.2 and newer)"),
        ("env.nps", "int", "nnUNet_nps: export workers of a prediction (v2.6.2 and newer)"),
    ),
    *_lists(
        _ENV,
        (
            "env.path_problems",
            "what is odd about the values: quotes, blanks, ~, relative, not expanded, twice the same",
        ),
        (
            "env.path_mistakes",
            "those of them that never name the folder that was meant: quotes, blanks, ~, not expanded",
        ),
        ("env.v1_names", "variables of nnU-Net v1 that are set"),
        ("env.near_misses", "variables whose names are almost those of nnU-Net, with the right one in brackets"),
        ("env.invalid", "other nnUNet_* variables at whose value nnU-Net stops, and why"),
        ("env.value_problems", "other nnUNet_* variables whose value nnU-Net silently replaces, and why"),
        ("env.settings", "other nnUNet_* variables that are set, with their values"),
    ),
)

DATASET = (
    *_specs(
        _DATASET,
        ("dataset.name", "str", "the one dataset folder that the id or name stands for"),
        ("dataset.ambiguous", "bool", "several dataset folders have this id"),
        ("dataset.json_found", "bool", "there is a dataset.json where nnU-Net looks for it"),
        ("dataset.json_problem", "str", "the first thing wrong with dataset.json, in words"),
        ("dataset.channels", "int", "entries of channel_names in dataset.json"),
        ("dataset.file_ending", "str", "file_ending in dataset.json"),
        ("dataset.labels", "int", "label numbers in dataset.json, background included, ignore label not"),
        ("dataset.labels_consecutive", "bool", "label numbers are 0, 1, 2 ... without a gap, the ignore label last"),
        ("dataset.has_regions", "bool", "a label of dataset.json is a region of several numbers"),
        ("dataset.has_ignore_label", "bool", "dataset.json has an ignore label"),
        ("dataset.num_training", "int", "numTraining in dataset.json"),
        ("dataset.reader", "str", "overwrite_image_reader_writer in dataset.json"),
        ("dataset.v1_style", "bool", "dataset.json is written as for nnU-Net v1"),
    ),
    *_lists(
        _DATASET,
        ("dataset.matches", "names of the dataset folders that fit the id or name"),
        ("dataset.json_problems", "all that is wrong with dataset.json, in words"),
    ),
)

MODEL = (
    *_specs(
        _MODEL,
        ("model.channels", "int", "channels that the model was trained with"),
        (
            "model.channels_disagree",
            "bool",
            "plans.json and dataset.json of the model tell different numbers of channels",
        ),
        ("model.exists", "bool", "the model folder is there"),
        ("model.problem", "str", "what the model folder is instead of a trainer folder"),
        ("model.folder", "str", "the trainer folder that was looked at"),
        ("model.trainer", "str", "the trainer in the folder's name"),
        ("model.plans", "str", "the plans in the folder's name"),
        ("model.configuration", "str", "the configuration in the folder's name"),
        ("model.folds", "list", "folds that have a folder: 0 to 4, all"),
        ("model.checkpoint", "str", "the name of the checkpoint asked for"),
        (
            "model.has_checkpoint",
            "bool",
            "every fold asked for has this checkpoint (any fold, when none was asked for)",
        ),
    ),
    *_lists(
        _MODEL,
        ("model.siblings", "trainer folders of this dataset that are there instead"),
        ("model.files_missing", "which of dataset.json and plans.json the model folder lacks"),
        ("model.checkpoints", "checkpoint files, as fold_0/checkpoint_final.pth"),
        ("model.bad_checkpoints", "checkpoints that cannot be loaded, and why (never unpickled)"),
        ("model.folds_without_checkpoint", "folds asked for that lack the checkpoint"),
        ("model.unfinished_folds", "folds with checkpoints but without checkpoint_final.pth"),
    ),
)

INPUT = (
    *_specs(
        _INPUT,
        ("input.exists", "bool", "the input folder is there"),
        ("input.files", "int", "files in the input folder, hidden ones not counted"),
        ("input.matching_files", "int", "files with the file ending of the model"),
        ("input.file_ending", "str", "the file ending that counted: the model's, else the commonest"),
        ("input.file_endings", "list", "file endings in the input folder, the commonest first"),
        ("input.cases", "int", "cases with at least one file CASE_0000 and ending"),
        ("input.channels", "int", "channels of the case that differs, or of all cases"),
        ("input.differing_case", "str", "the first case whose channels differ from the model, or from the others"),
        ("input.headers_read", "int", "images whose header was looked at, at most 2,000"),
        ("input.headers_skipped", "int", "images beyond these 2,000"),
        ("input.has_4d", "bool", "an image has four axes or more"),
        ("input.components", "int", "the most numbers per voxel: 1 grey, 3 RGB, 4 RGBA"),
        ("input.grid_differs", "bool", "the channels of a case differ in shape or spacing"),
    ),
    *_specs(_INPUT, ("input.largest_voxels", "int", "voxels of the largest image"), unit="voxels"),
    *_lists(
        _INPUT,
        ("input.cases_with_other_channels", "cases whose channels differ from the model, with their number"),
        ("input.without_suffix", "files without a channel number such as _0000"),
        ("input.hidden_files", "files that macOS left (._*); nnU-Net takes them for images"),
        ("input.oddly_numbered_cases", "cases whose channels are not numbered 0000, 0001, ..."),
        ("input.grid_differing_cases", "cases whose channels differ in shape or spacing"),
        ("input.spacing_invalid", "images whose spacing is zero, infinite or not a number"),
        ("input.truncated", "images that end before their header says they should"),
        ("input.truncation_unsettled", "images too large to settle here whether they are cut (gzip -t FILE does)"),
        ("input.unreadable", "images whose header cannot be read, and why"),
    ),
)

SPECS: tuple[FactSpec, ...] = (*ENVIRONMENT, *DATASET, *MODEL, *INPUT, *_TRAINING)
