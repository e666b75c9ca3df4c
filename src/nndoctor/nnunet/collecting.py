"""All that nnU-Net's folders, files and variables state about one request."""

from __future__ import annotations

from dataclasses import dataclass

from nndoctor.nnunet.dataset_folders import DatasetFolders, dataset_facts, model_folder
from nndoctor.nnunet.dataset_json import DatasetJson, find_dataset_json
from nndoctor.nnunet.files import is_file
from nndoctor.nnunet.input_folder import read_input_folder
from nndoctor.nnunet.input_images import image_facts
from nndoctor.nnunet.model_folder import ModelFolder, model_facts
from nndoctor.nnunet.plans import NAMES as PLANS_NAMES
from nndoctor.nnunet.plans import Plans, read_plans
from nndoctor.nnunet.preprocessed import preprocessed_facts
from nndoctor.nnunet.request import Request
from nndoctor.nnunet.splits import NAMES as SPLITS_NAMES
from nndoctor.nnunet.splits import splits_facts
from nndoctor.nnunet.staleness import staleness_facts
from nndoctor.nnunet.stating import Statement, absent, state
from nndoctor.nnunet.variables import Variables, variable_facts


@dataclass(frozen=True)
class World:
    """What a request leads to: the facts, and the things themselves as far as they are there and can be read."""

    facts: list[Statement]
    folders: DatasetFolders
    model: ModelFolder | None
    dataset: DatasetJson | None
    plans: Plans | None
    configuration: str | None


def nnunet_facts(request: Request) -> list[Statement]:
    """Every fact of nnU-Net's world that the request leads to, or the reason in one line why it is missing.

    Reads folders, JSON files, headers and the ends of files; imports nothing of nnU-Net, loads no image, unpickles
    nothing. A file that cannot be used becomes a fact or a Missing; nothing is raised.
    """
    return look_around(request).facts


def look_around(request: Request) -> World:
    """As `nnunet_facts`, with what the facts were read from."""
    variables = Variables(request.environ)
    named, folders = dataset_facts(request, variables)
    trained, model = model_facts(request, model_folder(request, variables, folders))
    declared, dataset = _dataset_json(request, model, folders)
    configuration = request.configuration or (model.configuration if model else None)
    planned, plans = _plans(request, model, folders, configuration)
    channels = _model_channels(plans, dataset, configuration)
    facts = [
        *variable_facts(variables),
        *named,
        *trained,
        *declared,
        *planned,
        *channels,
        *_input(request, dataset, plans, configuration),
        *_preprocessed(request, folders, plans, configuration),
    ]
    return World(facts, folders, model, dataset, plans, configuration)


def _asks_for_model(request: Request) -> bool:
    """Whether the request is about a prediction: then the copies in the model folder count, not the dataset's."""
    return request.model is not None or request.input is not None


def _dataset_json(
    request: Request, model: ModelFolder | None, folders: DatasetFolders
) -> tuple[list[Statement], DatasetJson | None]:
    of_model = model.path if model else None
    of_data = [folders.raw, folders.preprocessed]
    return find_dataset_json([of_model, *of_data] if _asks_for_model(request) else [*of_data, of_model])


def _plans(
    request: Request, model: ModelFolder | None, folders: DatasetFolders, configuration: str | None
) -> tuple[list[Statement], Plans | None]:
    of_model = model.path / "plans.json" if model else None
    of_data = folders.preprocessed / f"{request.plans_name}.json" if folders.preprocessed else None
    order = [of_model, of_data] if _asks_for_model(request) else [of_data, of_model]
    known = [path for path in order if path is not None]
    if not known:
        reason = "the model folder does not exist" if request.model else "no model (-m) and no dataset (-d) was given"
        return absent(["plans.found", *PLANS_NAMES], reason), None
    return read_plans(next((path for path in known if is_file(path)), known[0]), configuration)


def _expected_channels(plans: Plans | None, dataset: DatasetJson | None, configuration: str | None) -> int | None:
    planned = plans.channels(configuration) if plans else None
    return planned if planned is not None else (dataset.channels if dataset else None)


def _model_channels(plans: Plans | None, dataset: DatasetJson | None, configuration: str | None) -> list[Statement]:
    """One normalization scheme per channel in the plans; else the channel_names of dataset.json."""
    planned = plans.channels(configuration) if plans else None
    declared = dataset.channels if dataset else None
    facts: list[Statement] = []
    if plans and planned is not None:
        facts.append(state("model.channels", planned, plans.path))
    elif dataset and declared is not None:
        facts.append(state("model.channels", declared, dataset.path))
    else:
        facts += absent(["model.channels"], "neither plans.json nor dataset.json of the model could be read")
    if dataset and planned is not None and declared is not None:
        facts.append(state("model.channels_disagree", planned != declared, dataset.path))
    return facts


def _input(
    request: Request, dataset: DatasetJson | None, plans: Plans | None, configuration: str | None
) -> list[Statement]:
    facts, folder = read_input_folder(request.input, dataset.file_ending if dataset else None)
    return [*facts, *image_facts(folder, _expected_channels(plans, dataset, configuration))]


def _preprocessed(
    request: Request, folders: DatasetFolders, plans: Plans | None, configuration: str | None
) -> list[Statement]:
    identifier = f"{request.plans_name}_{configuration}" if configuration else None
    if plans and configuration:
        identifier = plans.data_identifier(configuration)
    facts, data = preprocessed_facts(folders.preprocessed, identifier)
    if folders.preprocessed is None:
        return [*facts, *absent(SPLITS_NAMES, "no dataset below nnUNet_preprocessed was given (-d)")]
    cases = data.cases if data else None
    facts += staleness_facts(folders, data)
    return [*facts, *splits_facts(folders.preprocessed / "splits_final.json", cases, request.folds or [])]
