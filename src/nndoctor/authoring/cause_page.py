"""The page of one cause: what you see, what happened, how to confirm and fix it, and how nndoctor recognises it."""

from __future__ import annotations

from typing import NamedTuple

from nndoctor.authoring.bug_pages import bug_link, bug_table
from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import bullets, code, fence, heading, indented, link, other_site, page, prose
from nndoctor.authoring.page_words import family_name, told
from nndoctor.authoring.sign_text import SignText
from nndoctor.diagnosis.advice import fixes_in_order
from nndoctor.diagnosis.rule import Rule, RuleFix, Sign, Weight
from nndoctor.diagnosis.weights import WEIGHTS
from nndoctor.report.view import condition_text
from nndoctor.report.words import Language

SHELLS = {"bash": "bash", "powershell": "PowerShell", "cmd": "cmd"}
_HIGHLIGHT = {"cmd": "bat"}


def cause_page(cause: str, known: Knowledge) -> str:
    """The Markdown of a cause's page."""
    rule = known.rules[cause]
    return page(rule.title, list(CausePage(rule, known).blocks()), description=rule.see or rule.explanation)


class CausePage(NamedTuple):
    """Writes the blocks of one page in the order in which a reader needs them."""

    rule: Rule
    known: Knowledge

    def blocks(self) -> list[str]:
        rule = self.rule
        return [
            self._summary(),
            *self._section("explain.see", "see", prose(rule.see or "")),
            *self._section("what_happened", "what-happened", prose(rule.explanation)),
            *self._section("explain.why", "why", prose(rule.why or "")),
            *self._section("explain.confirm", "confirm", "\n\n".join(self._asks())),
            *self._section("fixes", "fixes", self._fixes()),
            *self._section("explain.confused", "confused", self._confused()),
            *self._section("bugs", "bugs", bug_table(self.known.bugs_of(rule.id), self.known, with_cause=False)),
            *self._section("chain", "chain", self._chain()),
            *self._section("signs", "signs", "\n\n".join(self._signs())),
            *self._section("against", "against", self._sign_list(rule.against)),
            *self._section("explain.versions", "versions", prose(rule.versions or "")),
        ]

    def _section(self, key: str, anchor: str, body: str) -> list[str]:
        return [heading(2, self._told(key), anchor), body] if body else []

    def _summary(self) -> str:
        rule, family = self.rule, self.known.family(self.rule.id)
        told = [
            code(rule.id),
            link(family_name(family, self.lang), f"../families/{family}.md"),
            self._told(f"severity.{rule.severity}"),
            self._told(f"prior.{rule.prior}"),
            *([self._told("symptom")] if rule.symptom else []),
            other_language(f"causes/{rule.id}.html", self.lang),
        ]
        return " · ".join(told)

    def _asks(self) -> list[str]:
        return [f"{prose(ask.text)}\n\n{commands(ask.command)}".strip() for ask in self.rule.ask]

    def _fixes(self) -> str:
        fixes = [f"{number}. {self._fix(fix)}" for number, fix in enumerate(fixes_in_order(self.rule), 1)]
        return "\n\n".join(fixes)

    def _fix(self, fix: RuleFix) -> str:
        kind = f"**{self._told(f'kind.{fix.kind}')}**{self._told('comma')}{self._told(f'treats.{fix.treats}')}"
        bug = f" — {self._bug_link(fix.bug)}" if fix.bug else ""
        blocks = [f"{kind}{bug}", prose(fix.text), commands(fix.command), bullets(self._details(fix))]
        return indented("\n\n".join(filter(None, blocks))).lstrip()

    def _details(self, fix: RuleFix) -> list[str]:
        conditions = list(dict.fromkeys([*fix.applies_if, *fix.needs]))
        told = [
            ("condition", condition_text(" and ".join(conditions) or None, self.lang)),
            ("effect", fix.effect),
            ("cost.destructive" if fix.kind == "destructive" else "cost", fix.cost),
            ("undo", fix.undo),
            ("source", fix.source),
        ]
        return [f"*{self._told(key)}*{self._told('colon')}{prose(text)}" for key, text in told if text]

    def _confused(self) -> str:
        return bullets([f"{self._cause(each.cause)}{self._told('colon')}{prose(each.how)}" for each in self._others()])

    def _others(self) -> list:
        return self.rule.confused_with

    def _chain(self) -> str:
        rule, known = self.rule, self.known
        told = [
            ("chain.explains", rule.explains),
            ("chain.explained", known.pointing_at(rule.id, "explains")),
            ("chain.excludes", rule.excludes),
            ("chain.excluded", known.pointing_at(rule.id, "excludes")),
        ]
        return "\n\n".join(
            f"{self._told(key)}{self._told('colon')}\n\n{bullets([self._cause(each) for each in causes])}"
            for key, causes in told
            if causes
        )
