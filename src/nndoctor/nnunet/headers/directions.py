"""Direction cosines as ITK 5.4 keeps them (Modules/IO/ImageBase/include/itkImageFileReader.hxx)."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple


class Placement(NamedTuple):
    """Where an image lies: see ImageHeader."""

    origin: tuple[float, ...]
    direction: tuple[float, ...]
    orthonormal: bool


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
    """Whether ITK takes a direction matrix: finite, with a determinant other than zero (ImageBase::SetDirection)."""
    return all(isfinite(value) for value in direction) and determinant(direction, axes) != 0


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
