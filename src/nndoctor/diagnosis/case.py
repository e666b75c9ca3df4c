"""What is known of one consultation when it is decided."""

from __future__ import annotations

from functools import cached_property

import msgspec

from nndoctor.diagnosis.healthy import Healthy, HealthyRun
from nndoctor.diagnosis.matching import Place, Texts
from nndoctor.diagnosis.rank import Ranked
from nndoctor.diagnosis.rulebook import Common, Rulebook
from nndoctor.facts import Facts
from nndoctor.logs import ExceptionEvent


class Case(msgspec.Struct, dict=True):
    """The texts, the facts and what the rules made of them. Rules that fail on the way write into `notes`."""

    book: Rulebook
    common: Common
    texts: Texts
    facts: Facts
    ranked: Ranked
    consequences: set[Place]
    about_nnunet: bool
    notes: list[str]

    @cached_property
    def healthy(self) -> Healthy:
        return Healthy(msgspec.json.decode(self.book.healthy, type=list[HealthyRun]))

    def exceptions(self) -> list[tuple[Place, ExceptionEvent]]:
        return [(Place(log, event.number), event) for log, event in self.texts.exceptions()]

    def harmless(self) -> set[Place]:
        """Places that a harmless message accounts for."""
        hits = [hit for candidate, _ in self.ranked.remarks for hit in candidate.hits]
        return {hit.event for hit in hits} | {proof.place for hit in hits for proof in hit.proofs}

    def failure_lines(self) -> set[Place]:
        return {place for source in self.common.failures for place, _, _ in self.texts.find(source)}
