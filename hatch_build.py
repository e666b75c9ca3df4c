"""Carries the rules into the wheel: the YAML files and the one compiled book that start-up reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RulesHook(BuildHookInterface[Any]):
    """Compiles rules/ into nndoctor/rules/ of the wheel; an editable install reads the checkout itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        build_data["force_include"][str(root / "rules")] = "nndoctor/rules"
        for name, book in _books(root).items():
            path = root / "build" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(book)
            build_data["force_include"][str(path)] = f"nndoctor/rules/{name}"


def _books(root: Path) -> dict[str, bytes]:
    """The compiled rules in English and in every language that they speak, by file name."""
    sys.path.insert(0, str(root / "src"))
    import msgspec

    from nndoctor.diagnosis.compile import compile_rules
    from nndoctor.diagnosis.lint_translations import languages
    from nndoctor.diagnosis.load import book_name
    from nndoctor.diagnosis.rule_files import ENGLISH

    rules = root / "rules"
    books = {language: compile_rules(rules, language=language) for language in (ENGLISH, *sorted(languages(rules)))}
    problems = [problem for book in books.values() for problem in book.problems]
    if problems:
        raise SystemExit("\n".join(problems))
    return {book_name(language): msgspec.json.encode(book) for language, book in books.items()}
