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
        book = root / "build" / "rulebook.json"
        book.parent.mkdir(exist_ok=True)
        book.write_bytes(_compiled(root))
        build_data["force_include"][str(root / "rules")] = "nndoctor/rules"
        build_data["force_include"][str(book)] = "nndoctor/rules/rulebook.json"


def _compiled(root: Path) -> bytes:
    sys.path.insert(0, str(root / "src"))
    import msgspec

    from nndoctor.diagnosis.compile import compile_rules

    book = compile_rules(root / "rules")
    if book.problems:
        raise SystemExit("\n".join(book.problems))
    return msgspec.json.encode(book)
