"""Known bugs of nnU-Net's releases: what the table says becomes signs and fixes of the rules. Compile time only."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from nndoctor.diagnosis.releases import Release
from nndoctor.diagnosis.rule import Rule, RuleFix, Sign
from nndoctor.diagnosis.translation import FixWords, spoken_fixes, translate_fix, translate_fixes

NNUNET = "nnunetv2"
FIRST = "2.0"


class Bug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bug of the releases from `since` on; `fixed` is the first without it, none where there is none.

    `companions` are the versions of other packages that it takes to meet the bug. Its `signs` and `fixes` are those
    of a rule, and count for `cause`; a bug that makes nothing fail has none.
    """

    id: str
    symptom: str
    source: str
    cause: str | None = None
    package: str = NNUNET
    since: str = FIRST
    fixed: str | None = None
    companions: dict[str, str] = {}
    signs: list[Sign] = []
    fixes: list[RuleFix] = []


class BugTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All known bugs, and the words around them: {symptom}, {package}, {range} and {fixed} are filled in."""

    says: str
    says_open: str
    upgrade: RuleFix
    bugs: list[Bug]


NO_BUGS = BugTable("", "", RuleFix("environment", "cause", ""), [])


class BugWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    symptom: str
    fixes: list[FixWords] = []


class BugTableWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the table in another language; `bugs` goes by their ids."""

    english: str
    says: str
    says_open: str
    upgrade: FixWords
    bugs: dict[str, BugWords]


def with_bugs(rule: Rule, table: BugTable, releases: list[Release]) -> Rule:
    """The rule with the signs and fixes of its known bugs; a bug's fixes stand before the rule's own."""
    own = [bug for bug in table.bugs if bug.cause == rule.id]
    signs = [sign for bug in own for sign in _signs(bug, table, releases)]
    fixes = [fix for bug in own for fix in _fixes(bug, table, releases)]
    return msgspec.structs.replace(rule, evidence=[*rule.evidence, *signs], fixes=[*fixes, *rule.fixes])


def affected(bug: Bug, releases: list[Release]) -> str:
    """The releases that have the bug: 2.2, 2.0-2.5.2; <0.2 for another package."""
    versions = [each.version for each in releases]
    if bug.package != NNUNET or (bug.fixed and bug.fixed not in versions):
        return f"<{bug.fixed}"
    last = versions[versions.index(bug.fixed) - 1] if bug.fixed else versions[-1]
    return last if last == bug.since else f"{bug.since}-{last}"


def _signs(bug: Bug, table: BugTable, releases: list[Release]) -> Iterator[Sign]:
    told = _told(bug, releases)
    says = (table.says if bug.fixed else table.says_open).format_map(told)
    for sign in bug.signs:
        yield msgspec.structs.replace(sign, says=says, bug=bug.id, tells=told, applies_if=_conditions(bug))


def _told(bug: Bug, releases: list[Release]) -> dict[str, str]:
    told = {"symptom": bug.symptom, "package": bug.package, "range": affected(bug, releases)}
    return {**told, "fixed": bug.fixed} if bug.fixed else told


def _conditions(bug: Bug) -> list[str]:
    """Comparisons of facts that hold where the bug can occur. The first release needs no lower bound."""
    bounds = [("<", bug.fixed)] if bug.fixed else []
    if bug.since != FIRST:
        bounds.insert(0, (">=", bug.since))
    own = [f"{bug.package}.version {operator} {version}" for operator, version in bounds]
    return [*own, *(f"{name}.version {specifier}" for name, specifier in bug.companions.items())]


def _fixes(bug: Bug, table: BugTable, releases: list[Release]) -> Iterator[RuleFix]:
    """The upgrade that ends the bug, then the bug's own advice. Without a sign they need a known version."""
    upgrade = [filled(table.upgrade, _told(bug, releases))] if bug.fixed else []
    for fix in (*upgrade, *bug.fixes):
        if bug.signs:
            yield msgspec.structs.replace(fix, bug=bug.id, needs=_conditions(bug))
        else:
            yield msgspec.structs.replace(fix, certain=True, applies_if=[*_conditions(bug), *fix.applies_if])


def filled(fix: RuleFix, told: dict[str, str]) -> RuleFix:
    """The fix with the words of a bug in its texts and its command."""
    changes = {
        name: value.format_map(told)
        for name in ("text", "command", "effect", "undo")
        if isinstance(value := getattr(fix, name), str)
    }
    return msgspec.structs.replace(fix, **changes)


def translate_bugs(table: BugTable, words: BugTableWords) -> BugTable:
    """The table in another language; what has no translation stays English."""
    bugs = [_translated(bug, words.bugs[bug.id]) if bug.id in words.bugs else bug for bug in table.bugs]
    upgrade = translate_fix(table.upgrade, words.upgrade)
    return msgspec.structs.replace(table, says=words.says, says_open=words.says_open, upgrade=upgrade, bugs=bugs)


def _translated(bug: Bug, words: BugWords) -> Bug:
    return msgspec.structs.replace(bug, symptom=words.symptom, fixes=translate_fixes(bug.fixes, words.fixes))


def spoken_bugs(table: BugTable) -> Iterator[tuple[str, str]]:
    """Where and what: every text of the table that a user may read."""
    yield from (("says", table.says), ("says_open", table.says_open))
    yield from spoken_fixes("upgrade ", [table.upgrade])
    for bug in table.bugs:
        yield f"{bug.id} symptom", bug.symptom
        yield from spoken_fixes(f"{bug.id} ", bug.fixes)
