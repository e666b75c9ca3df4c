"""Everything that the pages are made of: the rules, the known bugs and the releases in one language."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from nndoctor.diagnosis.bugs import NNUNET, Bug, BugTable, filled
from nndoctor.diagnosis.problem_table import ProblemTable
from nndoctor.diagnosis.releases import Release
from nndoctor.diagnosis.rule import Rule, RuleFix
from nndoctor.diagnosis.rule_files import load_bugs, load_problems, load_releases, whole_rules
from nndoctor.diagnosis.rulebook import RuleError
from nndoctor.report.words import Language


class Knowledge(NamedTuple):
    """`rules` goes by cause, `families` from a family to its causes, `releases` are oldest first."""

    lang: Language
    rules: dict[str, Rule]
    families: dict[str, list[str]]
    table: BugTable
    problems: ProblemTable
    releases: list[Release]

    def family(self, cause: str) -> str:
        """The family that a cause belongs to."""
        return next(family for family, causes in self.families.items() if cause in causes)

    def bugs_of(self, cause: str) -> list[Bug]:
        """The known bugs that count for a cause."""
        return [bug for bug in self.table.bugs if bug.cause == cause]

    def bugs_in(self, version: str) -> list[Bug]:
        """The known bugs of a release of nnunetv2."""
        return [bug for bug in self.table.bugs if bug.package == NNUNET and self._has(version, bug)]

    def upgrade(self, package: str) -> RuleFix:
        """What ends any bug of a package that a release has fixed: FIXED_VERSION is for the reader to fill in."""
        return filled(self.table.upgrade, {"symptom": "", "package": package, "fixed": "FIXED_VERSION"})

    def pointing_at(self, cause: str, name: str) -> list[str]:
        """The causes whose `name` (explains, excludes) lists this one."""
        return [other for other, rule in self.rules.items() if cause in getattr(rule, name)]

    def _has(self, version: str, bug: Bug) -> bool:
        order = [release.version for release in self.releases]
        last = order.index(bug.fixed) if bug.fixed else len(order)
        return order.index(bug.since) <= order.index(version) < last


def load_knowledge(folder: Path, lang: Language) -> Knowledge:
    """What the rules folder holds, in that language. Raises RuleError."""
    found, problems = whole_rules(folder, lang)
    if problems:
        raise RuleError("\n".join(problems))
    families: dict[str, list[str]] = {}
    for path, rule in found.items():
        families.setdefault(path.parent.name, []).append(rule.id)
    rules = {rule.id: rule for rule in found.values()}
    return Knowledge(lang, rules, families, load_bugs(folder, lang), load_problems(folder, lang), load_releases(folder))
