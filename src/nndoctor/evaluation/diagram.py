"""The reliability diagram as SVG, plain enough for a repository page: it scales, and it needs no library to be seen."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.evaluation.reliability import Bin

SIZE = 320
MARGIN = 46
BAR = 0.72


def reliability_svg(bins: list[Bin]) -> str:
    """Bars: the share that was right in each bin; the diagonal: perfect calibration; figures: cases in the bin."""
    width = SIZE + 2 * MARGIN
    parts = [*_axes(), *(part for each in bins if each.cases for part in _bar(each)), *_diagonal()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" width="{width}" height="{width}" '
        'font-family="sans-serif" font-size="11" role="img" aria-label="Reliability diagram">\n'
        f'<rect width="{width}" height="{width}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _x(value: float) -> float:
    return round(MARGIN + SIZE * value, 1)


def _y(value: float) -> float:
    return round(MARGIN + SIZE * (1 - value), 1)


def _bar(each: Bin) -> Iterator[str]:
    left = each.low + (each.high - each.low) * (1 - BAR) / 2
    width = round(SIZE * (each.high - each.low) * BAR, 1)
    top = _y(each.accuracy)
    yield f'<rect x="{_x(left)}" y="{top}" width="{width}" height="{round(_y(0) - top, 1)}" fill="#4c8eda"/>'
    yield f'<text x="{_x(left) + width / 2:.1f}" y="{top - 4}" text-anchor="middle" fill="#333">{each.cases}</text>'
    yield f'<circle cx="{_x(left) + width / 2:.1f}" cy="{_y(each.confidence)}" r="3" fill="#d1495b"/>'


def _diagonal() -> Iterator[str]:
    yield f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#d1495b" stroke-dasharray="4 3"/>'


def _axes() -> Iterator[str]:
    yield f'<rect x="{_x(0)}" y="{_y(1)}" width="{SIZE}" height="{SIZE}" fill="#fafafa" stroke="#bbb"/>'
    for tenth in range(0, 11, 2):
        value = tenth / 10
        yield f'<text x="{_x(value)}" y="{_y(0) + 16}" text-anchor="middle" fill="#333">{value:.1f}</text>'
        yield f'<text x="{_x(0) - 6}" y="{_y(value) + 4}" text-anchor="end" fill="#333">{value:.1f}</text>'
    middle = MARGIN + SIZE / 2
    yield f'<text x="{middle}" y="{_y(0) + 34}" text-anchor="middle" fill="#333">confidence (dots: its mean)</text>'
    yield (
        f'<text x="14" y="{middle}" text-anchor="middle" fill="#333" transform="rotate(-90 14 {middle})">'
        "share that was right (figures: cases)</text>"
    )
