"""nndoctor: a crash analyzer and log doctor for nnU-Net."""

from __future__ import annotations

__version__ = "0.1.0"
