"""Bytes that a process takes before it has any image: interpreter, torch, nnU-Net. The constants of the forecast.

Measured with benchmarks/memory/measure.py on Linux, Python 3.11, torch 2.13.0 (CPU build), with images of 32x40x36
voxels; RSS. A CUDA build adds CUDA_IMPORT to every process (1.05 GB instead of 560 MB in the main process, seen once),
of which CUDA_LIBRARY is thought to be shared file pages, and CUDA_CONTEXT to the main process when the GPU is first
used; these three are estimates (benchmarks/memory/gpu_points.py measures them).
"""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.memory.model import Call, Release

MIB = 2**20
TRACKER = 12 * MIB
LISTING_PROCESSES = 12
LISTS_IN_PROCESSES: Release = (2, 5, 0)
CUDA_IMPORT = 490 * MIB
CUDA_LIBRARY = 330 * MIB
CUDA_CONTEXT = 1400 * MIB
FORKED_OWN = 25 * MIB


@dataclass(frozen=True)
class Base:
    """RSS in bytes. main: after its imports; private: the part of it that a forked child shows again; library: file
    pages that all processes share; worker: one that was spawned; warm: what the first passes of a network leave
    behind."""

    main: int
    private: int
    library: int
    worker: int
    warm: int = 0


def _mib(main: int, private: int, library: int, worker: int, warm: int = 0) -> Base:
    return Base(main * MIB, private * MIB, library * MIB, worker * MIB, warm * MIB)


Table = tuple[tuple[Release, Base], ...]

PREDICT: Table = (
    ((2, 6, 1), _mib(560, 383, 180, 472, 70)),
    ((2, 5, 0), _mib(580, 404, 180, 538, 70)),
    ((2, 0, 0), _mib(590, 407, 180, 498, 70)),
)
PREPROCESS: Table = (
    ((2, 6, 1), _mib(405, 252, 150, 411)),
    ((2, 5, 0), _mib(466, 295, 170, 471)),
    ((2, 0, 0), _mib(425, 270, 155, 431)),
)
FINGERPRINT: Table = PREPROCESS
TRAIN: Table = (((2, 0, 0), _mib(560, 410, 180, 549, 70)),)


def base_of(table: Table, call: Call) -> Base:
    """The row of the newest release that is not newer than the call's; with CUDA's share when torch has it."""
    found = next((base for since, base in table if call.release >= since), table[-1][1])
    if not call.has_cuda:
        return found
    private = found.private + CUDA_IMPORT - CUDA_LIBRARY
    worker, library = found.worker + CUDA_IMPORT, found.library + CUDA_LIBRARY
    context = CUDA_CONTEXT if call.device == "cuda" else 0
    return Base(found.main + CUDA_IMPORT, private, library, worker, found.warm + context)


def listing_peak(table: Table, call: Call, extra: int = 0) -> int:
    """The sum of RSS while v2.5 and later list the input files in 12 forked processes, for about a quarter of a second
    (create_lists_from_splitted_dataset_folder in utilities/utils.py). They share their parent's memory: the kernel
    counts it once, the sum of RSS 13 times. Before v2.5 nothing is forked here. `extra`: what the main process has
    loaded already."""
    base = base_of(table, call)
    children = LISTING_PROCESSES if call.release >= LISTS_IN_PROCESSES else 0
    return base.main + extra + children * (base.private + extra)
