"""The page of everything that checks find, by severity."""

from __future__ import annotations

from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import capital, heading, page, prose, table
from nndoctor.authoring.page_words import other_language, told
from nndoctor.diagnosis.checkup import SEVERITIES
from nndoctor.diagnosis.problem_table import ProblemRow
from nndoctor.report.words import words


def checks_page(known: Knowledge) -> str:
    """Every kind of problem: what it is, what nnU-Net does with it, the cause whose page says more."""
    lang = known.lang
    blocks = [other_language("checks.md", lang), told("checks.intro", lang)]
    for severity in SEVERITIES:
        rows = [_row(row) for row in known.problems.values() if row.severity == severity]
        heads = [capital(words(lang)[key]) for key in ("check.problems", "effect", "cause")]
        blocks += [heading(2, capital(words(lang)[f"severity.{severity}"]), severity), table(heads, rows)]
    return page(told("checks", lang), blocks, wide=True)


def _row(row: ProblemRow) -> list[str]:
    return [prose(row.title), prose(row.means), f"[{prose(row.cause)}](causes/{row.cause}.md)"]
