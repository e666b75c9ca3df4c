"""Which values nnU-Net can do something with, variable by variable (v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from pathlib import Path

from nndoctor.nnunet.files import is_folder

_LEAST = {"nnUNet_n_proc_DA": 0, "nnUNet_def_n_proc": 1, "nnUNet_npp": 1, "nnUNet_nps": 1}
_WORDS = {
    "nnUNet_compile": {"true", "1", "t", "false", "0", "f", "no", "n", "off"},
    "nnUNet_wandb_enabled": {"0", "1", "true", "false"},
    "nnUNet_wandb_mode": {"online", "offline", "disabled", "shared"},
    "nnUNet_keep_files_open": {"true", "1", "t", "false", "0", "f"},
}


def complaint(name: str, value: str) -> str | None:
    """What is wrong with the value of a nnUNet_* variable that is not a data folder; None when nothing is.

    Numbers: utilities/default_n_proc_DA.py, configuration.py, predict_from_raw_data.py call int(). Words:
    nnUNetTrainer._do_i_compile (all but true, 1, t is off), nnunet_logger.py (v2.7.0+ raises on other words).
    """
    if name in ("nnUNet_npp", "nnUNet_nps") and not value:
        return None
    if name in _LEAST:
        return _number(value, _LEAST[name])
    if name in _WORDS and value.lower() not in _WORDS[name]:
        return "not one of " + ", ".join(sorted(_WORDS[name]))
    if name == "nnUNet_extTrainer":
        return _folders(value)
    return None


def _number(value: str, least: int) -> str | None:
    try:
        number = int(value)
    except ValueError:
        return "not an integer"
    return f"less than {least}" if number < least else None


def _folders(value: str) -> str | None:
    lost = [folder for folder in value.split(os.pathsep) if not is_folder(Path(folder))]
    return f"no such folder: {lost[0][:80]}" if lost else None
