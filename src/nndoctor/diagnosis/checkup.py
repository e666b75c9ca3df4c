"""Problems seen before a run, and facts, become a Diagnosis: one finding for each kind of problem."""

from __future__ import annotations

import os
from collections.abc import Iterator
from string import Formatter

import msgspec

from nndoctor.diagnosis.advice import fixes_for
from nndoctor.diagnosis.comparison import parse
from nndoctor.diagnosis.findings import value_words
from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Evidence, Finding, Fix, Place, Status
from nndoctor.diagnosis.problem_table import ProblemRow, ProblemTable
from nndoctor.diagnosis.rule import RuleFix
from nndoctor.diagnosis.rulebook import Rulebook
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem, ProblemLog

SEVERITIES = ("error", "warning", "info")
EVIDENCE_SHOWN = 12


def check_up(
    book: Rulebook, problems: ProblemLog, facts: Facts, checkup: Checkup, environment: str, notes: list[str]
) -> Diagnosis:
    """The Diagnosis of what was seen. Errors come first, then in the order of the table."""
    table, subject = book.problem_table(), checkup.subject
    problems.extend(problems_of_facts(table, facts, checkup.command))
    order = {kind: (SEVERITIES.index(row.severity), place) for place, (kind, row) in enumerate(table.items())}
    kinds = sorted((kind for kind in problems.kinds() if kind in table), key=lambda kind: order[kind])
    unknown = [f"a problem without a row in the table: {kind}" for kind in problems.kinds() if kind not in table]
    findings = [
        _finding(book, kind, table[kind], problems, facts, subject, place) for place, kind in enumerate(kinds, 1)
    ]
    places = [_place(each, table[kind], subject) for kind in kinds for each in problems.kept(kind)]
    checkup = msgspec.structs.replace(checkup, places=places, table=_cases(checkup.table, places, table))
    failing = any(finding.severity == "error" for finding in findings)
    status: Status = "diagnosed" if failing else "no-failure"
    return Diagnosis(
        status, findings, None, list(facts), facts.missing(), [], environment, [*notes, *unknown], [], checkup
    )


def problems_of_facts(table: ProblemTable, facts: Facts, command: str) -> Iterator[Problem]:
    """The rows whose comparisons all hold."""
    for kind, row in table.items():
        if row.when and command in row.commands and all(parse(each).holds(facts) for each in row.when):
            yield from _of_row(kind, row, facts)


def _of_row(kind: str, row: ProblemRow, facts: Facts) -> Iterator[Problem]:
    known = {fact.name.replace(".", "_"): value_words(fact.name, fact.value) for fact in facts}
    first = facts.get(row.each or parse(row.when[0]).left)
    where = str(first.source) if first is not None else ""
    items = facts.value(row.each) if row.each else [""]
    for item in items if isinstance(items, list) else [items]:
        yield Problem(kind, where, None, {**known, "item": str(item)})


def sentence(row: ProblemRow, problem: Problem, subject: str) -> str:
    """What the row says of this problem; places below the subject of the check are named from there."""
    return row.says.format_map(
        _Holes({**problem.values, "where": _near(problem.where, subject), "case": problem.case or ""})
    )


def _cases(entries: list[CaseEntry], places: list[Place], table: ProblemTable) -> list[CaseEntry]:
    """The cases with all of their problems, the gravest first."""
    seen: dict[str, list[str]] = {}
    for place in places:
        seen.setdefault(place.case or "", []).append(place.kind)
    whole = [
        msgspec.structs.replace(entry, problems=list(dict.fromkeys([*entry.problems, *seen.get(entry.case, [])])))
        for entry in entries
    ]
    return sorted(whole, key=lambda entry: _gravity(entry, table))


def _gravity(entry: CaseEntry, table: ProblemTable) -> int:
    """0 for a case with an error, then warnings, hints, and cases without a problem."""
    severities = [SEVERITIES.index(table[kind].severity) for kind in entry.problems if kind in table]
    return min(severities, default=len(SEVERITIES))


def _place(problem: Problem, row: ProblemRow, subject: str) -> Place:
    """The problem as reports list it, with those of its values that the sentence shows."""
    shown = {name for _, name, _, _ in Formatter().parse(row.says) if name}
    values = {name: value for name, value in problem.values.items() if name in shown}
    return Place(problem.kind, problem.where, sentence(row, problem, subject), problem.case, values)


def _near(where: str, subject: str) -> str:
    return where.removeprefix(subject.rstrip("/\\") + os.sep)


class _Holes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _fixes(row: ProblemRow, of_cause: list[RuleFix], facts: Facts) -> list[Fix]:
    """Advice for this very problem before that of its cause, whose first steps look for what is known here."""
    return fixes_for(row.fixes, facts, set()) + fixes_for(of_cause, facts, set())


def _finding(
    book: Rulebook, kind: str, row: ProblemRow, problems: ProblemLog, facts: Facts, subject: str, rank: int
) -> Finding:
    card = book.card(row.cause)
    rule = card.rule() if card is not None else None
    shown = problems.kept(kind)[:EVIDENCE_SHOWN]
    return Finding(
        rank=rank,
        cause=row.cause,
        title=row.title,
        confidence=1.0,
        severity=row.severity,
        explanation=row.means,
        evidence=[Evidence("fact", each.where, sentence(row, each, subject), 0.0) for each in shown],
        against=[],
        not_seen=[],
        chain=[row.cause],
        fixes=_fixes(row, rule.fixes if rule else [], facts),
        problem=kind,
        count=problems.count(kind),
    )
