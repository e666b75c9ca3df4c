"""A Diagnosis is handed over: to the terminal, to standard output, or into a file, in the format that was asked for."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

from nndoctor.cli.problems import UNREADABLE, USAGE, flush_output, give_up, say
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.words import Language


class Format(str, Enum):
    terminal = "terminal"
    html = "html"
    markdown = "markdown"
    json = "json"
    sarif = "sarif"


SUFFIXES = {
    ".html": Format.html,
    ".htm": Format.html,
    ".md": Format.markdown,
    ".json": Format.json,
    ".sarif": Format.sarif,
    ".txt": Format.terminal,
}


def hand_over(
    found: Diagnosis, format_: Format | None, output: Path | None, redact: bool | None, lang: Language
) -> None:
    """Show and write what was asked for. Gives up when the file cannot be written, or a format does not fit."""
    written = None if output is None else format_ or _format_of(output)
    if found.checkup is None and Format.sarif in (format_, written):
        give_up("SARIF is a format of nndoctor check only: it lists places in files", USAGE)
    if output is not None and written is not None:
        _write(found, written, output, redact, lang)
    if output is None or format_ is None:
        _show(found, format_ or Format.terminal, redact, lang)
    if output is not None:
        say(f"report written to {output}")


def _format_of(output: Path) -> Format:
    """The format that the ending names. Gives up when it names none."""
    known = SUFFIXES.get(output.suffix.lower())
    if known is None:
        give_up(f"{output}: the ending names no format; it may be {', '.join(SUFFIXES)}, or add --format", USAGE)
    return known


def _show(found: Diagnosis, kind: Format, redact: bool | None, lang: Language) -> None:
    if sys.stdout is None:
        return
    try:
        if kind is Format.terminal:
            from nndoctor.report import print_terminal

            print_terminal(_redacted(found, bool(redact)), lang=lang)
        else:
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
            sys.stdout.write(_render(found, kind, redact, lang) + "\n")
    except BrokenPipeError:
        pass
    flush_output()


def _write(found: Diagnosis, kind: Format, output: Path, redact: bool | None, lang: Language) -> None:
    from nndoctor.report import write_report

    try:
        write_report(output, _render(found, kind, redact, lang))
    except OSError as problem:
        give_up(f"{output}: the report could not be written ({problem.strerror or problem})", UNREADABLE)


def _redacted(found: Diagnosis, wanted: bool) -> Diagnosis:
    if not wanted:
        return found
    from nndoctor.report import redact

    return redact(found)


def _illustrated(found: Diagnosis) -> Diagnosis:
    """With pictures of patients, where a check has any to show."""
    if found.checkup is None or not found.checkup.table:
        return found
    from nndoctor.checkups.thumbnails import with_thumbnails

    return with_thumbnails(found)


def _render(found: Diagnosis, kind: Format, redact: bool | None, lang: Language) -> str:
    """The text of a report; without names and pictures unless the user wants them."""
    if redact is not False:
        return _drawn(_redacted(found, True), kind, lang)
    return _drawn(_illustrated(found) if kind is Format.html else found, kind, lang)


def _drawn(found: Diagnosis, kind: Format, lang: Language) -> str:
    from nndoctor import report

    if kind is Format.json:
        return report.render_json(found)
    if kind is Format.html:
        return report.render_html(found, lang=lang)
    if kind is Format.markdown:
        return report.render_markdown(found, lang=lang)
    return report.render_sarif(found, lang=lang) if kind is Format.sarif else _plain_terminal(found, lang)


def _plain_terminal(found: Diagnosis, lang: Language) -> str:
    import io

    from nndoctor.report import print_terminal

    page = io.StringIO()
    print_terminal(found, width=80, color=False, unicode=True, stream=page, lang=lang)
    return page.getvalue()
