"""A site meets the rules as its printed text would: through the reader of logs and the matching of every diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from nndoctor.coverage.internal import Internal
from nndoctor.coverage.sites import Site
from nndoctor.diagnosis.matching import Texts, match_signs
from nndoctor.diagnosis.ownership import Upstream
from nndoctor.diagnosis.rulebook import Rulebook
from nndoctor.logs import read_text

State = Literal["covered", "internal", "open"]
SITE_PACKAGES = "/usr/lib/python3/site-packages"
NO_CAUSE = ("unknown", "no-failure", "not-nnunet")


class Verdict(msgspec.Struct, frozen=True):
    """What the rules make of one site: the causes that recognise it, or the reason why none needs to."""

    site: Site
    state: State
    causes: list[str] = []
    reason: str = ""


class Coverage(msgspec.Struct, frozen=True):
    """The verdicts of one installation."""

    verdicts: list[Verdict]

    def count(self, state: State) -> int:
        return sum(each.state == state for each in self.verdicts)

    @property
    def open(self) -> list[Verdict]:
        return [each for each in self.verdicts if each.state == "open"]

    @property
    def share(self) -> float:
        """Of the sites that are covered or internal; 1 where there is no site."""
        return 1 - len(self.open) / len(self.verdicts) if self.verdicts else 1.0


def judge(sites: Iterable[Site], book: Rulebook, internal: Sequence[Internal]) -> Coverage:
    """The verdict on every site. A rule that recognises a site counts before an entry that excuses it."""
    upstream = {package: frozenset(files) for package, files in book.common_knowledge().upstream.items()}
    return Coverage([_verdict(site, book, upstream, internal) for site in sites])


def _verdict(site: Site, book: Rulebook, upstream: Upstream, internal: Sequence[Internal]) -> Verdict:
    causes = sorted({cause for text in texts(site) for cause in recognised(text, book, upstream)})
    if causes:
        return Verdict(site, "covered", causes)
    excuse = next((each for each in internal if each.covers(site)), None)
    return Verdict(site, "open") if excuse is None else Verdict(site, "internal", reason=excuse.reason)


def recognised(text: str, book: Rulebook, upstream: Upstream) -> set[str]:
    """The causes with a sign that speaks for them in this text."""
    filed = [book.sign(hit.index) for hit in match_signs(book, Texts([read_text(text)], upstream))]
    causes = {book.cards[each.rule].id for each in filed if each.side == "for"}
    return causes.difference(NO_CAUSE)


def texts(site: Site) -> list[str]:
    """What the site prints, once for each kind of value that its holes may have."""
    return [_printed(site, message) for message in site.messages]


def _printed(site: Site, message: str) -> str:
    path = f"{SITE_PACKAGES}/{site.file}"
    if site.kind == "print":
        return message
    if site.kind == "warning":
        return f"{path}:{site.line}: {site.exception}: {message}\n  {site.code}"
    said = f"{site.exception}: {message}" if message else site.exception
    frame = f'  File "{path}", line {site.line}, in {site.function}\n    {site.code}'
    return f"Traceback (most recent call last):\n{frame}\n{said}"
