"""The images of the input folder by their headers: channels, grids, and which files are cut or cannot be read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import Effort, ImageHeader, inspect
from nndoctor.nnunet.input_folder import InputFolder
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = (
    "input.channels",
    "input.cases_with_other_channels",
    "input.has_4d",
    "input.components",
    "input.grid_differs",
    "input.truncated",
    "input.unreadable",
)
MOST_FILES = 2_000
THREADS = 8


@dataclass(frozen=True)
class Look:
    """What one file showed: its header, or else the trouble with it."""

    name: str
    header: ImageHeader | None = None
    cut: bool = False
    unsettled: bool = False
    trouble: str | None = None


def image_facts(folder: InputFolder | None, expected_channels: int | None) -> Iterator[Statement]:
    """The facts of up to 2,000 images; `expected_channels` are those of the model."""
    if folder is None or not folder.images:
        reason = "no input folder was given (-i)" if folder is None else f"no image files in {folder.path}"
        yield from absent([*NAMES, "input.headers_read"], reason)
        return
    looks = look_at(folder.path, folder.images[:MOST_FILES])
    yield state("input.headers_read", len(looks), folder.path)
    yield state("input.headers_skipped", len(folder.images) - len(looks), folder.path)
    yield from _trouble_facts(looks, folder.path)
    headers = {look.name: look.header for look in looks if look.header is not None}
    yield from _header_facts(headers, folder)
    yield from _channel_facts(folder, headers, expected_channels)


def look_at(folder: Path, names: list[str]) -> list[Look]:
    """One look per file. They share one effort for gzip streams that have to be read through."""
    effort = Effort()
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda name: _look(folder / name, effort), names))


def _look(path: Path, effort: Effort) -> Look:
    try:
        header, length = inspect(path, effort)
    except CutShortError as error:
        return Look(path.name, cut=True, trouble=str(error))
    except BadFileError as error:
        return Look(path.name, trouble=str(error))
    if length == "broken":
        return Look(path.name, header, trouble="the gzip stream is damaged")
    return Look(path.name, header, cut=length == "cut", unsettled=length == "unsettled")


def _trouble_facts(looks: list[Look], path: Path) -> Iterator[Statement]:
    yield from listed("input.truncated", [look.name for look in looks if look.cut], path)
    yield from listed("input.truncation_unsettled", [look.name for look in looks if look.unsettled], path)
    unreadable = [f"{look.name}: {look.trouble}" for look in looks if look.trouble is not None]
    yield from listed("input.unreadable", unreadable, path)


def _header_facts(headers: dict[str, ImageHeader], folder: InputFolder) -> Iterator[Statement]:
    path = folder.path
    if not headers:
        yield from absent(["input.has_4d", "input.components", "input.grid_differs"], "no header could be read")
        return
    yield state("input.has_4d", any(len(header.shape) > 3 for header in headers.values()), path)
    yield state("input.components", max(header.components for header in headers.values()), path)
    yield state("input.largest_voxels", max(header.voxels for header in headers.values()), path)
    wrong = [name for name, header in headers.items() if not all(0 < step < math.inf for step in header.spacing)]
    yield from listed("input.spacing_invalid", wrong, path)
    differing = [case for case, files in folder.cases().items() if not _same_grid(files, headers)]
    yield state("input.grid_differs", bool(differing), path)
    yield from listed("input.grid_differing_cases", differing, path)


def _same_grid(files: list[str], headers: dict[str, ImageHeader]) -> bool:
    """Whether shape and spacing of the channels agree, as closely as nnU-Net wants (numpy.allclose)."""
    grids = [headers[name] for name in files if name in headers]
    return all(_alike(grids[0], grid) for grid in grids[1:])


def _alike(one: ImageHeader, other: ImageHeader) -> bool:
    if one.shape != other.shape or len(one.spacing) != len(other.spacing):
        return False
    return all(math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-8) for a, b in zip(one.spacing, other.spacing, strict=True))


def _channel_facts(folder: InputFolder, headers: dict[str, ImageHeader], expected: int | None) -> Iterator[Statement]:
    """input.channels is that of the first case that differs from the model, else that of all cases."""
    counts = {case: _channels(files, headers) for case, files in folder.cases().items()}
    if not counts:
        yield from absent(["input.channels", "input.cases_with_other_channels"], "no case with a channel number _0000")
        return
    usual = expected if expected is not None else Counter(counts.values()).most_common(1)[0][0]
    differing = [case for case, channels in counts.items() if channels != usual]
    yield state("input.channels", counts[differing[0]] if differing else usual, folder.path)
    if differing:
        yield state("input.differing_case", differing[0], folder.path)
    others = [f"{case}: {counts[case]}" for case in differing]
    yield from listed("input.cases_with_other_channels", others, folder.path)


def _channels(files: list[str], headers: dict[str, ImageHeader]) -> int:
    """Channels of a case; a file whose header is not known counts as one."""
    return sum(headers[name].channels if name in headers else 1 for name in files)
