"""A rule's fixes, in the safe order, without those that do nothing in the reader's version."""

from __future__ import annotations

from nndoctor.diagnosis.comparison import contradicted, parse
from nndoctor.diagnosis.model import FIX_ORDER, Fix, NotSeen
from nndoctor.diagnosis.rule import Rule, RuleFix
from nndoctor.facts import Facts, vocabulary

SHELLS = {"windows": ("powershell", "cmd", "bash")}
DEFAULT_SHELLS = ("bash", "powershell", "cmd")


def fixes_for(fixes: list[RuleFix], facts: Facts, bugs: set[str]) -> list[Fix]:
    """Fixes that may apply: check < setting < copy-of-data < environment < destructive, each in the rule's order.

    `bugs` are the known bugs that the text shows; the advice for others is left out.
    """
    told = (each for each in in_order(fixes) if not each.bug or each.bug in bugs)
    return [fix for each in told if (fix := _fix(each, facts)) is not None]


def in_order(fixes: list[RuleFix]) -> list[RuleFix]:
    """Safest first, else as their author ordered them."""
    return sorted(fixes, key=lambda fix: FIX_ORDER.index(fix.kind))


def _fix(fix: RuleFix, facts: Facts) -> Fix | None:
    answers = {condition: parse(condition).holds(facts) for condition in fix.applies_if}
    if False in answers.values() or (fix.certain and None in answers.values()):
        return None
    if contradicted(fix.needs, facts):
        return None
    open_conditions = [condition for condition, answer in answers.items() if answer is None]
    return Fix(
        fix.kind,
        fix.treats,
        fix.text,
        _command(fix.command, facts),
        fix.effect,
        fix.cost,
        fix.undo,
        fix.source,
        " and ".join(open_conditions) or None,
    )


def _command(command: str | dict[str, str] | None, facts: Facts) -> str | None:
    if not isinstance(command, dict):
        return command
    order = SHELLS.get(str(facts.value("log.platform")), DEFAULT_SHELLS)
    return next((command[shell] for shell in order if shell in command), None)


def not_seen(rule: Rule, facts: Facts) -> list[NotSeen]:
    """Facts that would have spoken for or against the cause, and why they are missing."""
    names = [name for sign in (*rule.evidence, *rule.against) if sign.fact for name in parse(sign.fact).names()]
    gaps = []
    for name in dict.fromkeys(names):
        if name in facts or name.startswith("log."):
            continue
        spec = vocabulary()[name]
        reason = facts.why_missing(name) or "nobody looked"
        gaps.append(NotSeen(name, spec.meaning, reason, spec.how))
    return gaps
