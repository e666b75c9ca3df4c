"""The rule linter: everything that must hold for rules as data, one line a problem."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.diagnosis.lint_bugs import lint_bugs
from nndoctor.diagnosis.lint_fixes import unsafe
from nndoctor.diagnosis.lint_problems import lint_problems
from nndoctor.diagnosis.lint_translations import lint_translations
from nndoctor.diagnosis.rule import Rule, Sign
from nndoctor.diagnosis.rule_files import load_common, whole_rules
from nndoctor.diagnosis.rulebook import RuleError, as_list
from nndoctor.diagnosis.template import TemplateError, anchor_words, template
from nndoctor.diagnosis.weights import WEIGHTS
from nndoctor.facts import vocabulary

UNWRITTEN = "TODO"
UNFOUNDED = ("no-failure", "not-nnunet", "unknown")


def lint(folder: Path) -> list[str]:
    """Every problem of every rule file, each in one line that names the file."""
    try:
        load_common(folder)
        rules, problems = whole_rules(folder)
    except (RuleError, OSError) as problem:
        return [str(problem)]
    known = {rule.id for rule in rules.values()}
    problems += [f"{path}: {each}" for path, rule in rules.items() for each in _problems(rule, known)]
    tables = [*lint_bugs(folder, known), *lint_problems(folder, known)]
    return [*problems, *_twice(rules), *tables, *lint_translations(folder, list(rules))]


def _twice(rules: dict[Path, Rule]) -> list[str]:
    seen: dict[str, Path] = {}
    return [
        f"{path}: {rule.id} is already the id of {seen[rule.id]}"
        for path, rule in rules.items()
        if seen.setdefault(rule.id, path) != path
    ]


def _problems(rule: Rule, known: set[str]) -> Iterator[str]:
    others = [*rule.explains, *rule.excludes, *rule.candidates, *(each.cause for each in rule.confused_with)]
    yield from (f"names the unknown cause {other!r}" for other in dict.fromkeys(others) if other not in known)
    if any(UNWRITTEN in text for text in (rule.title, rule.explanation, *(ask.text for ask in rule.ask))):
        yield f"still holds the word {UNWRITTEN} of its draft"
    if not rule.evidence and rule.id not in UNFOUNDED:
        yield "has no evidence, so it can never be found"
    if not rule.fixes and not rule.ask:
        yield "has neither a fix nor a question: say what to do, or what to look at"
    if sum(rule.candidates.values()) > 1:
        yield "candidates add up to more than 1"
    for sign in (*rule.evidence, *rule.against):
        yield from _sign_problems(sign)
    for fix in rule.fixes:
        yield from unsafe(fix)
    yield from _placeholders(rule)


def _sign_problems(sign: Sign) -> Iterator[str]:
    templates = [*as_list(sign.text), *as_list(sign.message), *as_list(sign.together), *as_list(sign.unless)]
    for source in (*templates, *as_list(sign.code)):
        try:
            anchor_words(source)
            template(source)
        except TemplateError as problem:
            yield str(problem)
    bare = sign.exception and not (sign.message or sign.function or sign.file or sign.code or sign.raised)
    if (
        bare
        and WEIGHTS[sign.weight] > WEIGHTS["strong"]
        and sign.exception in ("RuntimeError", "ValueError", "KeyError")
    ):
        yield f"a bare {sign.exception} cannot be decisive"


def _placeholders(rule: Rule) -> Iterator[str]:
    import string

    try:
        titles = as_list(rule.title_if)
        wanted = {name for title in titles for _, name, _, _ in string.Formatter().parse(title) if name}
    except ValueError as problem:
        yield f"title_if: {problem}"
        return
    signs = [sign for sign in rule.evidence if not sign.fact]
    sources = [source for sign in signs for source in (*as_list(sign.text), *as_list(sign.message))]
    told = {name for sign in signs for name in sign.tells}
    for name in wanted - told - {name.replace(".", "_") for name in vocabulary()}:
        if not any(f"{{{name}}}" in source or f"{{{name}:d}}" in source for source in sources):
            yield f"title_if names {{{name}}}, which no template captures"
