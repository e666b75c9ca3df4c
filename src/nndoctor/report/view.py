"""What the three readable reports share: which finding leads, which questions stay open, how a place is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nndoctor.diagnosis.model import Diagnosis, Evidence, Excerpt, Finding, Fix, NotSeen
from nndoctor.facts import Fact, FactValue, vocabulary
from nndoctor.report.phrases import phrase
from nndoctor.report.words import Language, words

LEANS = (0.3, 0.6)


class Question(NamedTuple):
    """What one command would settle: the gaps that share it and their reason."""

    command: str | None
    reason: str
    gaps: list[NotSeen]


def lead(d: Diagnosis) -> Finding | None:
    """The finding that a report explains in full: the first, where there is one."""
    return d.findings[0] if d.findings else None


def others(d: Diagnosis) -> list[Finding]:
    """The findings that a report lists briefly: of an undetermined one all, for none of them is the verdict."""
    if d.status == "undetermined":
        return d.findings
    return [finding for finding in d.findings[1:] if finding.severity != "info"]


def ignorable(d: Diagnosis) -> list[Evidence]:
    """Lines that look alarming and are not the cause."""
    if d.status != "diagnosed":
        return []
    return [sign for finding in d.findings[1:] if finding.severity == "info" for sign in finding.evidence]


def headline(d: Diagnosis, language: Language) -> str:
    """The verdict in one sentence: the title of the cause where one was found."""
    first = lead(d)
    if d.status == "diagnosed" and first is not None:
        return first.title
    if first is not None and _leans(d):
        return words(language)["verdict.leaning"].format(title=first.title)
    return words(language)[f"verdict.{d.status}"]


def open_questions(d: Diagnosis) -> list[NotSeen]:
    """What was not seen and would have counted, each once."""
    findings = d.findings if d.status == "undetermined" else d.findings[:1]
    return list({gap.fact: gap for finding in reversed(findings) for gap in reversed(finding.not_seen)}.values())[::-1]


def questions(d: Diagnosis) -> list[Question]:
    """The open questions by the command that settles them."""
    found: dict[tuple[str | None, str], list[NotSeen]] = {}
    for gap in open_questions(d):
        found.setdefault((gap.command, gap.reason), []).append(gap)
    return [Question(command, reason, gaps) for (command, reason), gaps in found.items()]


def shared_reason(d: Diagnosis) -> str | None:
    """Why nothing of it was seen, where that is one reason for several questions."""
    asked = questions(d)
    reasons = {question.reason for question in asked}
    return reasons.pop() if len(reasons) == 1 and len(open_questions(d)) > 1 else None


def _leans(d: Diagnosis) -> bool:
    """Whether one candidate of an undetermined diagnosis stands out. A symptom is surer than that, and no cause."""
    first, *more = d.findings
    alone = all(finding.confidence < first.confidence / 2 for finding in more)
    known = first.cause != "unknown" and first.severity != "info"
    return d.status == "undetermined" and known and alone and LEANS[0] <= first.confidence < LEANS[1]


def place(evidence: Evidence) -> str:
    """Where a sign stands: `log.txt:41`, or the source alone."""
    return evidence.source if evidence.line is None else f"{evidence.source}:{evidence.line}"


def near_place(d: Diagnosis, evidence: Evidence, longest: int, language: Language) -> str:
    """`log.txt:41`; where that is longer and only one text was read, its line alone: the report names the text."""
    full = place(evidence)
    if evidence.line is None or len(d.inputs) != 1 or evidence.source != d.inputs[0].name or len(full) <= longest:
        return full
    return words(language)["line"].format(number=evidence.line)


def fact_place(d: Diagnosis, fact: Fact, longest: int, language: Language) -> str:
    """Where a fact was seen, as near_place says it."""
    full = str(fact.source)
    name = d.inputs[0].name if len(d.inputs) == 1 else ""
    line = full.removeprefix(f"{name}:")
    return words(language)["line"].format(number=line) if len(full) > longest and name and line.isdigit() else full


def marked_lines(d: Diagnosis) -> set[tuple[str, int]]:
    """The lines that the leading finding quotes as evidence."""
    first = lead(d)
    return set() if first is None else {(sign.source, sign.line) for sign in first.evidence if sign.line is not None}


def fix_details(fix: Fix, language: Language) -> Iterator[tuple[str, str]]:
    """Label and text of what is known about a fix: its condition, effect, cost, undo and source."""
    text = words(language)
    cost = text["cost.destructive"] if fix.kind == "destructive" else text["cost"]
    known = (
        (text["condition"], condition_text(fix.condition, language)),
        (text["effect"], fix.effect),
        (cost, fix.cost),
        (text["undo"], fix.undo),
        (text["source"], fix.source),
    )
    return ((label, value) for label, value in known if value)


def condition_text(condition: str | None, language: Language) -> str | None:
    """A condition for a reader: nnunetv2 >= 2.6.2, Windows, nnU-Net v1. One of another form stays as it is."""
    if condition is None:
        return None
    return words(language)["comma"].join(_plain_condition(part, language) for part in condition.split(" and "))


def _plain_condition(part: str, language: Language) -> str:
    text = words(language)
    platform = {'log.platform == "windows"': text["windows"], 'log.platform != "windows"': text["not_windows"]}
    if part in platform:
        return platform[part]
    if match := re.fullmatch(r"log\.nnunet_major == ([12])", part):
        return f"nnU-Net v{match[1]}"
    if match := re.fullmatch(r"([\w.]+) == true", part):
        return phrase(vocabulary()[match[1]].meaning, language) if match[1] in vocabulary() else part
    return re.sub(r"^(\w+)\.version(?= [=!<>])", r"\1", part).replace(" == ", " ")


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
