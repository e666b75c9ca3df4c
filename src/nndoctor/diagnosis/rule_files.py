"""The YAML of rules/: rules, their words in other languages, the tables they share. Every error names the file."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from nndoctor.diagnosis.bugs import NO_BUGS, BugTable, BugTableWords, translate_bugs, with_bugs
from nndoctor.diagnosis.comparison import parse as parse_comparison
from nndoctor.diagnosis.healthy import HealthyRun
from nndoctor.diagnosis.interface import Interface, with_needs
from nndoctor.diagnosis.problem_table import ProblemTable
from nndoctor.diagnosis.problem_words import ProblemTableWords, translate_problems
from nndoctor.diagnosis.releases import Release
from nndoctor.diagnosis.rule import Rule, Sign
from nndoctor.diagnosis.rulebook import Common, Hint, Marker, RuleError, as_list
from nndoctor.diagnosis.template import anchor_words
from nndoctor.diagnosis.translation import Translation, is_translation, translate, translation_file, unfolded

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMMON = "common"
ENGLISH = "en"
T = TypeVar("T")


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


def whole_rules(folder: Path, language: str = ENGLISH) -> tuple[dict[Path, Rule], list[str]]:
    """Every rule by its file, in that language, with what the tables add to it; and the problems of the broken ones."""
    bugs, releases, interface = load_bugs(folder, language), load_releases(folder), load_interface(folder)
    rules, problems = {}, []
    for path in rule_files(folder):
        try:
            rules[path] = with_needs(with_bugs(_spoken_rule(path, language), bugs, releases), interface)
        except RuleError as problem:
            problems.append(str(problem))
    return rules, problems


def _spoken_rule(path: Path, language: str) -> Rule:
    """The rule in that language, in English where it was not translated. Raises RuleError."""
    rule, words = load_rule(path), translation_file(path, language)
    return translate(rule, load_translation(words)) if words.is_file() else rule


def load_translation(path: Path) -> Translation:
    """The words of a rule in another language. Raises RuleError."""
    return _typed(path, unfolded(_yaml(path)), Translation)


def load_releases(folder: Path) -> list[Release]:
    """The releases of nnunetv2, oldest first. Raises RuleError."""
    return _table(folder / COMMON / "releases.yaml", list[Release], [])


def load_healthy(folder: Path) -> list[HealthyRun]:
    """What healthy runs print. Raises RuleError."""
    return _table(folder / COMMON / "healthy-runs.yaml", list[HealthyRun], [])


def load_interface(folder: Path) -> Interface:
    """The commands, flags and variables of nnunetv2 by release. Raises RuleError."""
    return _table(folder / COMMON / "interface.yaml", Interface, Interface())


def load_bugs(folder: Path, language: str = ENGLISH) -> BugTable:
    """The known bugs, in that language where they were translated. Raises RuleError."""
    path = folder / COMMON / "known-bugs.yaml"
    table = _table(path, BugTable, NO_BUGS)
    words = translation_file(path, language)
    return translate_bugs(table, load_bug_words(words)) if words.is_file() else table


def problem_files(folder: Path) -> list[Path]:
    """The tables of problems: rules/common/problems-<command>.yaml."""
    return sorted(path for path in (folder / COMMON).glob("problems*.yaml") if not is_translation(path))


def load_problems(folder: Path, language: str = ENGLISH) -> ProblemTable:
    """The problems that checks find, in that language where they were translated. Raises RuleError."""
    table: ProblemTable = {}
    for path in problem_files(folder):
        own = load_problem_table(path)
        words = translation_file(path, language)
        table |= translate_problems(own, load_problem_words(words)) if words.is_file() else own
    return table


def load_problem_table(path: Path) -> ProblemTable:
    """The rows of one file. Raises RuleError."""
    return _typed(path, _yaml(path), ProblemTable)


def load_problem_words(path: Path) -> ProblemTableWords:
    """The words of the problems in another language. Raises RuleError."""
    return _typed(path, unfolded(_yaml(path)), ProblemTableWords)


def load_bug_words(path: Path) -> BugTableWords:
    """The words of the known bugs in another language. Raises RuleError."""
    return _typed(path, unfolded(_yaml(path)), BugTableWords)


def _table(path: Path, kind: type[T], absent: T) -> T:
    return _typed(path, _yaml(path), kind) if path.is_file() else absent


def _typed(path: Path, data: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(data, kind)
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
            calibration=msgspec.convert(data.get("calibration", []), list[tuple[float, float]]),
            releases=msgspec.convert(data.get("releases", []), list[Release]),
            upstream=msgspec.convert(data.get("upstream-files", {}), dict[str, list[str]]),
        )
    except msgspec.ValidationError as problem:
        raise RuleError(f"{folder / COMMON}: {problem}") from None
