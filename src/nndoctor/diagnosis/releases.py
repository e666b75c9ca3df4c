"""The releases of nnunetv2, and what an installation lacks of what its release needs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from nndoctor.facts import Fact, Facts

UNMET = "nnunetv2.unmet"


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One release of nnunetv2: the version specifiers that it declares (`needs`) and those that it has (`in_fact`)."""

    version: str
    date: str
    needs: dict[str, str]
    in_fact: dict[str, str] = {}


def unmet(facts: Facts, releases: list[Release]) -> Iterator[Fact]:
    """The fact nnunetv2.unmet, where the release is known and a known version of another package does not fit it."""
    running = facts.get("nnunetv2.version")
    release = next((each for each in releases if running is not None and each.version == running.value), None)
    if running is None or release is None:
        return
    needs = [*release.needs.items(), *release.in_fact.items()]
    lacks = [lack for name, specifier in needs if (lack := _lack(facts, release, name, specifier))]
    if lacks:
        yield Fact(UNMET, list(dict.fromkeys(lacks)), running.source)


def _lack(facts: Facts, release: Release, package: str, specifier: str) -> str | None:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion

    installed = facts.value(f"{package.lower().replace('-', '_')}.version")
    if installed is None:
        return None
    try:
        fits = SpecifierSet(specifier).contains(str(installed), prereleases=True)
    except InvalidVersion:
        return None
    return None if fits else f"{package} {installed} (nnunetv2 {release.version} needs {specifier})"
