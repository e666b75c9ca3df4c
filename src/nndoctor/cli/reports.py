"""A Diagnosis is handed over: to the terminal, to standard output, or into a file, in the format that was asked for."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

from nndoctor.cli.problems import UNREADABLE, flush_output, give_up, say
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.words import Language


class Format(str, Enum):
    terminal = "terminal"
    html = "html"
    markdown = "markdown"
    json = "json"


SUFFIXES = {
    ".html": Format.html,
    ".htm": Format.html,
    ".md": Format.markdown,
    ".json": Format.json,
    ".txt": Format.terminal,
}


def hand_over(
    found: Diagnosis, format_: Format | None, output: Path | None, redact: bool | None, lang: Language
) -> None:
    if output is not None:
        _write(found, format_ or SUFFIXES.get(output.suffix.lower(), Format.terminal), output, redact, lang)
    if output is None or format_ is None:
        _show(found, format_ or Format.terminal, redact, lang)
    if output is not None:
        say(f"report written to {output}")


def _show(found: Diagnosis, kind: Format, redact: bool | None, lang: Language) -> None:
    if sys.stdout is None:
        return
    try:
        if kind is Format.terminal:
            from nndoctor.report import print_terminal

            print_terminal(_redacted(found, bool(redact)), lang=lang)
        else:
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
            sys.stdout.write(_render(_redacted(found, redact is not False), kind, lang) + "\n")
    except BrokenPipeError:
        pass
    flush_output()


def _write(found: Diagnosis, kind: Format, output: Path, redact: bool | None, lang: Language) -> None:
    from nndoctor.report import write_report

    try:
        write_report(output, _render(_redacted(found, redact is not False), kind, lang))
    except OSError as problem:
        give_up(f"{output}: the report could not be written ({problem.strerror or problem})", UNREADABLE)


def _redacted(found: Diagnosis, wanted: bool) -> Diagnosis:
    if not wanted:
        return found
    from nndoctor.report import redact

    return redact(found)


def _render(found: Diagnosis, kind: Format, lang: Language) -> str:
    if kind is Format.json:
        from nndoctor.report import render_json

        return render_json(found)
    if kind is Format.html:
        from nndoctor.report import render_html

        return render_html(found, lang=lang)
    if kind is Format.markdown:
        from nndoctor.report import render_markdown

        return render_markdown(found, lang=lang)
    return _plain_terminal(found, lang)


def _plain_terminal(found: Diagnosis, lang: Language) -> str:
    import io

    from nndoctor.report import print_terminal

    page = io.StringIO()
    print_terminal(found, width=80, color=False, unicode=True, stream=page, lang=lang)
    return page.getvalue()
