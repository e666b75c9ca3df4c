"""The processes of a command before they have data, and the moment in which input files are listed."""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.memory.base import FORKED_OWN, LISTING_PROCESSES, Base, Table, base_of, listing_peak
from nndoctor.nnunet.memory.forecast import Row
from nndoctor.nnunet.memory.model import Call


@dataclass(frozen=True)
class Processes:
    """Bytes of the processes of a tree before they have data, by one way of counting."""

    main: int
    worker: int
    forked: int


def processes(base: Base, extra: int, shared_once: bool) -> Processes:
    if shared_once:
        return Processes(base.main + extra, base.worker - base.library, FORKED_OWN)
    return Processes(base.main + extra, base.worker, base.private + extra)


def listing_row(table: Table, call: Call, extra: int, granted: int | None) -> Row:
    """The moment in which the input files are listed: much RSS, little memory."""
    base, total = base_of(table, call), listing_peak(table, call, extra)
    charged = base.main + extra + (FORKED_OWN * LISTING_PROCESSES if total > base.main + extra else 0)
    return Row("listing", None, base.private, LISTING_PROCESSES, total, charged, granted, None, None, None, "listing")
