from __future__ import annotations

from dataclasses import replace

import pytest

from nndoctor.nnunet.memory import (
    Call,
    Image,
    Row,
    fingerprint_rows,
    predict_gpu_row,
    predict_rows,
    preprocess_rows,
    training_rows,
)
from nndoctor.nnunet.memory.forecast import Need, largest_safe
from tests.nnunet.memory.model import FINER, IMAGE, MIB, MODEL

GIB = 1024 * MIB
NOW = Call("2.8.1")
HUGE = replace(IMAGE, case="huge", shape=(600, 512, 512))


def stages(rows: list[Row]) -> dict[str, Row]:
    return {row.stage: row for row in rows}


def test_largest_number_that_fits_nine_tenths() -> None:
    def need(workers: int) -> Need:
        return Need(0, 10 * workers)

    assert largest_safe(need, 100, 50) == (9, 90)
    assert largest_safe(need, 100, 4) == (4, 40)
    assert largest_safe(need, 10, 50) == (0, 10)
    assert largest_safe(need, None, 50) == (None, None)


def test_many_classes_need_fewer_export_workers() -> None:
    model = replace(MODEL, heads=105, spacing=(1.5, 1.5, 1.5))
    found = stages(predict_rows([IMAGE, HUGE], model, NOW, 3, 3, granted=64 * GIB))
    export = found["export"]
    assert export.case == "huge"
    assert export.option == "-nps"
    assert export.fits is False
    assert export.safe_workers == 0
    assert export.safe_total is not None and export.safe_total > 0.9 * 64 * GIB


def test_safe_workers_are_those_that_fit() -> None:
    granted = 5 * GIB
    row = stages(predict_rows([IMAGE] * 8, FINER, NOW, 8, 3, granted))["preprocess"]
    assert row.safe_workers is not None and 1 <= row.safe_workers < 8
    for workers, fits in ((row.safe_workers, True), (row.safe_workers + 1, False)):
        again = stages(predict_rows([IMAGE] * 8, FINER, NOW, workers, 3))["preprocess"]
        assert (again.charged <= 0.9 * granted) is fits


def test_more_workers_than_cases_take_no_more() -> None:
    few, many = (stages(predict_rows([IMAGE], FINER, NOW, count, 1))["preprocess"].total for count in (1, 9))
    assert few == many


@pytest.mark.parametrize(
    "harder",
    [
        replace(NOW, save_probabilities=True),
        replace(NOW, version="2.5.1"),
        replace(NOW, version="2.2.1"),
        replace(NOW, folds=5),
        replace(NOW, device="cuda", on_device=False),
    ],
)
def test_what_takes_more_memory(harder: Call) -> None:
    model = replace(MODEL, heads=30, spacing=(1.5, 1.5, 1.5))
    plain, more = (predict_rows([IMAGE] * 2, model, call, 1, 1) for call in (NOW, harder))
    assert max(row.charged for row in more) > max(row.charged for row in plain)


def test_no_listing_children_before_25() -> None:
    old, new = (stages(predict_rows([IMAGE], MODEL, Call(version), 1, 1))["listing"] for version in ("2.4.2", "2.8.1"))
    assert old.total < GIB < 4 * GIB < new.total
    assert new.charged < 1.5 * GIB


def test_one_process_does_it_all() -> None:
    rows = stages(predict_rows([IMAGE, HUGE], MODEL, NOW, 0, 0))
    assert list(rows) == ["listing", "predict"]
    assert rows["predict"].case == "huge"
    assert rows["predict"].total < stages(predict_rows([IMAGE, HUGE], MODEL, NOW, 1, 1))["predict"].total


def test_preprocessing_grows_with_workers() -> None:
    one, four = (stages(preprocess_rows([IMAGE] * 4, FINER, NOW, count))["preprocess"] for count in (1, 4))
    assert four.total - one.total == 3 * one.one
    assert one.one > 8 * 4 * IMAGE.voxels


def test_fingerprint_depends_on_channels_not_on_size() -> None:
    """100 million float32 values a channel, three times: 1.2 GB a channel."""
    tiny = replace(IMAGE, shape=(8, 8, 8))
    one, four = (
        stages(fingerprint_rows([replace(tiny, channels=channels)] * 1000, MODEL, NOW, 1))["fingerprint"].total
        for channels in (1, 4)
    )
    assert four - one == pytest.approx(3 * 1.2e9, rel=0.01)


def test_training_grows_with_workers_and_batch() -> None:
    few, many = (stages(training_rows([IMAGE], MODEL, NOW, count))["training"] for count in (2, 12))
    assert many.total > few.total
    bigger = stages(training_rows([IMAGE], replace(MODEL, batch=4), NOW, 2))["training"]
    assert bigger.charged > few.charged
    assert few.option == "nnUNet_n_proc_DA"


def test_gpu_without_the_case_takes_less() -> None:
    cuda = Call("2.8.1", device="cuda")
    with_case, without = (predict_gpu_row([IMAGE], MODEL, call) for call in (cuda, replace(cuda, on_device=False)))
    assert with_case is not None and without is not None
    assert with_case.total - without.total == IMAGE.voxels * (4 + 5 * 3 + 2)


@pytest.mark.parametrize("images", [[], [Image("x", (2**30, 2**30, 2**30), (1e-9, 1e9, 1.0), 1000, 8)]])
def test_no_images_and_impossible_ones(images: list[Image]) -> None:
    rows = [
        *predict_rows(images, MODEL, NOW, 3, 3, 1),
        *preprocess_rows(images, MODEL, NOW, 8, 1),
        *fingerprint_rows(images, MODEL, NOW, 8, 1),
        *training_rows(images, MODEL, NOW, 12, granted=1),
    ]
    assert bool(rows) == bool(images)
    assert all(row.fits is False for row in rows)


def test_thousands_of_cases_are_quick() -> None:
    images = [replace(IMAGE, case=f"case_{index}") for index in range(5000)]
    assert len(predict_rows(images, FINER, NOW, 3, 3, 64 * GIB)) == 4
