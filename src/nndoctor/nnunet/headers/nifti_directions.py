"""Origin and directions of a NIfTI image as ITK 5.4 chooses them between qform and sform.

Source: NiftiImageIO::SetImageIOOrientationFromNIfTI, Modules/IO/NIFTI/src/itkNiftiImageIO.cxx, ITK 5.4.7;
nifti_quatern_to_mat44 and nifti_convert_nhdr2nim, niftilib/nifti1_io.c. NIfTI counts from right to left and from
front to back (RAS), ITK the other way (LPS): x and y change their signs.
"""

from __future__ import annotations

from math import isfinite, sqrt
from struct import Struct
from typing import NamedTuple

from nndoctor.nnunet.headers.directions import Placement, accepted, flipped, identity, placed

MM = {1: 1e3, 2: 1.0, 3: 1e-3}
"""Code of the unit of length (metre, mm, micrometre) to mm."""
SECONDS = {8: 1.0, 16: 1e-3, 24: 1e-6}
"""Code of the unit of time to seconds."""
_SCANNER = 1
_FLOATS = Struct("12f")
_TOLERANCE = 1e-4

Matrix = tuple[float, ...]
"""The three upper rows of an affine, row by row: 12 numbers."""


class Forms(NamedTuple):
    """What a NIfTI header says about where the image lies.

    pixdim is all eight: qfac, then the steps. quaternion is b, c, d and the offsets x, y, z. sform is srow_x, srow_y
    and srow_z. units is xyzt_units, toffset the time of the first volume.
    """

    pixdim: tuple[float, ...]
    qform_code: int
    sform_code: int
    quaternion: tuple[float, ...]
    sform: Matrix
    units: int
    toffset: float


def placement(forms: Forms, axes: int) -> Placement:
    """Origin and directions for an image of that many axes; none when ITK refuses the file."""
    if forms.qform_code <= 0 and forms.sform_code <= 0:
        return Placement((0.0,) * axes, flipped(identity(axes), _steps(forms, axes)), True)
    affine = _affine(forms)
    if affine is None:
        return Placement((), (), False)
    direction = flipped(_direction(affine, axes), _steps(forms, axes))
    return placed(_origin(affine, forms, axes), direction, axes == 3 or accepted(direction, axes))


def _steps(forms: Forms, axes: int) -> tuple[float, ...]:
    return forms.pixdim[1 : axes + 1]


def _affine(forms: Forms) -> Matrix | None:
    """The form that ITK uses; None when it refuses: "ITK only supports orthonormal direction cosines"."""
    known = forms.qform_code > 0
    if forms.sform_code <= 0:
        return _qform(forms)
    if not known:
        return forms.sform if _orthonormal(forms.sform) else None
    if not _orthonormal(forms.sform):
        return _qform(forms)
    if forms.sform_code == _SCANNER or _similar(forms.sform, qform := _qform(forms)):
        return forms.sform
    return qform


def _orthonormal(matrix: Matrix) -> bool:
    """Whether the columns, each divided by its length, make a matrix whose transpose is its inverse."""
    a, b, c, _, d, e, f, _, g, h, i, _ = matrix
    x, y, z = sqrt(a * a + d * d + g * g), sqrt(b * b + e * e + h * h), sqrt(c * c + f * f + i * i)
    if not 0 < x * y * z < float("inf"):
        return False
    a, b, c, d, e, f, g, h, i = a / x, b / y, c / z, d / x, e / y, f / z, g / x, h / y, i / z
    return (
        abs(a * a + b * b + c * c - 1) <= _TOLERANCE
        and abs(d * d + e * e + f * f - 1) <= _TOLERANCE
        and abs(g * g + h * h + i * i - 1) <= _TOLERANCE
        and abs(a * d + b * e + c * f) <= _TOLERANCE
        and abs(a * g + b * h + c * i) <= _TOLERANCE
        and abs(d * g + e * h + f * i) <= _TOLERANCE
    )


def _qform(forms: Forms) -> Matrix:
    """The affine of the quaternion, steps and qfac (nifti_quatern_to_mat44); what is not finite counts as zero."""
    b, c, d, x, y, z = (value if isfinite(value) else 0.0 for value in forms.quaternion)
    rest = 1.0 - (b * b + c * c + d * d)
    if rest < 1e-7:
        scale = 1.0 / sqrt(b * b + c * c + d * d)
        a, b, c, d = 0.0, b * scale, c * scale, d * scale
    else:
        a = sqrt(rest)
    i, j, k = (step if isfinite(step) and step > 0 else 1.0 for step in forms.pixdim[1:4])
    k = -k if forms.pixdim[0] < 0 else k
    return _as_float32(
        *((a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * k, x),
        *(2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * k, y),
        *(2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - c * c - b * b) * k, z),
    )


def _as_float32(*matrix: float) -> Matrix:
    """ITK keeps the matrix as float: nnU-Net compares directions to 1e-8. Numbers beyond float (NIfTI-2) stay."""
    try:
        return _FLOATS.unpack(_FLOATS.pack(*matrix))
    except OverflowError:
        return matrix


def _similar(sform: Matrix, qform: Matrix) -> bool:
    """ITK compares singular values and vectors to this tolerance. Of two forms that are alike it takes now one, now
    the other, as its rounding falls."""
    return all(abs(one - other) <= _TOLERANCE for one, other in zip(sform, qform, strict=True))


def _direction(affine: Matrix, axes: int) -> tuple[float, ...]:
    a, b, c, _, d, e, f, _, g, h, i, _ = affine
    if axes == 3:
        x = sqrt(a * a + d * d + g * g) or 1.0
        y = sqrt(b * b + e * e + h * h) or 1.0
        z = sqrt(c * c + f * f + i * i) or 1.0
        return (-a / x, -b / y, -c / z, -d / x, -e / y, -f / z, g / x, h / y, i / z)
    rows = ((-a, -b, -c), (-d, -e, -f), (g, h, i))
    used = min(axes, 3)
    lengths = [sqrt(sum(rows[row][column] * rows[row][column] for row in range(used))) or 1.0 for column in range(used)]
    whole = list(identity(axes))
    for row in range(used):
        for column in range(used):
            whole[row * axes + column] = rows[row][column] / lengths[column]
    return tuple(whole)


def _origin(affine: Matrix, forms: Forms, axes: int) -> tuple[float, ...]:
    scale = MM.get(forms.units & 7, 1.0)
    origin = (-affine[3] * scale, -affine[7] * scale, affine[11] * scale)
    if axes <= 3:
        return origin[:axes]
    start = forms.toffset * SECONDS.get(forms.units & 56, 1.0)
    return (*origin, start if isfinite(start) else 0.0, *(0.0,) * (axes - 4))
