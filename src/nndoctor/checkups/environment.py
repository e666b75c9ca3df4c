"""`nndoctor check env`: this computer, as nnU-Net will meet it."""

from __future__ import annotations

from nndoctor.checkups.conclusion import Begun, conclude
from nndoctor.checkups.options import Common
from nndoctor.checkups.review import Review
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.diagnosis.releases import unmet
from nndoctor.facts import Facts
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.examination.records import Depth
from nndoctor.witnesses import here


def check_environment(common: Common) -> Diagnosis:
    """The Diagnosis of this computer and of nnU-Net's variables, without a look at any dataset. Raises RuleError."""
    begun, notes = Begun("env", common), list[str]()
    facts = Facts(here(common.python, notes))
    facts.extend(unmet(facts, begun.book.common_knowledge().releases))
    return conclude(begun, "this computer", Review(Expected("")), facts, Depth.headers, [], notes)
