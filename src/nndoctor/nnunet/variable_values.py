"""Which values nnU-Net can do something with, variable by variable (v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

_LEAST = {"nnUNet_n_proc_DA": 0, "nnUNet_def_n_proc": 1, "nnUNet_npp": 1, "nnUNet_nps": 1}
_WORDS = {
    "nnUNet_compile": {"true", "1", "t", "false", "0", "f", "no", "n", "off"},
    "nnUNet_wandb_enabled": {"0", "1", "true", "false"},
    "nnUNet_wandb_mode": {"online", "offline", "disabled", "shared"},
    "nnUNet_keep_files_open": {"true", "1", "t", "false", "0", "f"},
}


class Complaint(NamedTuple):
    """What is wrong with a value, and whether nnU-Net stops at it or goes on with another."""

    words: str
    stops: bool


def complaint(name: str, value: str, lost: Collection[Path]) -> Complaint | None:
    """What is wrong with the value of a nnUNet_* variable that is not a data folder; None when nothing is.

    `lost` are the folders that are not there. Numbers: utilities/default_n_proc_DA.py and configuration.py call int()
    when nnU-Net is imported; predict_from_raw_data.py (_getDefaultValue, v2.6.2+) falls back to 3, but takes a 0.
    Words: nnUNetTrainer._do_i_compile and nnunet_dataset.py up to v2.5.2 (all but true, 1, t is off), nnunet_logger.py
    (v2.7.0+ raises on other words).
    """
    if name in ("nnUNet_npp", "nnUNet_nps") and not value:
        return None
    if name in _LEAST:
        return _number(value, _LEAST[name], name in ("nnUNet_npp", "nnUNet_nps"))
    if name in _WORDS and value.lower() not in _WORDS[name]:
        return Complaint("not one of " + ", ".join(sorted(_WORDS[name])), "wandb" in name)
    if name == "nnUNet_extTrainer":
        gone = [folder for folder in value.split(os.pathsep) if folder and Path(folder) in lost]
        return Complaint(f"no such folder: {gone[0][:80]}", False) if gone else None
    return None


def _number(value: str, least: int, falls_back: bool) -> Complaint | None:
    try:
        number = int(value)
    except ValueError:
        return Complaint("not an integer", not falls_back)
    return Complaint(f"less than {least}", True) if number < least else None
