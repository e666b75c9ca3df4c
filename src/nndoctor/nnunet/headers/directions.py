"""Direction cosines as ITK 5.4 keeps them (Modules/IO/ImageBase/include/itkImageFileReader.hxx)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple


class Placement(NamedTuple):
    """Where an image lies: see ImageHeader."""

    origin: tuple[float, ...]
    direction: tuple[float, ...]
    orthonormal: bool


def lengths(steps: Iterable[float]) -> tuple[float, ...]:
    """The steps without their signs; 0.0 for one that is not finite, as JSON cannot hold it."""
    return tuple([abs(step) if isfinite(step) else 0.0 for step in steps])


def placed(origin: tuple[float, ...], direction: tuple[float, ...], fits: bool) -> Placement:
    """A Placement of finite numbers: an origin that has others counts as not stated, such directions as refused."""
    if not isfinite(sum(direction)):
        return Placement((), (), False)
    return Placement(origin if isfinite(sum(origin)) else (), direction, fits)


def identity(axes: int) -> tuple[float, ...]:
    """The unit matrix, row by row."""
    return tuple(1.0 if row == column else 0.0 for row in range(axes) for column in range(axes))


def flipped(direction: tuple[float, ...], steps: Sequence[float]) -> tuple[float, ...]:
    """`direction` with the column of every axis negated whose step is negative: ITK turns a negative spacing
    into a positive one this way."""
    if not direction or min(steps) >= 0:
        return direction
    axes = len(steps)
    return tuple(-value if steps[at % axes] < 0 else value for at, value in enumerate(direction))


def transposed(matrix: Sequence[float], axes: int) -> tuple[float, ...]:
    return tuple(matrix[column * axes + row] for row in range(axes) for column in range(axes))


def accepted(direction: Sequence[float], axes: int) -> bool:
    """Whether ITK takes a direction matrix: one whose determinant is not zero (ImageBase::SetDirection)."""
    return determinant(direction, axes) != 0


def determinant(matrix: Sequence[float], axes: int) -> float:
    """By Laplace's expansion, exact enough for the four axes at most that an image has."""
    if axes == 1:
        return matrix[0]
    total = 0.0
    for column in range(axes):
        rows = range(axes, axes * axes, axes)
        minor = [matrix[row + other] for row in rows for other in range(axes) if other != column]
        total += (-1) ** column * matrix[column] * determinant(minor, axes - 1)
    return total
