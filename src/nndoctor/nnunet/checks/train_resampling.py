"""Were the cases preprocessed by the plans as they are now? The .pkl of a case keeps its spacing and shape before
resampling (DefaultPreprocessor.run_case_npy and compute_new_shape, v2.0 to v2.8.1). It is outlined, never unpickled."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import isfinite

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_headers import ArrayHeader, array_header
from nndoctor.nnunet.bounded_json import as_int, as_list, as_number, as_numbers
from nndoctor.nnunet.files import BadFileError, opened
from nndoctor.nnunet.pickle_outline import MOST_BYTES, Opaque, outline_of
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.preprocessed import PreprocessedData

SAMPLES = 8
SPACING, SHAPE = "spacing", "shape_after_cropping_and_before_resampling"
NUMPY_2 = "numpy._core"
_KNOWN = "DefaultPreprocessor"


def other_plans_problems(data: PreprocessedData, plans: Plans, configuration: str) -> Iterator[Problem]:
    """Cases whose arrays have not the shape that the plans' spacing asks for, when that holds for all of eight."""
    content = plans.configuration(configuration)
    target, order = as_numbers(content.get("spacing")), _order(plans)
    if target is None or not min(target) > 1e-6 or order is None or content.get("preprocessor_name") != _KNOWN:
        return
    seen = [pair for case in _samples(data) if (pair := _shapes(data, case, order, target)) is not None]
    if seen and all(_differ(found, wanted) for found, wanted in seen):
        found, wanted = seen[0]
        values = {"found": _axes(found), "expected": _axes(wanted), "case": data.cases[0]}
        yield Problem("preprocessed-other-plans", str(data.folder), None, values)


def needs_numpy_2(data: PreprocessedData) -> bool | None:
    """Whether a .pkl was written with numpy 2; None when there is none that can be read."""
    for case in _samples(data):
        imported = _outline(data, case)[1]
        if imported:
            return any(name.startswith(NUMPY_2) for name in imported)
    return None


def _samples(data: PreprocessedData) -> list[str]:
    cases = data.cases
    return cases[:: max(1, len(cases) // SAMPLES)][:SAMPLES]


def _outline(data: PreprocessedData, case: str) -> tuple[dict[object, object], set[str]]:
    try:
        with opened(data.folder / f"{case}.pkl") as (stream, size):
            content, imported = outline_of(stream.read(MOST_BYTES)) if size <= MOST_BYTES else ({}, set())
    except BadFileError:
        return {}, set()
    return content if isinstance(content, dict) else {}, imported


def _shapes(
    data: PreprocessedData, case: str, order: list[int], target: list[float]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The axes of a case as they are, and as the plans want them; None where its files do not tell."""
    properties = _outline(data, case)[0]
    spacing, before = properties.get(SPACING), properties.get(SHAPE)
    steps = [_number(each) for each in spacing] if isinstance(spacing, (list, tuple)) else []
    axes = [as_int(each) for each in before] if isinstance(before, tuple) else []
    header = _header(data, case)
    if header is None or len(header.shape) != 4 or len(steps) != 3 or len(axes) != 3:
        return None
    known = [step for step in steps if step is not None and 1e-6 < step < 1e6]
    lengths = [length for length in axes if length is not None and 0 < length < 10**9]
    if len(known) != 3 or len(lengths) != 3:
        return None
    original = [known[axis] for axis in order]
    wanted = [original[0], *target] if len(target) == 2 else target
    resampled = [round(old / new * length) for old, new, length in zip(original, wanted, lengths, strict=True)]
    return header.shape[1:], tuple(resampled)


def _header(data: PreprocessedData, case: str) -> ArrayHeader | None:
    ending = ".b2nd" if f"{case}.b2nd" in data.names else ".npz"
    return array_header(data.folder / f"{case}{ending}")


def _number(value: object) -> float | None:
    """A Python float, or a numpy scalar as the pickle writes it: scalar(dtype, 8 bytes)."""
    number = as_number(value)
    arguments = value.arguments if isinstance(value, Opaque) else None
    raw = arguments[-1] if isinstance(arguments, tuple) and arguments else None
    if isinstance(raw, bytes) and len(raw) == 8:
        number = float(struct.unpack("<d", raw)[0])
    return number if number is not None and isfinite(number) else None


def _order(plans: Plans) -> list[int] | None:
    order = [as_int(axis) for axis in as_list(plans.content.get("transpose_forward"))]
    found = [axis for axis in order if axis is not None]
    return found if sorted(found) == [0, 1, 2] else None


def _differ(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """By more than rounding."""
    return any(abs(one - other) > 1 for one, other in zip(found, wanted, strict=True))


def _axes(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
