"""Bytes that a process takes before it has any image: interpreter, torch, nnU-Net. The constants of the forecast.

Measured with benchmarks/memory/measure.py on Linux, Python 3.11, torch 2.13.0 (CPU build), with images of 32x40x36 voxels; RSS.
CUDA builds were not measured for every release: their libraries and the CUDA context come on top (CUDA_MAIN, CUDA_WORKER).
"""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.memory.model import Device, Release

MIB = 2**20
TRACKER = 12 * MIB
LISTING_PROCESSES = 12
LISTS_IN_PROCESSES: Release = (2, 5, 0)
CUDA_MAIN = 1900 * MIB
CUDA_WORKER = 150 * MIB
FORKED_OWN = 25 * MIB


@dataclass(frozen=True)
class Base:
    """RSS in bytes. main: after its imports; private: the part of it that a forked child shows again; library: file pages that
    all processes share; worker: one that was spawned; warm: what the first passes of a network leave behind."""

    main: int
    private: int
    library: int
    worker: int
    warm: int = 0


def _mib(main: int, private: int, library: int, worker: int, warm: int = 0) -> Base:
    return Base(main * MIB, private * MIB, library * MIB, worker * MIB, warm * MIB)


PREDICT: tuple[tuple[Release, Base], ...] = (
    ((2, 6, 1), _mib(560, 383, 180, 472, 70)),
    ((2, 5, 0), _mib(580, 404, 180, 538, 70)),
    ((2, 0, 0), _mib(590, 407, 180, 498, 70)),
)
PREPROCESS: tuple[tuple[Release, Base], ...] = (
    ((2, 6, 1), _mib(405, 252, 150, 411)),
    ((2, 5, 0), _mib(466, 295, 170, 471)),
    ((2, 0, 0), _mib(425, 270, 155, 431)),
)
TRAIN: tuple[tuple[Release, Base], ...] = (((2, 0, 0), _mib(560, 410, 180, 549, 70)),)


def base_of(table: tuple[tuple[Release, Base], ...], release: Release, device: Device = "cpu") -> Base:
    """The row of the newest release that is not newer than the given one; with CUDA's share when it is used."""
    found = next((base for since, base in table if release >= since), table[-1][1])
    if device != "cuda":
        return found
    library = found.library + CUDA_MAIN // 3
    return Base(found.main + CUDA_MAIN, found.private + CUDA_MAIN // 2, library, found.worker + CUDA_WORKER, found.warm)


def listing_peak(table: tuple[tuple[Release, Base], ...], release: Release, device: Device = "cpu") -> int:
    """The sum of RSS while v2.5 and later list the input files in 12 forked processes, for about a quarter of a second
    (create_lists_from_splitted_dataset_folder in utilities/utils.py). They share their parent's memory: the kernel counts
    it once, the sum of RSS 13 times. Before v2.5 nothing is forked here."""
    base = base_of(table, release, device)
    children = LISTING_PROCESSES if release >= LISTS_IN_PROCESSES else 0
    return base.main + children * base.private
