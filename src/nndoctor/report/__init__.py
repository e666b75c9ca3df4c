"""A Diagnosis becomes terminal text, HTML, Markdown, JSON or SARIF. Renders, redacts and writes; decides nothing.

Names are imported when they are first used, so that JSON costs neither rich nor jinja2.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nndoctor.report.html_report import render_html
    from nndoctor.report.json_report import json_schema, render_json
    from nndoctor.report.markdown_report import render_markdown
    from nndoctor.report.redaction import redact
    from nndoctor.report.sarif_report import render_sarif
    from nndoctor.report.terminal import print_terminal
    from nndoctor.report.words import LANGUAGES, Language
    from nndoctor.report.writing import write_report

__all__ = [
    "LANGUAGES",
    "Language",
    "json_schema",
    "print_terminal",
    "redact",
    "render_html",
    "render_json",
    "render_markdown",
    "render_sarif",
    "write_report",
]

_HOME = {
    "LANGUAGES": "words",
    "Language": "words",
    "json_schema": "json_report",
    "print_terminal": "terminal",
    "redact": "redaction",
    "render_html": "html_report",
    "render_json": "json_report",
    "render_markdown": "markdown_report",
    "render_sarif": "sarif_report",
    "write_report": "writing",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
