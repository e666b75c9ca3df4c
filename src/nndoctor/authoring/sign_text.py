"""Signs for a reader: what nndoctor looks for, as Markdown."""

from __future__ import annotations

from typing import NamedTuple

from nndoctor.authoring.page_text import bullets, code, link, prose
from nndoctor.authoring.page_words import told
from nndoctor.diagnosis.comparison import parse
from nndoctor.diagnosis.rule import Sign
from nndoctor.diagnosis.rulebook import as_list
from nndoctor.diagnosis.template import readable
from nndoctor.facts import vocabulary
from nndoctor.report.phrases import phrase
from nndoctor.report.view import condition_text
from nndoctor.report.words import Language


class SignText(NamedTuple):
    """Writes signs in one language."""

    lang: Language

    def sign(self, sign: Sign) -> str:
        """One sign: its kind, where it stands, what it means; then the texts, any of which will do, and conditions."""
        if sign.fact is not None:
            return self._fact(sign)
        head = self._told("comma").join([self._kind(sign), *self._places(sign)])
        says = self._says(sign)
        shown = [code(readable(each)) for each in as_list(sign.text or sign.message)]
        more = [*shown, *self._conditions(sign)]
        if len(more) == len(shown) == 1:
            return f"{head}{self._told('colon')}{more[0]}{says}"
        return f"{head}{says}\n{bullets(more)}" if more else f"{head}{says}"

    def _says(self, sign: Sign) -> str:
        if not sign.says:
            return ""
        return f" — {link(sign.says, f'../known-bugs.md#{sign.bug}') if sign.bug else prose(sign.says)}"

    def _kind(self, sign: Sign) -> str:
        if sign.text:
            return f"**{self._told('sign.text')}**"
        if not sign.exception:
            return f"**{self._told('sign.any')}**"
        return f"**{self._told('sign.exception')}** {self._any_of(as_list(sign.exception))}"

    def _places(self, sign: Sign) -> list[str]:
        raised = self._told("or").join(self._told(f"raised.{each}") for each in sign.raised)
        places = [
            ("sign.in", self._any_of(as_list(sign.function))),
            ("sign.file", self._any_of(as_list(sign.file))),
            ("sign.code", self._any_of([readable(each) for each in as_list(sign.code)])),
            ("sign.raised", raised),
        ]
        return [f"{self._told(key)} {text}" for key, text in places if text]

    def _conditions(self, sign: Sign) -> list[str]:
        versions = condition_text(" and ".join(sign.applies_if) or None, self.lang)
        told = [
            ("sign.with", self._any_of([readable(each) for each in as_list(sign.together)])),
            ("sign.unless", self._any_of([readable(each) for each in as_list(sign.unless)])),
            ("condition", f"{prose(versions)}{self._brackets(self._told('sign.versions'))}" if versions else ""),
        ]
        return [f"{self._told(key)}{self._told('colon')}{text}" for key, text in told if text]

    def _fact(self, sign: Sign) -> str:
        names = parse(sign.fact or "").names()
        meanings = [prose(phrase(vocabulary()[name].meaning, self.lang)) for name in names]
        meant = self._told("semicolon").join(meanings)
        return f"**{self._told('sign.fact')}** {code(sign.fact or '')}{self._brackets(meant)}"

    def _any_of(self, texts: list[str]) -> str:
        return self._told("or").join(code(each) for each in texts)

    def _brackets(self, text: str) -> str:
        return self._told("brackets").format(text=text)

    def _told(self, key: str) -> str:
        return told(key, self.lang)
