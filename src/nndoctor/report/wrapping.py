"""Where a line of text may break: Latin words at their spaces, Chinese between characters."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

_WIDE = "\u2e80-\u303f\u3040-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENS = "（〔［｛〈《「『【〖“‘"
_CLOSES = "，。、：；？！）〕］｝〉》」』】〗”’…"
_PIECE = re.compile(rf"[{_OPENS}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSES}]*\s*|\s+")


def break_offsets(text: str, width: int) -> list[int]:
    """Offsets at which `text` is divided so that no line is wider than `width` columns.

    Simplified from Unicode's line breaking rules (UAX 14): no line begins with closing punctuation or ends with
    opening punctuation. A word wider than a line is cut.
    """
    offsets: list[int] = []
    used = 0
    for found in _PIECE.finditer(text):
        piece, start = found.group(), found.start()
        wide = cell_len(piece.rstrip())
        if used and used + wide > width:
            offsets.append(start)
            used = 0
        while wide > width:
            cut = max(1, len(set_cell_size(piece, width).rstrip()))
            start, piece = start + cut, piece[cut:]
            offsets.append(start)
            wide = cell_len(piece.rstrip())
        used += cell_len(piece)
    return [offset for offset in offsets if offset < len(text)]
