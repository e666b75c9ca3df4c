"""Candidates become a ranking: roots before symptoms, what is excluded gone, confidences that add up to at most one."""

from __future__ import annotations

from nndoctor.diagnosis.matching import Place
from nndoctor.diagnosis.weigh import Candidate
from nndoctor.diagnosis.weights import WEIGHTS, odds, probability

NAMED = 0.5
LATER = 5.0
LATEST = 12.0
FOLLOWS = 25.0
SHOWN = 0.02


class Ranked:
    """The ranking: `causes` are (candidate, confidence), best first; `symptoms` and `remarks` did not compete."""

    def __init__(self) -> None:
        self.causes: list[tuple[Candidate, float]] = []
        self.symptoms: list[tuple[Candidate, float]] = []
        self.remarks: list[tuple[Candidate, float]] = []


def rank(candidates: list[Candidate]) -> Ranked:
    """One cause is the root; its share of the odds is its confidence. Symptoms and remarks stand beside."""
    ranked = Ranked()
    causes = [each for each in candidates if not each.card.symptom and each.card.severity != "info"]
    _prefer_earlier(causes)
    causes = _without_excluded(sorted(causes, key=lambda each: -each.score))
    roots = _without_explained(causes)
    total = 1 + sum(odds(each.score) for each in roots)
    ranked.causes = [(each, odds(each.score) / total) for each in sorted(roots, key=lambda each: -each.score)]
    ranked.symptoms = _alone([each for each in candidates if each.card.symptom and each.hits])
    ranked.remarks = _alone([each for each in candidates if each.card.severity == "info" and each.hits])
    return ranked


def _alone(candidates: list[Candidate]) -> list[tuple[Candidate, float]]:
    return sorted(((each, probability(each.score)) for each in candidates), key=lambda pair: -pair[1])


def _prefer_earlier(causes: list[Candidate]) -> None:
    """The first failure of a text is mostly the root: later places lose a little."""
    places = sorted({each.place for each in causes if each.place is not None and each.score > 0})
    order: dict[Place, int] = {place: index for index, place in enumerate(places)}
    proven = min((each.place for each in causes if each.place and _proven(each)), default=None)
    for each in causes:
        if each.place in order:
            each.score -= min(LATEST, LATER * order[each.place])
        if each.card.late and each.place and proven and proven < each.place:
            each.score -= FOLLOWS


def _proven(candidate: Candidate) -> bool:
    return candidate.heaviest >= WEIGHTS["strong"] and not candidate.card.late


def _without_excluded(causes: list[Candidate]) -> list[Candidate]:
    excluded = {
        cause
        for each in causes
        if probability(each.score) >= NAMED and each.heaviest >= WEIGHTS["strong"]
        for cause in each.card.excludes
        if not _excludes_back(cause, each, causes)
    }
    return [each for each in causes if each.card.id not in excluded]


def _excludes_back(cause: str, by: Candidate, causes: list[Candidate]) -> bool:
    """Two causes that exclude each other: the higher score wins, the order of the list says which."""
    other = next((each for each in causes if each.card.id == cause), None)
    return other is not None and by.card.id in other.card.excludes and other.score > by.score


def _before(one: Candidate, other: Candidate) -> bool:
    """Whether the first stands earlier in the text; only then may a weaker cause explain a stronger one."""
    if one.card.id in other.card.explains or one.place is None or other.place is None:
        return False
    return one.place <= other.place


def _without_explained(causes: list[Candidate]) -> list[Candidate]:
    """Take out what a better cause explains, and write it into that cause's chain."""
    explained: set[str] = set()
    for each in causes:
        if each.card.id in explained or not each.hits or probability(each.score) < NAMED:
            continue
        for other in causes:
            if other.card.id in each.card.explains and other is not each and other.card.id not in explained:
                if other.score > each.score and not (other.card.late or _before(each, other)):
                    continue
                explained.add(other.card.id)
                each.chain = [*each.chain, other.card.id]
    return [each for each in causes if each.card.id not in explained]
