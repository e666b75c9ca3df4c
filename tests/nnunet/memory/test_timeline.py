from __future__ import annotations

from dataclasses import replace

from nndoctor.nnunet.memory.timeline import Case, Stay, most_at_once, stays

CASE = Case(
    name="case",
    preprocess=10,
    predict=100,
    export=1000,
    early=1000,
    item=1,
    image=1,
    logits=5,
    preprocess_seconds=1,
    predict_seconds=1,
    export_seconds=1,
)


def peak(cases: list[Case], npp: int = 1, nps: int = 1) -> int:
    return most_at_once(stays(cases, npp, nps, worker=0))


def test_stays_that_only_touch_do_not_add_up() -> None:
    assert most_at_once([Stay(0, 1, 5), Stay(1, 2, 7), Stay(1.5, 1.5, 100)]) == 7


def test_one_case_is_in_one_place_at_a_time() -> None:
    assert peak([CASE]) == 1000


def test_two_workers_preprocess_together() -> None:
    slow = replace(CASE, preprocess=5000, preprocess_seconds=10)
    assert peak([slow, slow], npp=2) == 2 * 5000
    assert peak([slow, slow], npp=1) == 5000 + 1000 + 1


def test_fast_prediction_keeps_all_export_workers_busy() -> None:
    fast = replace(CASE, predict_seconds=0.001, preprocess_seconds=0.001, export_seconds=100)
    assert peak([fast] * 3, npp=3, nps=3) // 1000 == 3
    assert peak([fast] * 3, npp=3, nps=1) // 1000 == 1


def test_slow_prediction_leaves_one_export_at_a_time() -> None:
    slow = replace(CASE, predict_seconds=10)
    assert peak([slow] * 4, npp=4, nps=4) // 1000 == 1


def test_no_more_than_two_cases_wait_for_export() -> None:
    """nnU-Net stops predicting when two cases more than there are workers are unfinished."""
    fast = replace(CASE, predict=0, export=0, early=0, preprocess=0, item=0, logits=7, export_seconds=1000)
    assert peak([fast] * 20, npp=20, nps=1) <= 7 * 3


def test_a_worker_holds_the_case_before_while_it_makes_the_next() -> None:
    cases = [replace(CASE, predict=0, export=0, early=0, logits=0, item=50, predict_seconds=0.1)] * 2
    assert peak(cases, npp=1) == 60
