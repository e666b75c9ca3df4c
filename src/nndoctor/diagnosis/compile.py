"""YAML rules become a Rulebook. Every error names the file and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from nndoctor.diagnosis.comparison import parse as parse_comparison
from nndoctor.diagnosis.rule import Rule, Sign
from nndoctor.diagnosis.rule_files import ENGLISH, load_common, load_healthy, load_problems, whole_rules
from nndoctor.diagnosis.rulebook import FORMAT, Card, FiledSign, Rulebook, RuleError, as_list
from nndoctor.diagnosis.template import anchor_words, tokens

HEALTHY_RUNS = Path("fixtures") / "no-fault" / "no-failure"
HEALTHY_COST = 1000
SHORT = 5
SHORT_COST = 30


def compile_rules(folder: Path, stamp: str = "", language: str = ENGLISH) -> Rulebook:
    """The Rulebook of a folder; a broken rule becomes one of its `problems`. Raises RuleError when none is whole."""
    rules, problems = whole_rules(folder, language)
    if not rules:
        raise RuleError(problems[0])
    cards = [_card(path.parent.name, rule) for path, rule in rules.items()]
    filed = [filed for index, rule in enumerate(rules.values()) for filed in _filed(index, rule)]
    healthy = healthy_words(folder.parent / HEALTHY_RUNS)
    frequency = word_frequency(rules.values())
    frequency.update(dict.fromkeys(healthy, HEALTHY_COST))
    raw_signs = [_raw(each) for each in filed]
    book = Rulebook(FORMAT, stamp, cards, raw_signs, {}, {}, {}, _raw(load_common(folder)), problems=problems)
    book.healthy = _raw(load_healthy(folder))
    book.checks = _raw(load_problems(folder, language))
    for index, each in enumerate(filed):
        _index(book, index, each.sign, frequency)
    shapes = {shape(word) for word in healthy}
    book.rare_words = sorted(word for word in book.text_words if shape(word) not in shapes)
    book.hidden_words = [word for word in book.rare_words if any(word in longer for longer in healthy)]
    return book


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def _card(family: str, rule: Rule) -> Card:
    return Card(
        id=rule.id,
        family=family,
        prior=rule.prior,
        severity=rule.severity,
        symptom=rule.symptom,
        late=rule.late,
        candidates=rule.candidates,
        explains=rule.explains,
        excludes=rule.excludes,
        body=_raw(rule),
    )


def _filed(index: int, rule: Rule) -> Iterator[FiledSign]:
    yield from (FiledSign(index, "for", sign) for sign in rule.evidence)
    yield from (FiledSign(index, "against", sign) for sign in rule.against)


def word_frequency(rules: Iterable[Rule]) -> Counter[str]:
    """How many signs use each word: the rarer a word, the better it leads to its sign."""
    counts: Counter[str] = Counter()
    for rule in rules:
        for sign in (*rule.evidence, *rule.against):
            for source in (*as_list(sign.message), *as_list(sign.text), *as_list(sign.code)):
                counts.update(tokens(source))
    return counts


def shape(word: str) -> str:
    """The word without its digits: all that the plain reader of large logs sees of it."""
    return word.translate(dict.fromkeys(range(48, 58)))


def healthy_words(folder: Path) -> set[str]:
    """Words that recorded healthy runs print: a large log is not searched for them. Empty without recordings."""
    return {word for path in folder.glob("*/input.txt") for word in tokens(path.read_text(encoding="utf-8"))}


def _index(book: Rulebook, index: int, sign: Sign, frequency: Counter[str]) -> None:
    if sign.fact is not None:
        for name in parse_comparison(sign.fact).names():
            book.fact_names.setdefault(name, []).append(index)
        return
    words = book.text_words if sign.text else book.exception_words
    for anchor in set(sign_anchors(sign, frequency)):
        words.setdefault(anchor, []).append(index)


def sign_anchors(sign: Sign, frequency: Counter[str]) -> list[str]:
    """One word per alternative of the sign's most telling condition. Raises TemplateError."""
    if sign.text:
        return [_rarest(source, frequency) for source in as_list(sign.text)]
    if sign.message:
        return [_rarest(source, frequency) for source in as_list(sign.message)]
    if sign.exception:
        return [name.rpartition(".")[2] for name in as_list(sign.exception)]
    if sign.function:
        return as_list(sign.function)
    if sign.code:
        return [_rarest(source, frequency) for source in as_list(sign.code)]
    if sign.file:
        return [max(tokens(name), key=len) for name in as_list(sign.file)]
    return ["Traceback"]


def _rarest(source: str, frequency: Counter[str]) -> str:
    def cost(word: str) -> tuple[int, str]:
        hidden = SHORT_COST * (len(word) <= SHORT or not word.isalpha())
        return frequency[word] + hidden - len(word), word

    return min(anchor_words(source), key=cost)
