"""What the three readable reports share: which finding leads, which questions stay open, how a place is written."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.diagnosis.model import Diagnosis, Evidence, Excerpt, Finding, Fix, NotSeen
from nndoctor.facts import FactValue
from nndoctor.report.words import Language, words


def lead(d: Diagnosis) -> Finding | None:
    """The finding that a report explains in full: the first, where there is one."""
    return d.findings[0] if d.findings else None


def others(d: Diagnosis) -> list[Finding]:
    """The findings that a report lists briefly: of an undetermined one all, for none of them is the verdict."""
    return d.findings if d.status == "undetermined" else d.findings[1:]


def headline(d: Diagnosis, language: Language) -> str:
    """The verdict in one sentence: the title of the cause where one was found."""
    first = lead(d)
    if d.status == "diagnosed" and first is not None:
        return first.title
    return words(language)[f"verdict.{d.status}"]


def open_questions(d: Diagnosis) -> list[NotSeen]:
    """What was not seen and would have counted, each once."""
    findings = d.findings if d.status == "undetermined" else d.findings[:1]
    return list({gap.fact: gap for finding in reversed(findings) for gap in reversed(finding.not_seen)}.values())[::-1]


def place(evidence: Evidence) -> str:
    """Where a sign stands: `log.txt:41`, or the source alone."""
    return evidence.source if evidence.line is None else f"{evidence.source}:{evidence.line}"


def marked_lines(d: Diagnosis) -> set[tuple[str, int]]:
    """The lines that the leading finding quotes as evidence."""
    first = lead(d)
    return set() if first is None else {(sign.source, sign.line) for sign in first.evidence if sign.line is not None}


def fix_details(fix: Fix, language: Language) -> Iterator[tuple[str, str]]:
    """Label and text of what is known about a fix: its condition, effect, cost, undo and source."""
    text = words(language)
    cost = text["cost.destructive"] if fix.kind == "destructive" else text["cost"]
    known = (
        (text["condition"], fix.condition),
        (text["effect"], fix.effect),
        (cost, fix.cost),
        (text["undo"], fix.undo),
        (text["source"], fix.source),
    )
    return ((label, value) for label, value in known if value)


def value_text(value: FactValue, unit: str | None) -> str:
    """A value for a reader: 34,359,738,368 bytes (32.0 GiB); lists joined by commas."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool | str):
        return str(value).lower() if isinstance(value, bool) else value
    if unit == "bytes":
        return f"{value:,} ({value / 2**30:.1f} GiB)" if value >= 2**27 else f"{value:,} ({value / 2**20:.1f} MiB)"
    return f"{value} {unit}" if unit else str(value)


def excerpt_blocks(d: Diagnosis) -> Iterator[tuple[str, list[Excerpt]]]:
    """The excerpts by source, sources as they come, lines in order and each once."""
    sources: dict[str, dict[int, Excerpt]] = {}
    for excerpt in d.excerpts:
        sources.setdefault(excerpt.source, {})[excerpt.line] = excerpt
    for source, lines in sources.items():
        yield source, [lines[number] for number in sorted(lines)]
