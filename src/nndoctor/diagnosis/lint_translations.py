"""What must hold for rules in another language: whole, of today's English words, with the same names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nndoctor.diagnosis.bugs import spoken_bugs, translate_bugs
from nndoctor.diagnosis.problem_words import spoken_problems, translate_problems
from nndoctor.diagnosis.rule import Rule
from nndoctor.diagnosis.rule_files import (
    COMMON,
    load_bug_words,
    load_bugs,
    load_problem_table,
    load_problem_words,
    load_rule,
    load_translation,
    problem_files,
)
from nndoctor.diagnosis.rulebook import RuleError, as_list
from nndoctor.diagnosis.translation import Translation, digest, is_translation, spoken, translate, translation_file

SCRIPTS = {"zh": re.compile(r"[\u4e00-\u9fff]")}
_HOLE = re.compile(r"\{\w*\}")
_CAPITALS = re.compile(r"\b[A-Z][A-Z_]{2,}\b")
_KEPT = re.compile(
    r"(?<![\w-])--?[a-zA-Z][\w-]*"  # flags
    r"|\w*[A-Za-z]\w*_\w*"  # names of variables, functions and files
    r"|\bnnUNet\w*"
    r"|[\w/*]+\.(?:json|py|pyproject|toml|gz|nii|pth|ya?ml|npz|npy|b2nd|pkl|png|txt|log|md|sh|csv|zip)\b"
    r"|\d+(?:\.\d+)*"
)


def languages(folder: Path) -> set[str]:
    """Every language that some rule of the folder speaks."""
    return {path.stem.partition(".")[2] for path in folder.glob("*/*.yaml") if is_translation(path)}


def lint_translations(folder: Path, rules: list[Path]) -> Iterator[str]:
    """Every problem of the words in other languages, each in one line that names the file."""
    for language in sorted(languages(folder)):
        for path in rules:
            yield from _of_rule(translation_file(path, language), load_rule(path), language)
        yield from _of_bugs(folder, language)
        for path in problem_files(folder):
            yield from _of_problems(path, language)
    for path in sorted(each for each in folder.glob("*/*.yaml") if is_translation(each)):
        if not path.with_name(f"{path.stem.partition('.')[0]}.yaml").is_file():
            yield f"{path}: there is no rule beside it"


def _of_bugs(folder: Path, language: str) -> Iterator[str]:
    table, path = load_bugs(folder), translation_file(folder / COMMON / "known-bugs.yaml", language)
    if not table.bugs:
        return
    try:
        words = load_bug_words(path)
    except RuleError as problem:
        yield str(problem)
        return
    told, other = list(spoken_bugs(table)), dict(spoken_bugs(translate_bugs(table, words)))
    yield from (f"{path}: {problem}" for problem in _of_table(words.english, told, other, language))


def _of_problems(english: Path, language: str) -> Iterator[str]:
    table, path = load_problem_table(english), translation_file(english, language)
    if not path.is_file():
        yield f"{path}: is missing, while other rules speak {language!r}"
        return
    try:
        words = load_problem_words(path)
    except RuleError as problem:
        yield str(problem)
        return
    yield from (f"{path}: {kind} is no row of {english.name}" for kind in words.problems if kind not in table)
    told, other = list(spoken_problems(table)), dict(spoken_problems(translate_problems(table, words)))
    yield from (f"{path}: {problem}" for problem in _of_table(words.english, told, other, language))


def _of_table(english: str, told: list[tuple[str, str]], other: dict[str, str], language: str) -> Iterator[str]:
    """What is wrong with the words of a table: `told` in English, `other` by the same places, and the digest that they
    were made from."""
    if english != digest(told):
        yield _outdated(digest(told))
    for where, text in told:
        yield from (f"{where}: {problem}" for problem in _differences(text, other[where], set(), language))


def _outdated(wanted: str) -> str:
    return f"the English has changed: once this says the same, write english: {wanted!r}"


def _of_rule(path: Path, rule: Rule, language: str) -> Iterator[str]:
    if not path.is_file():
        yield f"{path}: is missing, while other rules speak {language!r}"
        return
    try:
        words = load_translation(path)
    except RuleError as problem:
        yield str(problem)
        return
    yield from (f"{path}: {problem}" for problem in _problems(rule, words, language))


def _problems(rule: Rule, words: Translation, language: str) -> Iterator[str]:
    if words.english != digest(spoken(rule)):
        yield _outdated(digest(spoken(rule)))
    yield from _lengths(rule, words)
    told = {where: text for where, text in spoken(rule) if where.startswith("says")}
    yield from (f"says {text!r} is not in the rule" for text in words.says if f"says {text!r}" not in told)
    commands = [*(fix.command for fix in rule.fixes), *(ask.command for ask in rule.ask)]
    placeholders = set(_CAPITALS.findall(str(commands)))
    for (where, english), (_, other) in zip(spoken(rule), spoken(translate(rule, words)), strict=False):
        for problem in _differences(english, other, placeholders, language):
            yield f"{where}: {problem}"


def _lengths(rule: Rule, words: Translation) -> Iterator[str]:
    for name, here, there in (
        ("title_if", len(as_list(rule.title_if)), len(as_list(words.title_if))),
        ("ask", len(rule.ask), len(words.ask)),
        ("fixes", len(rule.fixes), len(words.fixes)),
    ):
        if here != there:
            yield f"{name}: the rule has {here}, this has {there}"


def _differences(english: str, other: str, placeholders: set[str], language: str) -> Iterator[str]:
    script = SCRIPTS.get(language)
    if other == english and re.search(r"[A-Za-z]{3}", _KEPT.sub("", english)):
        yield "is not translated"
    elif script is not None and not script.search(other) and re.search(r"\b[a-z]{3,}\b", _KEPT.sub("", other)):
        yield "is not in its language"
    if sorted(_HOLE.findall(english)) != sorted(_HOLE.findall(other)):
        yield f"has other {{placeholders}} than {english!r}"
    kept = set(_KEPT.findall(english)) | (placeholders & set(_CAPITALS.findall(english)))
    lost = sorted(name for name in kept if name not in other)
    if lost:
        yield f"lacks {', '.join(lost)}"
