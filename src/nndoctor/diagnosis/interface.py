"""What nnunetv2's command line and environment understand in each release: advice is void where they do not."""

from __future__ import annotations

import re

import msgspec

from nndoctor.diagnosis.comparison import release_bounds
from nndoctor.diagnosis.rule import Rule, RuleFix

_NEXT_COMMAND = re.compile(r"&&|\|\||[;|\n]")
_COMMAND = re.compile(r"\bnnUNetv2_\w+")
_VARIABLE = re.compile(r"\bnnUNet_\w+")
_FLAG = re.compile(r"(?<=\s)--?[A-Za-z]\w*")


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"lacking": "except"}):
    """The releases that have something: from `since` to `until`, without `lacking`. An end that is not set is open."""

    since: str | None = None
    until: str | None = None
    lacking: list[str] = []

    def needs(self) -> list[str]:
        """The same as comparisons of facts."""
        return [*release_bounds(self.since, self.until), *(f"nnunetv2.version != {each}" for each in self.lacking)]


class CommandSpan(Span, frozen=True, forbid_unknown_fields=True, rename={"lacking": "except"}):
    """The releases that have a console script, and its flags."""

    flags: dict[str, Span] = {}


class Interface(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Console scripts and environment variables by name."""

    commands: dict[str, CommandSpan] = {}
    variables: dict[str, Span] = {}


def with_needs(rule: Rule, interface: Interface) -> Rule:
    """The rule whose fixes say what their commands need of nnunetv2."""
    fixes = [msgspec.structs.replace(fix, needs=[*fix.needs, *_needs(fix, interface)]) for fix in rule.fixes]
    return msgspec.structs.replace(rule, fixes=fixes)


def _needs(fix: RuleFix, interface: Interface) -> list[str]:
    commands = fix.command.values() if isinstance(fix.command, dict) else [fix.command or ""]
    spans = [span for text in commands for part in _NEXT_COMMAND.split(text) for span in _spans(part, interface)]
    return list(dict.fromkeys(need for span in spans for need in span.needs()))


def _spans(command: str, interface: Interface) -> list[Span]:
    """Of the console script of one simple command, of its flags, and of the variables that it sets."""
    script = _COMMAND.search(command)
    known = interface.commands.get(script.group()) if script else None
    flags = [known.flags[flag] for flag in _FLAG.findall(command) if flag in known.flags] if known else []
    variables = [interface.variables[name] for name in _VARIABLE.findall(command) if name in interface.variables]
    return [*([known] if known else []), *flags, *variables]
