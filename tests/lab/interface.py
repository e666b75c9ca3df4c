"""What nnU-Net's command line and environment understood in each release, read off its tags: rules/common/interface.yaml.

python -m tests.lab.interface /path/to/nnUNet/.git [--out rules/common/interface.yaml]

Needs git and a clone or mirror with the tags v2.*. Nothing is imported or run. A command counts where its entry point
exists, a flag where its parser adds it, a variable where it is read: mentions in texts and assignments do not count.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import subprocess
import tarfile
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

OUT = Path(__file__).resolve().parents[2] / "rules" / "common" / "interface.yaml"
ENTRY = re.compile(r"^\s*['\"]?(nnUNetv2_\w+)\s*=\s*['\"]?([\w.]+):(\w+)", re.MULTILINE)
WIDTH = 130
HARD = "\N{NO-BREAK SPACE}"
HEAD = """\
# The commands, flags and environment variables of nnunetv2 and the releases that have them, read off the tags
# v{first} to v{last} by tests/lab/interface.py: do not edit by hand.
# since: the first release that has it, omitted where that is {first}. until: the last one, omitted where that is {last}.
# except: releases in between that lack it (a command: whose entry point names a function that does not exist).
# A flag is looked up in the releases that have its command.
# Not listed: -h and --help, which every command has. Names without a dash are positional.
"""

Trees = dict[str, ast.Module]
Functions = dict[str, ast.FunctionDef]


class Release(NamedTuple):
    """The interface of one release."""

    version: str
    commands: dict[str, set[str]]
    variables: set[str]


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.interface", description=__doc__)
    parser.add_argument("git", type=Path, help="git directory of nnU-Net, with its tags")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    return parser.parse_args(argv)


# What git holds


def git(folder: Path, *command: str) -> bytes:
    return subprocess.run(["git", f"--git-dir={folder}", *command], check=True, capture_output=True).stdout


def versions(folder: Path) -> list[str]:
    """The numbers of the v2 tags, oldest first."""
    tags = git(folder, "tag", "--list", "v2.*").decode().split()
    numbers = [tag.removeprefix("v") for tag in tags]
    return sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


def files(folder: Path, tag: str) -> dict[str, str]:
    """The texts of a tag's Python files and its pyproject.toml, by path."""
    found: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(git(folder, "archive", tag))) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith((".py", "pyproject.toml")) else None
            if content is not None:
                found[member.name] = content.read().decode("utf-8", "replace")
    return found


def release(folder: Path, version: str) -> Release:
    texts = files(folder, f"v{version}")
    sources = {path: text for path, text in texts.items() if path.startswith("nnunetv2/")}
    trees = {path: ast.parse(text, filename=path) for path, text in sources.items() if "tests" not in path.split("/")}
    setup = texts.get("pyproject.toml", "") + texts.get("setup.py", "")
    return Release(version, commands(setup, trees), variables(trees.values()))


# Commands and their flags


def commands(setup: str, trees: Trees) -> dict[str, set[str]]:
    """The flags of every console script whose function exists."""
    found: dict[str, set[str]] = {}
    for name, module, function in ENTRY.findall(setup):
        known = functions(trees[f"{PurePosixPath(*module.split('.'))}.py"])
        if function in known:
            found[name] = set(flags(function, known, set()))
    return found


def functions(tree: ast.Module) -> Functions:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def flags(function: str, known: Functions, seen: set[str]) -> Iterator[str]:
    """What a function, or one of its module that it calls, adds to a parser: every spelling."""
    seen.add(function)
    for call in calls(known[function]):
        match call.func:
            case ast.Attribute(attr="add_argument"):
                yield from filter(None, map(text, call.args))
            case ast.Name(id=name) if name in known and name not in seen:
                yield from flags(name, known, seen)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# Variables


def variables(trees: Iterable[ast.Module]) -> set[str]:
    """The names read from the environment, and those handed to a function or class that reads them."""
    trees = list(trees)
    direct = {name for tree in trees for key in keys(tree) if (name := text(key))}
    readers = {name for tree in trees for name in wrappers(tree)}
    return direct | {name for tree in trees for name in handed(tree, readers)}


def keys(tree: ast.AST) -> Iterator[ast.expr]:
    """The expressions by which the environment is read."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=where, slice=key, ctx=ast.Load()) if is_environment(where):
                yield key
            case ast.Call(func=ast.Attribute(value=where, attr="get"), args=[key, *_]) if is_environment(where):
                yield key
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[key, *_]):
                yield key
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[where]) if is_environment(where):
                yield key


def is_environment(node: ast.expr) -> bool:
    """os.environ or os.environ.keys()"""
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr="environ"):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="keys")):
            return is_environment(inner)
    return False


def wrappers(tree: ast.Module) -> Iterator[str]:
    """Functions that read the variable which a caller names, and classes that read the one which their maker names."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() if any(isinstance(key, ast.Name) for key in keys(node)):
                yield node.name
            case ast.ClassDef() if any(isinstance(key, ast.Attribute) for key in keys(node)):
                yield node.name


def handed(tree: ast.Module, readers: set[str]) -> Iterator[str]:
    """The first argument of every call of a reader."""
    for call in calls(tree):
        match call:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[key, *_]) if name in readers:
                if found := text(key):
                    yield found


# The table


def table(releases: list[Release]) -> Iterator[str]:
    """The file's lines."""
    yield HEAD.format(first=releases[0].version, last=releases[-1].version)
    yield "commands:"
    for name in sorted({name for each in releases for name in each.commands}):
        yield from command(name, releases)
    yield "variables:"
    for name in sorted({name for each in releases for name in each.variables}):
        yield f"  {name}: {{{', '.join(span([name in each.variables for each in releases], releases))}}}"


def command(name: str, releases: list[Release]) -> Iterator[str]:
    yield f"  {name}:"
    yield from (f"    {part}" for part in span([name in each.commands for each in releases], releases))
    working = [each for each in releases if name in each.commands]
    entries: list[str] = []
    for flag in sorted(set().union(*(each.commands[name] for each in working))):
        versions = ", ".join(span([flag in each.commands[name] for each in working], working))
        entries.append(f'"{flag}": {{{versions}}}')
    yield folded(entries)


def span(has: list[bool], releases: list[Release]) -> Iterator[str]:
    """The since, until and except of what those of the releases have that are marked."""
    first, last = has.index(True), len(has) - 1 - has[::-1].index(True)
    gaps = [f'"{each.version}"' for each, there in zip(releases[first:last], has[first:last], strict=True) if not there]
    if first > 0:
        yield f'since: "{releases[first].version}"'
    if last < len(has) - 1:
        yield f'until: "{releases[last].version}"'
    if gaps:
        yield f"except: [{', '.join(gaps)}]"


def folded(entries: list[str]) -> str:
    """The flags of a command, with line breaks only between them."""
    solid = ", ".join(entries).replace(" ", HARD).replace(f',{HARD}"', ', "')
    lines = textwrap.fill(
        f"flags:{HARD}{{{solid}}}", WIDTH, break_on_hyphens=False, initial_indent=" " * 4, subsequent_indent=" " * 6
    )
    return lines.replace(HARD, " ")


def main() -> None:
    asked = arguments()
    releases = [release(asked.git, version) for version in versions(asked.git)]
    asked.out.write_text("\n".join(table(releases)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
