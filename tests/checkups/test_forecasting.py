"""The memory forecast in checks and in a diagnosis: what is granted decides."""

from __future__ import annotations

from pathlib import Path

from nndoctor.checkups.forecast_facts import forecast_facts
from nndoctor.checkups.forecasting import (
    call_of,
    memory_problems,
    model_of_plans,
    prediction_forecast,
    preparation_forecast,
    provisional_model,
    training_forecast,
)
from nndoctor.checkups.sizes import ENOUGH, Sizes, fingerprinted
from nndoctor.diagnosis.model import Forecast
from nndoctor.facts import Fact, Facts, Provenance
from nndoctor.nnunet import Request, look_around
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.examination.records import CaseRecord, FileRecord
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.memory import Image
from nndoctor.nnunet.plans import Plans
from tests.nnunet.folders import DATASET_JSON, PLANS, write_image, write_json, write_model

GIB = 2**30
DATASET = DatasetJson(Path("dataset.json"), DATASET_JSON)
MODEL = model_of_plans(Plans(Path("plans.json"), PLANS), DATASET, "3d_fullres")
LARGE = [Image(f"case_{number}", (300, 400, 400), (1.5, 0.8, 0.8), 2) for number in range(10)]


def granted(memory: int, **others: str | int) -> Facts:
    known = {"memory.granted": memory, **{name.replace("_", ".", 1): value for name, value in others.items()}}
    return Facts(Fact(name, value, Provenance("machine", "test")) for name, value in known.items())


def predicted(memory: int, npp: int = 3, nps: int = 3) -> list[Forecast]:
    facts = granted(memory)
    return prediction_forecast(LARGE, MODEL, call_of(facts, "cpu"), npp, nps, facts)


def kinds(rows: list[Forecast]) -> set[str]:
    return {problem.kind for problem in memory_problems(rows, "input")}


def test_what_fits_is_no_problem() -> None:
    rows = predicted(512 * GIB)
    assert {row.stage for row in rows} == {"listing", "preprocess", "predict", "export"}
    assert kinds(rows) == set()


def test_what_is_short_names_the_case_and_the_workers_that_fit() -> None:
    export = next(row for row in predicted(512 * GIB) if row.stage == "export")
    short = next(row for row in predicted(int(export.charged * 0.8)) if row.stage == "export")
    assert not short.fits
    assert short.safe_workers in (1, 2)
    problem = next(each for each in memory_problems([short], "input") if each.case == short.case)
    assert (problem.values["option"], problem.values["safe"]) == ("-nps", str(short.safe_workers))


def test_where_not_even_the_main_process_fits_the_run_fails() -> None:
    assert kinds(predicted(2 * GIB)) >= {"memory-short-even-alone"}


def test_bounds_that_not_every_run_reaches_are_warnings() -> None:
    run = Forecast("predict", "a", GIB, 1, GIB, GIB, 2 * GIB, None, None, None, "main-process")
    bound = Forecast("export", "a", GIB, 3, 9 * GIB, 9 * GIB, 2 * GIB, "-nps", 1, GIB, "export")
    assert kinds([run, bound]) == {"memory-tight"}
    assert kinds([bound]) == {"memory-short"}


def test_a_dataset_is_forecast_for_every_configuration_and_before_planning() -> None:
    assert MODEL is not None
    provisional = provisional_model(LARGE, DATASET)
    assert provisional is not None and provisional.spacing == (1.5, 0.8, 0.8)
    rows = preparation_forecast(LARGE, 40, [MODEL, provisional], granted(64 * GIB))
    assert [row.stage for row in rows] == ["listing", "fingerprint", "preprocess", "preprocess"]
    assert {row.configuration for row in rows} == {None, "3d_fullres"}


def test_a_training_counts_its_workers_by_the_processors_of_the_host() -> None:
    few, many = (training_forecast(LARGE, MODEL, "cpu", granted(64 * GIB, cpu_host=cpus)) for cpus in (2, 12))
    assert few[0].workers == 2 and many[0].workers == 12
    assert few[0].charged < many[0].charged


def test_a_card_that_is_too_small_for_the_plans() -> None:
    rows = training_forecast(LARGE, MODEL, "cuda", granted(64 * GIB, gpu_memory_total=GIB))
    assert "vram-short" in kinds(rows)


def test_sizes_keep_what_can_be_the_worst_however_many_cases_there_are() -> None:
    sizes = Sizes()
    for number in range(1_000):
        shape, step = ((50, 50, 50), 5.0) if number == 7 else ((60 + number % 5, 60, 60), 1.0)
        header = ImageHeader("NIfTI", shape, (step, step, step), 1, "int16")
        sizes.add(CaseRecord(str(number), [FileRecord("x", header=header)]))
    kept = sizes.images()
    assert sizes.count == 1_000 and len(kept) <= ENOUGH
    assert "7" in {image.case for image in kept}


def test_the_fingerprint_tells_the_shapes(tmp_path: Path) -> None:
    content = {"shapes_after_crop": [[10, 20, 30], ["x"]], "spacings": [[2.0, 1.0, 1.0], [1.0, 1.0, 1.0]]}
    images = fingerprinted(write_json(tmp_path / "dataset_fingerprint.json", content), 2)
    assert [(image.shape, image.spacing, image.channels) for image in images] == [((10, 20, 30), (2.0, 1.0, 1.0), 2)]
    assert fingerprinted(tmp_path / "nowhere.json", 2) == []


def test_a_diagnosis_hears_whether_the_run_fitted(tmp_path: Path) -> None:
    model = write_model(tmp_path)
    for channel in (0, 1):
        write_image(tmp_path / "in", f"case_{channel:04d}.nii.gz", (40, 40, 40))
    request = Request(input=tmp_path / "in", model=model)
    world = look_around(request)
    roomy = {each.name: each for each in forecast_facts(request, world, granted(256 * GIB))}
    tight = {each.name: each for each in forecast_facts(request, world, granted(GIB))}
    shares = [each["forecast.share"] for each in (roomy, tight)]
    assert [isinstance(share, Fact) and float(str(share.value)) > 1 for share in shares] == [False, True]
