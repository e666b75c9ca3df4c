"""The table of faults, one module for each part of nnU-Net's work. A module's FAULTS is found by itself."""

from __future__ import annotations

import importlib
import pkgutil

from tests.lab.model import Fault


def table() -> dict[str, Fault]:
    """All faults by name, in the order of the modules."""
    found: dict[str, Fault] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for fault in getattr(importlib.import_module(module.name), "FAULTS", ()):
            if fault.name in found:
                raise ValueError(f"two faults are named {fault.name}")
            found[fault.name] = fault
    return found
