"""YAML rules become a Rulebook. Every error names the file and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import yaml

from nndoctor.diagnosis.comparison import parse as parse_comparison
from nndoctor.diagnosis.rule import Rule, Sign
from nndoctor.diagnosis.rulebook import FORMAT, Card, Common, FiledSign, Hint, Marker, Rulebook, RuleError, as_list
from nndoctor.diagnosis.template import anchor_words, tokens
from nndoctor.diagnosis.translation import Translation, is_translation, translate, translation_file, unfolded

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMMON = "common"
ENGLISH = "en"
HEALTHY_RUNS = Path("fixtures") / "no-fault" / "no-failure"
HEALTHY_COST = 1000
SHORT = 5
SHORT_COST = 30


def rule_files(folder: Path) -> list[Path]:
    """Every rule file, in a stable order. Raises RuleError when there is none."""
    found = (path for path in folder.glob("*/*.yaml") if path.parent.name != COMMON)
    files = sorted(path for path in found if not is_translation(path))
    if not files:
        raise RuleError(f"{folder}: no rules here (expected <family>/<cause>.yaml)")
    return files


def load_rule(path: Path) -> Rule:
    """One rule, checked against its schema, its file name and the fact vocabulary. Raises RuleError."""
    try:
        rule = msgspec.convert(_yaml(path), Rule)
        for sign in (*rule.evidence, *rule.against):
            _check_sign(sign)
        for condition in (each for fix in rule.fixes for each in fix.applies_if):
            parse_comparison(condition)
    except (ValueError, msgspec.ValidationError) as problem:
        raise RuleError(f"{path}: {problem}") from None
    if rule.id != path.stem:
        raise RuleError(f"{path}: id is {rule.id!r}, the file's name says {path.stem!r}")
    return rule


def load_translation(path: Path) -> Translation:
    """The words of a rule in another language. Raises RuleError."""
    try:
        return msgspec.convert(unfolded(_yaml(path)), Translation)
    except msgspec.ValidationError as problem:
        raise RuleError(f"{path}: {problem}") from None


def _yaml(path: Path) -> object:
    try:
        data: object = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        return data
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise RuleError(f"{path}: not readable as YAML: {' '.join(str(problem).split())}") from None


def _check_sign(sign: Sign) -> None:
    kinds = [bool(sign.exception or sign.message or sign.function or sign.file or sign.code or sign.raised)]
    kinds += [bool(sign.text), sign.fact is not None]
    if sum(kinds) != 1:
        raise ValueError("a sign is one of: an exception (exception, message, in, file, code, raised), a text, a fact")
    if sign.fact is not None:
        parse_comparison(sign.fact)
    templates = (sign.message, sign.text, sign.code, sign.together, sign.unless)
    for source in (each for words in templates for each in as_list(words)):
        anchor_words(source)


def compile_rules(folder: Path, stamp: str = "", language: str = ENGLISH) -> Rulebook:
    """The Rulebook of a folder; a broken rule becomes one of its `problems`. Raises RuleError when none is whole."""
    rules, problems = _whole_rules(folder, language)
    if not rules:
        raise RuleError(problems[0])
    cards = [_card(family, rule) for family, rule in rules]
    filed = [filed for index, (_, rule) in enumerate(rules) for filed in _filed(index, rule)]
    healthy = healthy_words(folder.parent / HEALTHY_RUNS)
    frequency = word_frequency(rule for _, rule in rules)
    frequency.update(dict.fromkeys(healthy, HEALTHY_COST))
    raw_signs = [_raw(each) for each in filed]
    book = Rulebook(FORMAT, stamp, cards, raw_signs, {}, {}, {}, _raw(load_common(folder)), problems=problems)
    for index, each in enumerate(filed):
        _index(book, index, each.sign, frequency)
    shapes = {shape(word) for word in healthy}
    book.rare_words = sorted(word for word in book.text_words if shape(word) not in shapes)
    book.hidden_words = [word for word in book.rare_words if any(word in longer for longer in healthy)]
    return book


def _whole_rules(folder: Path, language: str) -> tuple[list[tuple[str, Rule]], list[str]]:
    rules, problems = [], []
    for path in rule_files(folder):
        try:
            rules.append((path.parent.name, _spoken_rule(path, language)))
        except RuleError as problem:
            problems.append(str(problem))
    return rules, problems


def _spoken_rule(path: Path, language: str) -> Rule:
    """The rule in that language, in English where it was not translated. Raises RuleError."""
    rule, words = load_rule(path), translation_file(path, language)
    return translate(rule, load_translation(words)) if words.is_file() else rule


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


def load_common(folder: Path) -> Common:
    """Knowledge of rules/common; a missing file is empty knowledge. Raises RuleError."""
    data = {path.stem: _yaml(path) for path in sorted((folder / COMMON).glob("*.yaml"))}
    try:
        return Common(
            nnunet=[
                source
                for name in ("nnunet", "nnunet-prints")
                for source in msgspec.convert(data.get(name, []), list[str])
            ],
            consequences=msgspec.convert(data.get("consequences", []), list[Sign]),
            failures=msgspec.convert(data.get("failures", []), list[str]),
            markers=msgspec.convert(data.get("versions", []), list[Marker]),
            dependencies=msgspec.convert(data.get("dependencies", []), list[str]),
            others=msgspec.convert(data.get("others", []), list[str]),
            hints=msgspec.convert(data.get("hints", []), list[Hint]),
            upstream=msgspec.convert(data.get("upstream-files", {}), dict[str, list[str]]),
        )
    except msgspec.ValidationError as problem:
        raise RuleError(f"{folder / COMMON}: {problem}") from None
