"""Facts that the pasted text states."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec

SPECS: tuple[FactSpec, ...] = (
    FactSpec("log.command", "str", None, "the last nnU-Net command that the text shows, without its arguments"),
    FactSpec("log.command_line", "str", None, "that command with its arguments, as typed"),
    FactSpec("log.input_folder", "str", None, "the -i argument of that command"),
    FactSpec("log.model_folder", "str", None, "the -m argument of that command"),
    FactSpec("log.dataset", "str", None, "the dataset id or name given to that command"),
    FactSpec("log.configuration", "str", None, "the configuration given to that command"),
    FactSpec("log.paths", "list", None, "absolute paths that the text names, most telling first"),
    FactSpec("log.platform", "str", None, "linux, windows or macos, read off the paths in the text"),
    FactSpec("log.nnunet_major", "int", None, "1 or 2: the nnU-Net generation that the text shows"),
    FactSpec("log.epochs", "int", None, "how many epochs the text shows as finished"),
    FactSpec("log.last_epoch", "int", None, "the number of the last epoch that the text shows"),
    FactSpec("log.nan_epochs", "int", None, "epochs whose train or validation loss is nan"),
    FactSpec("log.training_done", "bool", None, "the text says that the training finished"),
    FactSpec("log.validation_complete", "bool", None, "the text says that the validation finished"),
    FactSpec("log.exceptions", "int", None, "how many exceptions the text shows"),
    FactSpec("log.cases_found", "int", None, "the number in 'There are N cases in the source folder'"),
    FactSpec("log.truncated", "bool", None, "the text stops inside a traceback"),
    FactSpec("log.epoch_seconds", "float", "s", "median of the epoch times that the text shows"),
    FactSpec(
        "nnunetv2.version",
        "version",
        None,
        "version of nnunetv2 that was running",
        how="python -m pip show nnunetv2",
    ),
    FactSpec("nnunetv2.version_min", "version", None, "oldest nnunetv2 that prints what the text shows"),
    FactSpec("nnunetv2.version_max", "version", None, "newest nnunetv2 that prints what the text shows"),
    FactSpec(
        "nnunetv2.unmet",
        "list",
        None,
        "packages of another version than this nnunetv2 needs",
        how="python -m pip check",
    ),
    FactSpec("torch.version", "version", None, "version of torch that was running", how="python -m pip show torch"),
    FactSpec("numpy.version", "version", None, "version of numpy that was running", how="python -m pip show numpy"),
    FactSpec("python.version", "version", None, "version of the Python interpreter that was running"),
)
