"""Rules in another language: `<cause>.<language>.yaml` beside a rule holds its words, the rule keeps its signs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from nndoctor.diagnosis.rule import Ask, Confusion, Rule, RuleFix, Sign, Words
from nndoctor.diagnosis.rulebook import as_list

_WIDE = "[\u3000-\u9fff\uff00-\uffef]"
_FOLD = re.compile(f"(?<={_WIDE}) (?={_WIDE})")


class FixWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one fix; its command, conditions and source are those of the rule."""

    text: str
    effect: str | None = None
    cost: str | None = None
    undo: str | None = None


class Translation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one rule in one language. `says` goes by the English words, `confused_with` by the cause,
    `ask` and `fixes` by their order; `english` is the digest of the words that were translated."""

    english: str
    title: str
    explanation: str
    title_if: Words = []
    see: str | None = None
    why: str | None = None
    versions: str | None = None
    says: dict[str, str] = {}
    confused_with: dict[str, str] = {}
    ask: list[str] = []
    fixes: list[FixWords] = []


def translation_file(rule: Path, language: str) -> Path:
    """Where the words of a rule file stand in that language."""
    return rule.with_name(f"{rule.stem}.{language}.yaml")


def is_translation(path: Path) -> bool:
    """Whether a file of rules/ holds the words of another one."""
    return "." in path.stem


def translate(rule: Rule, words: Translation) -> Rule:
    """The rule in another language; what has no translation stays English."""
    asked = [*words.ask, *(each.text for each in rule.ask[len(words.ask) :])]
    return msgspec.structs.replace(
        rule,
        title=words.title,
        title_if=words.title_if or rule.title_if,
        explanation=words.explanation,
        see=words.see or rule.see,
        why=words.why or rule.why,
        versions=words.versions or rule.versions,
        evidence=[_sign(sign, words.says) for sign in rule.evidence],
        against=[_sign(sign, words.says) for sign in rule.against],
        confused_with=[
            Confusion(each.cause, words.confused_with.get(each.cause, each.how)) for each in rule.confused_with
        ],
        ask=[Ask(text, each.command) for each, text in zip(rule.ask, asked, strict=False)],
        fixes=translate_fixes(rule.fixes, words.fixes),
    )


def _sign(sign: Sign, says: dict[str, str]) -> Sign:
    return msgspec.structs.replace(sign, says=says.get(sign.says, sign.says)) if sign.says else sign


def translate_fixes(fixes: list[RuleFix], words: list[FixWords]) -> list[RuleFix]:
    """The fixes in another language; those beyond the words stay English."""
    return [*(translate_fix(fix, told) for fix, told in zip(fixes, words, strict=False)), *fixes[len(words) :]]


def translate_fix(fix: RuleFix, told: FixWords) -> RuleFix:
    return msgspec.structs.replace(
        fix, text=told.text, effect=told.effect or fix.effect, cost=told.cost or fix.cost, undo=told.undo or fix.undo
    )


def unfolded(data: object) -> object:
    """YAML data in which no folded line has left a space between Chinese characters."""
    if isinstance(data, str):
        return _FOLD.sub("", data)
    if isinstance(data, list):
        return [unfolded(each) for each in data]
    return {key: unfolded(value) for key, value in data.items()} if isinstance(data, dict) else data


def spoken(rule: Rule) -> Iterator[tuple[str, str]]:
    """Where and what: every text of a rule that a user may read."""
    yield from (("title", rule.title), ("explanation", rule.explanation))
    for name, text in (("see", rule.see), ("why", rule.why), ("versions", rule.versions)):
        if text:
            yield name, text
    yield from ((f"title_if {place}", text) for place, text in enumerate(as_list(rule.title_if), 1))
    yield from ((f"says {sign.says!r}", sign.says) for sign in (*rule.evidence, *rule.against) if sign.says)
    yield from ((f"confused_with {each.cause}", each.how) for each in rule.confused_with)
    yield from ((f"ask {place}", each.text) for place, each in enumerate(rule.ask, 1))
    yield from spoken_fixes("", rule.fixes)


def spoken_fixes(owner: str, fixes: list[RuleFix]) -> Iterator[tuple[str, str]]:
    """Where and what: every text of these fixes."""
    for place, fix in enumerate(fixes, 1):
        for name, text in (("text", fix.text), ("effect", fix.effect), ("cost", fix.cost), ("undo", fix.undo)):
            if text:
                yield f"{owner}fix {place} {name}", text


def digest(texts: Iterable[tuple[str, str]]) -> str:
    """Eight hexadecimal digits that change with any of the texts."""
    told = "\n".join(text for _, text in texts)
    return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()
