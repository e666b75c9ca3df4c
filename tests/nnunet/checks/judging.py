"""What `check train` finds of a training's files and of facts, without a look at this computer."""

from __future__ import annotations

from nndoctor.checkups.train_review import review_training
from nndoctor.diagnosis.checkup import problems_of_facts
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.facts import Fact, Facts, FactValue, Provenance
from nndoctor.nnunet.checks.train_facts import request_facts
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.checks.train_world import look_for_training
from tests.nnunet.trainings import NAME, Training

Arguments = dict[str, str | bool | int | dict[str, str]]


def asked_of(training: Training, arguments: Arguments) -> TrainRequest:
    base: Arguments = {"dataset": NAME, "configuration": training.configuration, "fold": "0", "device": "cpu"}
    environ = arguments.get("environ", {})
    own = environ if isinstance(environ, dict) else {}
    return TrainRequest(**{**base, **arguments, "environ": {**training.environ, **own}})  # type: ignore[arg-type]


def judged(
    training: Training, arguments: Arguments, machine: dict[str, FactValue]
) -> tuple[Facts, dict[str, set[str]]]:
    """The facts at the end, and the kinds of problems by their severity."""
    asked = asked_of(training, arguments)
    world = look_for_training(asked)
    known = {"nnunetv2.version": "2.8.1", "nnunetv2.location": str(training.package), **machine}
    stated = [Fact(name, value, Provenance("machine", "test")) for name, value in known.items()]
    facts = Facts([*request_facts(asked), *world.facts, *stated])
    review = review_training(asked, world, facts, None)
    table = load_rulebook().problem_table()
    review.problems.extend(problems_of_facts(table, facts, "train"))
    found: dict[str, set[str]] = {"error": set(), "warning": set(), "info": set()}
    for kind in review.problems.kinds():
        found[table[kind].severity].add(kind)
    return facts, found
