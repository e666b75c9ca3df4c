"""The vocabulary that the witnesses and the rules share."""

from nndoctor.facts.model import Fact, Facts, FactSpec, FactType, FactValue, Missing, Provenance
from nndoctor.facts.vocabulary import vocabulary

__all__ = ["Fact", "FactSpec", "FactType", "FactValue", "Facts", "Missing", "Provenance", "vocabulary"]
