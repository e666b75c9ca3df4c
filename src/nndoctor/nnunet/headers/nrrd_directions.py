"""Origin and directions of an NRRD image as ITK 5.4 keeps them (Modules/IO/NRRD/src/itkNrrdImageIO.cxx)."""

from __future__ import annotations

import math
import re

from nndoctor.nnunet.headers.directions import Placement, accepted, identity, placed, transposed
from nndoctor.nnunet.headers.text_fields import reals

_SIGNS = {
    "right-anterior-superior": (-1.0, -1.0, 1.0),
    "ras": (-1.0, -1.0, 1.0),
    "left-anterior-superior": (1.0, -1.0, 1.0),
    "las": (1.0, -1.0, 1.0),
}
"""What ITK multiplies x, y and z with to come to LPS; it leaves every other space as it is."""


def words_of(fields: dict[str, str]) -> list[str]:
    """The space directions as they are written: "none", or numbers in brackets."""
    return re.findall(r"none|\([^()]{1,300}\)", fields.get("space directions", "")[:10_000])


def placement(fields: dict[str, str], spatial: list[bool]) -> Placement:
    """Origin and directions of the axes that are spatial; none when ITK refuses them."""
    axes = sum(spatial)
    words = words_of(fields)
    if not words:
        return placed(_origin(fields, axes), identity(axes), True)
    columns = [reals(word) for word, domain in zip(words, spatial, strict=False) if domain]
    if len(words) != len(spatial) or any(len(column) != axes for column in columns):
        return Placement((), (), False)
    signs = _signs(fields, axes)
    turned = [_unit([value * sign for value, sign in zip(column, signs, strict=True)]) for column in columns]
    direction = transposed([value for column in turned for value in column], axes)
    origin = tuple(value * sign for value, sign in zip(_origin(fields, axes), signs, strict=False))
    return placed(origin, direction, accepted(direction, axes))


def _signs(fields: dict[str, str], axes: int) -> tuple[float, ...]:
    return _SIGNS.get(fields.get("space", "").lower(), (1.0,) * 3)[:axes] if axes <= 3 else (1.0,) * axes


def _unit(vector: list[float]) -> list[float]:
    length = math.hypot(*vector)
    return [value / length for value in vector] if 0 < length < math.inf else vector


def _origin(fields: dict[str, str], axes: int) -> tuple[float, ...]:
    """Zero when the file states none; empty when it states it per axis (axis mins), or with a hole."""
    if "axis mins" in fields or "axismins" in fields:
        return ()
    origin = reals(fields.get("space origin", ""))
    if not origin or math.isnan(origin[0]):
        return (0.0,) * axes
    return origin if len(origin) == axes else ()
