"""Text that stays text on GitHub: no mention, no reference, no HTML, no markup and no workflow command comes alive."""

from __future__ import annotations

import re

from nndoctor.report.visible import clip, one_line, visible

_BREAK = "\u200b"
_TICKS = re.compile("`+")
_MARKUP = re.compile(r"([\\`*_\[\]~|!$])")
_LINE_START = re.compile(r"^(\s*)([#+\-=>:]|\d+[.)])", re.MULTILINE)
_LINKING = re.compile(
    r"(?<=[@#])(?=\w)|(?<=:)(?=:)|(?<=#)(?=#?\[)|(?<=gh-)(?=\d)|(?<=http)(?=s?:)|(?<=www)(?=\.)", re.IGNORECASE
)
_COMMIT = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b")
_OLD_COMMAND = re.compile(r"#(?=#?\[)")


def prose(text: str, limit: int | None = None) -> str:
    """`text` for outside of fences, on one line."""
    text = _MARKUP.sub(r"\\\1", plain(text, limit))
    return _LINE_START.sub(rf"\1{_BREAK}\2", text)


def plain(text: str, limit: int | None = None) -> str:
    """`text` for inside of an HTML element, where Markdown's own escapes would be shown."""
    text = one_line(text, limit)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _LINKING.sub(_BREAK, text)
    return _COMMIT.sub(lambda match: match[0][:3] + _BREAK + match[0][3:], text)


def code(text: str, limit: int | None = None) -> str:
    """`text` as code within a line; its own backticks cannot end it."""
    text = _OLD_COMMAND.sub("# ", one_line(text, limit)) or " "
    ticks = _longer_than_any_run(text, 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, limit: int | None = None, language: str = "text") -> str:
    """`text` as a block that nothing in it can end. No line begins with `::`, which GitHub Actions would obey."""
    text = clip(visible(text).strip("\n"), limit)
    text = re.sub(r"^(\s*)::", rf"\1{_BREAK}::", _OLD_COMMAND.sub("# ", text), flags=re.MULTILINE)
    ticks = _longer_than_any_run(text, 3)
    return f"{ticks}{language}\n{text}\n{ticks}"


def folded(summary: str, body: str) -> str:
    """`body` behind a line that opens it."""
    return f"<details>\n<summary>{plain(summary)}</summary>\n\n{body}\n\n</details>"


def _longer_than_any_run(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
