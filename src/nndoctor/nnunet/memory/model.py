"""What the memory of a run depends on: the image, the model, and how nnU-Net is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Literal

Device = Literal["cpu", "cuda", "mps"]
Release = tuple[int, int, int]
NEWEST: Release = (2, 8, 1)


@lru_cache(maxsize=64)
def release_of(version: str | None) -> Release:
    """The release as three numbers, to compare with; the newest one that is known here when it is unknown."""
    numbers: list[int] = []
    for part in (version or "").split(".")[:3]:
        digits = "".join(character for character in part if character.isdigit())
        if not digits:
            break
        numbers.append(int(digits[:4]))
    if not numbers:
        return NEWEST
    major, minor, patch = (*numbers, 0, 0)[:3]
    return major, minor, patch


def itemsize_of(datatype: str) -> int:
    """Bytes of one number of a datatype as ImageHeader names it (uint8, float32); 4 when the name has no size."""
    digits = "".join(character for character in datatype if character.isdigit())
    return max(1, int(digits) // 8) if digits and len(digits) <= 3 else 4


@dataclass(frozen=True)
class Image:
    """One case as its headers describe it.

    shape       voxels along z, y, x, as nnU-Net has them (for a 2D image 1, y, x)
    spacing     mm along the same axes
    itemsize    bytes of one number in the file: 2 for int16, 4 for float32, 8 for float64
    cropped     voxels along z, y, x of the box around everything that is not zero; None: as large as the image
    foreground  share of the voxels that is labelled, 0 to 1; None: unknown
    """

    case: str
    shape: tuple[int, ...]
    spacing: tuple[float, ...]
    channels: int
    itemsize: int = 2
    cropped: tuple[int, ...] | None = None
    foreground: float | None = None

    @property
    def voxels(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True)
class Level:
    """One resolution of a U-Net: channels of its feature maps, the share of the patch's voxels that they have, and how
    many convolutions work on them on the way down and on the way up (none up at the lowest)."""

    features: int
    share: float
    down: int = 2
    up: int = 2


@dataclass(frozen=True)
class Model:
    """What the plans and dataset.json say about one configuration.

    spacing     mm, the target spacing, in the order after transposing: two numbers for 2d
    transpose   transpose_forward of the plans
    heads       channels of the network's output: labels with the background, or regions
    regions     whether the labels are regions
    patch       voxels of a patch
    previous    foreground labels that a cascade feeds in beside the image, else 0
    separate_z  force_separate_z of the resampling: None lets nnU-Net decide by the spacing
    nibabel     whether the plans' reader is NibabelIO, which reads every image as float64
    levels      the network's resolutions, the highest first; empty when the plans do not say
    """

    configuration: str
    spacing: tuple[float, ...]
    transpose: tuple[int, ...]
    heads: int
    patch: tuple[int, ...]
    batch: int
    regions: bool = False
    previous: int = 0
    separate_z: bool | None = None
    nibabel: bool = False
    levels: tuple[Level, ...] = ()

    @property
    def is_2d(self) -> bool:
        return len(self.patch) == 2


@dataclass(frozen=True)
class Call:
    """How nnU-Net is called.

    cuda_build  whether torch is built with CUDA, which every process pays for; None: when the device is cuda
    on_device   False with --not_on_device
    cores       processors that may be used, for the time that steps take
    """

    version: str | None = None
    device: Device = "cpu"
    cases: int = 1
    save_probabilities: bool = False
    mirroring: bool = True
    folds: int = 1
    step_size: float = 0.5
    on_device: bool = True
    cores: int = 8
    cuda_build: bool | None = None

    @property
    def has_cuda(self) -> bool:
        return self.device == "cuda" if self.cuda_build is None else self.cuda_build

    @property
    def release(self) -> Release:
        return release_of(self.version)
