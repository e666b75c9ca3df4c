"""Characters that steer a terminal, a reader's eye or a page become visible symbols."""

from __future__ import annotations

import re

SURROGATE = re.compile("[\ud800-\udfff]")
# C0 but tab and newline, DEL, C1, soft hyphen, zero-width, line separators, bidi controls, tags, surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n?(?=\n|\Z)")


def visible(text: str, *, unicode: bool = True) -> str:
    """`text` with nothing left in it that acts instead of being read. Tabs become spaces; newlines stay."""
    text = _LINE_ENDS.sub("", text).expandtabs(4)
    return _UNSEEN.sub(_picture if unicode else _caret, text)


def one_line(text: str, limit: int | None = None, *, unicode: bool = True) -> str:
    """`text` made visible on one line, clipped to about `limit` characters with the number left out."""
    return clip(" ".join(visible(text, unicode=unicode).split("\n")).strip(), limit)


def clip(text: str, limit: int | None) -> str:
    """The first `limit` characters, and how many more there were."""
    if limit is None or len(text) <= limit:
        return text
    return f"{text[:limit]} [+{len(text) - limit:,} characters]"


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else _named(code)


def _caret(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    return "?" if 0xD800 <= code <= 0xDFFF else _named(code)


def _named(code: int) -> str:
    return f"<U+{code:04X}>"
