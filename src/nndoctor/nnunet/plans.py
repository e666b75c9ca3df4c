"""plans.json: its configurations and what in them cannot work
(documentation/explanation_plans_files.md; utilities/plans_handling/plans_handler.py; v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_int, as_list, as_numbers, as_object, as_str, as_strings, read_object
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.plan_problems import configuration_problems
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("plans.configurations", "plans.era", "plans.has_configuration")
MOST_CONFIGURATIONS = 100
GLOBAL_KEYS = ("dataset_name", "plans_name", "image_reader_writer", "transpose_forward", "transpose_backward")


@dataclass(frozen=True)
class Plans:
    """A plans file that could be read."""

    path: Path
    content: dict[str, object]

    @property
    def configurations(self) -> dict[str, object]:
        """The first 100 configurations, by name."""
        return dict(islice(as_object(self.content.get("configurations")).items(), MOST_CONFIGURATIONS))

    def configuration(self, name: str) -> dict[str, object]:
        """A configuration with what it inherits; empty when it is not there. A circle of heirs is cut."""
        chain: list[str] = []
        heir: str | None = name
        while heir in self.configurations and heir not in chain:
            chain.append(heir)
            heir = as_str(as_object(self.configurations[heir]).get("inherits_from"))
        merged: dict[str, object] = {}
        for ancestor in reversed(chain):
            merged |= as_object(self.configurations[ancestor])
        return merged

    def channels(self, configuration: str | None) -> int | None:
        """Normalization schemes of a configuration; of all of them, if they agree, when none is named."""
        names = [configuration] if configuration in self.configurations else list(self.configurations)
        counts = {len(as_list(self.configuration(name).get("normalization_schemes"))) for name in names if name}
        return counts.pop() or None if len(counts) == 1 else None

    def data_identifier(self, configuration: str) -> str:
        """The folder of the preprocessed data of a configuration."""
        named = as_str(self.configuration(configuration).get("data_identifier"))
        return named or f"{as_str(self.content.get('plans_name')) or 'nnUNetPlans'}_{configuration}"

    @property
    def era(self) -> str | None:
        """Which releases write such plans: with UNet_class_name up to v2.2.1, with architecture from v2.3.1 on."""
        keys = {key for name in self.configurations for key in self.configuration(name)}
        if "architecture" in keys:
            return ">=2.3.1"
        return "<=2.2.1" if "UNet_class_name" in keys else None

    def problems(self) -> Iterator[str]:
        """What is wrong with the plans, in words."""
        if not self.configurations:
            yield "no configurations: this is no plans file of nnU-Net v2"
            return
        yield from self.global_problems()
        for name in self.configurations:
            yield from self.problems_of(name)

    def global_problems(self) -> Iterator[str]:
        """What is wrong outside of the configurations."""
        missing = [key for key in GLOBAL_KEYS if key not in self.content]
        if missing:
            yield "missing: " + ", ".join(missing)

    def problems_of(self, name: str) -> Iterator[str]:
        """What is wrong with one configuration and with what it inherits, in words that begin with its name."""
        lost = self._lost_parent(name)
        if lost is not None:
            yield f"{name}: {lost}"
            return
        yield from (f"{name}: {problem}" for problem in configuration_problems(self.configuration(name)))

    def _lost_parent(self, name: str) -> str | None:
        """Why the line of heirs does not end (_internal_resolve_configuration_inheritance)."""
        seen: list[str] = []
        heir: object = name
        while isinstance(heir, str) and heir in self.configurations:
            if heir in seen:
                return f"inherits from itself by way of {', '.join(seen)}"
            seen.append(heir)
            heir = as_object(self.configurations[heir]).get("inherits_from")
        return None if heir is None else f"inherits from {str(heir)[:40]!r}, which is not there"


def read_plans(path: Path, configuration: str | None) -> tuple[list[Statement], Plans | None]:
    """The facts of a plans file, and the plans themselves when they can be read."""
    try:
        plans = Plans(path, read_object(path))
    except BadFileError as error:
        gaps = absent(NAMES, f"{path.name}: {error}")
        if str(error) == "does not exist":
            return [state("plans.found", False, path), *gaps], None
        return [state("plans.found", True, path), *_problem_facts([str(error)], path), *gaps], None
    return [state("plans.found", True, path), *_facts(plans, configuration)], plans


def _facts(plans: Plans, configuration: str | None) -> Iterator[Statement]:
    yield from _problem_facts(list(plans.problems()), plans.path)
    yield state("plans.configurations", list(plans.configurations)[:50], plans.path)
    values = (
        ("plans.era", plans.era),
        ("plans.name", as_str(plans.content.get("plans_name"))),
        ("plans.dataset_name", as_str(plans.content.get("dataset_name"))),
        ("plans.planner", as_str(plans.content.get("experiment_planner_used"))),
        ("plans.reader", as_str(plans.content.get("image_reader_writer"))),
        ("plans.channels", plans.channels(configuration)),
    )
    yield from (state(name, value, plans.path) for name, value in values if value is not None)
    if configuration is None:
        yield from absent(["plans.has_configuration"], "no configuration was given (-c)")
        return
    yield state("plans.has_configuration", configuration in plans.configurations, plans.path)
    yield from _configuration_facts(plans, configuration)


def _configuration_facts(plans: Plans, name: str) -> Iterator[Statement]:
    content = plans.configuration(name)
    batch, patch, spacing = (content.get(key) for key in ("batch_size", "patch_size", "spacing"))
    if (size := as_int(batch)) is not None:
        yield state("plans.batch_size", size, plans.path)
    if voxels := as_numbers(patch):
        yield state("plans.patch_size", voxels, plans.path)
    if steps := as_numbers(spacing):
        yield state("plans.spacing", steps, plans.path)
    if schemes := as_strings(content.get("normalization_schemes")):
        yield state("plans.normalization", schemes[:50], plans.path)
    previous = as_str(content.get("previous_stage"))
    yield state("plans.is_cascade", previous is not None, plans.path)


def _problem_facts(problems: list[str], path: Path) -> Iterator[Statement]:
    yield from listed("plans.problems", problems, path)
    if problems:
        yield state("plans.problem", problems[0], path)
