"""What must hold for the table of known bugs and the table of releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nndoctor.diagnosis.bugs import NNUNET, Bug
from nndoctor.diagnosis.comparison import version_key
from nndoctor.diagnosis.rule_files import COMMON, load_bugs, load_releases


def lint_bugs(folder: Path, causes: set[str]) -> Iterator[str]:
    """Every problem of both tables, each in one line that names the file. Raises RuleError for an unreadable one."""
    bugs, releases = load_bugs(folder).bugs, load_releases(folder)
    versions = [release.version for release in releases]
    if versions != sorted(versions, key=version_key):
        yield f"{folder / COMMON / 'releases.yaml'}: the releases are not in order"
    for release in releases:
        for name, specifier in {**release.needs, **release.in_fact}.items():
            if not _is_specifier(specifier):
                yield f"{folder / COMMON / 'releases.yaml'}: {release.version}: {name} {specifier!r} is no specifier"
    seen: set[str] = set()
    for bug in bugs:
        problems = (*_problems(bug, causes, versions), *(["is there twice"] if bug.id in seen else []))
        yield from (f"{folder / COMMON / 'known-bugs.yaml'}: {bug.id}: {problem}" for problem in problems)
        seen.add(bug.id)


def _problems(bug: Bug, causes: set[str], versions: list[str]) -> Iterator[str]:
    if bug.cause not in (*causes, None):
        yield f"names the unknown cause {bug.cause!r}"
    if (bug.signs or bug.fixes) and bug.cause is None:
        yield "has signs or fixes, but no cause that they count for"
    ends = [version for version in (bug.since, bug.fixed) if version and bug.package == NNUNET]
    yield from (f"{version} is no release" for version in ends if version not in versions)
    if bug.fixed and version_key(bug.fixed) <= version_key(bug.since) and bug.package == NNUNET:
        yield f"is fixed in {bug.fixed}, before it began in {bug.since}"


def _is_specifier(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True
