"""What no fix may advise."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.diagnosis.rule import RuleFix

FORBIDDEN = ("weights_only=False", "chmod 777", "chmod -R 777", "rm -rf /", "sudo pip")


def unsafe(fix: RuleFix) -> Iterator[str]:
    """Commands that are offered as destructive ones, or not at all."""
    if fix.kind != "destructive":
        yield from (f"advises {words!r}" for words in FORBIDDEN if words in str(fix.command))
