"""All that nnU-Net's folders, files and variables state about one request."""

from __future__ import annotations

from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.dataset_folders import DatasetFolders, dataset_facts, model_folder
from nndoctor.nnunet.dataset_json import DatasetJson, find_dataset_json
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.input_folder import read_input_folder
from nndoctor.nnunet.input_images import image_facts
from nndoctor.nnunet.model_folder import ModelFolder, model_facts
from nndoctor.nnunet.plans import NAMES as PLANS_NAMES
from nndoctor.nnunet.plans import Plans, read_plans
from nndoctor.nnunet.preprocessed import preprocessed_facts
from nndoctor.nnunet.request import Request
from nndoctor.nnunet.splits import NAMES as SPLITS_NAMES
from nndoctor.nnunet.splits import splits_facts
from nndoctor.nnunet.stating import Statement, absent, state
from nndoctor.nnunet.variables import Variables, variable_facts


def nnunet_facts(request: Request) -> list[Statement]:
    """Every fact of nnU-Net's world that the request leads to, or the reason in one line why it is missing.

    Reads folders, JSON files, headers and the ends of files; imports nothing of nnU-Net, loads no image, unpickles
    nothing. A file that cannot be used becomes a fact or a Missing; nothing is raised.
    """
    variables = Variables(request.environ)
    named, folders = dataset_facts(request, variables)
    trained, model = model_facts(request, model_folder(request, variables, folders))
    declared, dataset = _dataset_json(request, model, folders)
    configuration = request.configuration or (model.configuration if model else None)
    planned, plans = _plans(request, model, folders, configuration)
    channels = _model_channels(plans, dataset, configuration)
    return [
        *variable_facts(variables),
        *named,
        *trained,
        *declared,
        *_copies(folders),
        *planned,
        *channels,
        *_input(request, dataset, plans, configuration),
        *_preprocessed(request, folders, plans, configuration),
    ]


def _dataset_json(
    request: Request, model: ModelFolder | None, folders: DatasetFolders
) -> tuple[list[Statement], DatasetJson | None]:
    """The model's own dataset.json when there is a model; else the raw one, else the preprocessed copy."""
    of_model = model.path if model else None
    asks_for_model = request.model is not None or request.input is not None
    order = [of_model, folders.raw, folders.preprocessed]
    return find_dataset_json(order if asks_for_model else [folders.raw, folders.preprocessed, of_model])


def _plans(
    request: Request, model: ModelFolder | None, folders: DatasetFolders, configuration: str | None
) -> tuple[list[Statement], Plans | None]:
    if model is not None:
        return read_plans(model.path / "plans.json", configuration)
    if folders.preprocessed is not None:
        return read_plans(folders.preprocessed / f"{request.plans_name}.json", configuration)
    return absent(["plans.found", *PLANS_NAMES], "no model (-m) and no dataset (-d) was given"), None


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


def _copies(folders: DatasetFolders) -> list[Statement]:
    """Whether the dataset.json of nnUNet_raw still says what its copy in nnUNet_preprocessed says."""
    if folders.raw is None or folders.preprocessed is None:
        return []
    try:
        differ = read_object(folders.raw / "dataset.json") != read_object(folders.preprocessed / "dataset.json")
    except BadFileError:
        return []
    return [state("dataset.json_differs", differ, folders.preprocessed / "dataset.json")]


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
    return [*facts, *splits_facts(folders.preprocessed / "splits_final.json", cases, request.folds or [])]
