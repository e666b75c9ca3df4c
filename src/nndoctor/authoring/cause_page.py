"""The page of one cause: what you see, what happened, how to confirm and fix it, and how nndoctor recognises it."""

from __future__ import annotations

from typing import NamedTuple

from nndoctor.authoring.bug_pages import bug_link, bug_table
from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import bullets, capital, code, fence, heading, indented, link, page, prose
from nndoctor.authoring.page_words import family_name, other_language, told
from nndoctor.authoring.sign_text import SignText
from nndoctor.diagnosis.advice import in_order
from nndoctor.diagnosis.bugs import Bug
from nndoctor.diagnosis.rule import Rule, RuleFix, Sign, Weight
from nndoctor.diagnosis.weights import WEIGHTS
from nndoctor.report.view import condition_text
from nndoctor.report.words import Language

SHELLS = {"bash": "bash", "powershell": "PowerShell", "cmd": "cmd"}
_NOT_SEARCHED = ("confused", "chain", "against")
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
            *self._section("known-bugs", "known-bugs", "\n\n".join(self._bugs())),
            *self._section("chain", "chain", self._chain()),
            *self._section("signs", "signs", "\n\n".join(self._signs())),
            *self._section("against", "against", self._sign_list(rule.against)),
            *self._section("explain.versions", "versions", prose(rule.versions or "")),
        ]

    def _section(self, key: str, anchor: str, body: str) -> list[str]:
        searched = anchor not in _NOT_SEARCHED
        return [heading(2, self._told(key), anchor, searched=searched), body] if body else []

    def _summary(self) -> str:
        rule, family = self.rule, self.known.family(self.rule.id)
        told = [
            code(rule.id),
            link(family_name(family, self.lang), f"../families/{family}/index.md"),
            self._told(f"severity.{rule.severity}"),
            self._told(f"prior.{rule.prior}"),
            *([self._told("symptom")] if rule.symptom else []),
            other_language(f"causes/{rule.id}.md", self.lang),
        ]
        return " · ".join(told)

    def _asks(self) -> list[str]:
        return [f"{prose(ask.text)}\n\n{commands(ask.command)}".strip() for ask in self.rule.ask]

    def _fixes(self) -> str:
        """The rule's own; those that it has of known bugs stand with the bugs."""
        own = [fix for fix in in_order(self.rule.fixes) if not (fix.bug or fix.certain)]
        return "\n\n".join(f"{number}. {indented(self._fix(fix)).lstrip()}" for number, fix in enumerate(own, 1))

    def _fix(self, fix: RuleFix) -> str:
        kind = f"**{capital(self._told(f'kind.{fix.kind}'))}**{self._told('comma')}{self._told(f'treats.{fix.treats}')}"
        return "\n\n".join([kind, prose(fix.text), *self._how(fix)])

    def _how(self, fix: RuleFix) -> list[str]:
        return list(filter(None, [commands(fix.command), bullets(self._details(fix))]))

    def _bugs(self) -> list[str]:
        own = self.known.bugs_of(self.rule.id)
        packages = dict.fromkeys(bug.package for bug in own if bug.fixed)
        upgrades = [block for package in packages for block in self._how(self.known.upgrade(package))]
        fixes = [self._bug_fix(bug, fix) for bug in own for fix in bug.fixes]
        return [
            *([bug_table(own, self.known, with_cause=False)] if own else []),
            *([self._told("bugs.upgrade"), *upgrades] if upgrades else []),
            *([heading(3, self._told("bugs.else"), "bugs-else"), bullets(fixes)] if fixes else []),
        ]

    def _bug_fix(self, bug: Bug, fix: RuleFix) -> str:
        return f"{bug_link(bug, '../')}\n\n{self._fix(fix)}"

    def _details(self, fix: RuleFix) -> list[str]:
        conditions = list(dict.fromkeys([*fix.applies_if, *fix.needs]))
        told = [
            ("condition", condition_text(" and ".join(conditions) or None, self.lang)),
            ("effect", fix.effect),
            ("cost.destructive" if fix.kind == "destructive" else "cost", fix.cost),
            ("undo", fix.undo),
            ("source", fix.source),
        ]
        return [f"{capital(self._told(key))}{self._told('colon')}{prose(text)}" for key, text in told if text]

    def _confused(self) -> str:
        colon = self._told("colon")
        return bullets([f"{self._cause(each.cause)}{colon}{prose(each.how)}" for each in self.rule.confused_with])

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

    def _signs(self) -> list[str]:
        found = [(weight, [sign for sign in self.rule.evidence if sign.weight == weight]) for weight in WEIGHTS]
        parts = [self._weight(weight, signs) for weight, signs in found if signs]
        return parts or [self._told("signs.none")]

    def _weight(self, weight: Weight, signs: list[Sign]) -> str:
        return f"{heading(3, self._told(f'signs.{weight}'), f'signs-{weight}')}\n\n{self._sign_list(signs)}"

    def _sign_list(self, signs: list[Sign]) -> str:
        writer = SignText(self.lang)
        return bullets([writer.sign(sign) for sign in signs])

    def _cause(self, cause: str) -> str:
        return link(self.known.rules[cause].title, f"{cause}.md")

    @property
    def lang(self) -> Language:
        return self.known.lang

    def _told(self, key: str) -> str:
        return told(key, self.lang)


def commands(command: str | dict[str, str] | None) -> str:
    """A command as a block to copy; one for each shell as tabs."""
    if isinstance(command, dict):
        return "\n\n".join(_tab(shell, text) for shell, text in command.items())
    return fence(command, "bash") if command else ""


def _tab(shell: str, text: str) -> str:
    return f'=== "{SHELLS.get(shell, shell)}"\n\n{indented(fence(text, _HIGHLIGHT.get(shell, shell)))}'
