"""The rows of nnUNetv2_predict."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nndoctor.nnunet.memory.base import PREDICT, TRACKER, Base, base_of
from nndoctor.nnunet.memory.exporting import early_bytes, export_peak
from nndoctor.nnunet.memory.forecast import Need, Row, largest_safe, largest_sums, together
from nndoctor.nnunet.memory.geometry import shapes
from nndoctor.nnunet.memory.model import Call, Image, Model, Release
from nndoctor.nnunet.memory.network import weight_bytes
from nndoctor.nnunet.memory.predicting import image_bytes, logits, predict_main_peak
from nndoctor.nnunet.memory.preprocessing import preprocess_peak
from nndoctor.nnunet.memory.processes import listing_row, processes
from nndoctor.nnunet.memory.seconds import export_seconds, predict_seconds, preprocess_seconds
from nndoctor.nnunet.memory.timeline import Case, most_at_once, stays

ONE_MANAGER: Release = (2, 7, 0)
_FORMULA = {"preprocess": "preprocessing", "predict": "main-process", "export": "export"}


def predict_rows(
    images: list[Image], model: Model, call: Call, preprocessors: int, exporters: int, granted: int | None = None
) -> list[Row]:
    """nnUNetv2_predict with -npp and -nps workers: the start, when all preprocess; the busiest moment of the run; and
    all export workers at once with the worst cases, which happens when the device predicts faster than they export.
    With -npp 0 -nps 0 (v2.5.2 and later) one process does it all."""
    if not images:
        return []
    run = _Prediction.of(images, model, replace(call, cases=len(images)))
    listing = listing_row(PREDICT, call, run.weights, granted)
    if preprocessors <= 0 and exporters <= 0:
        return [listing, run.sequential(granted)]
    stages = ("preprocess", "predict", "export")
    return [listing, *(run.row(stage, max(1, preprocessors), max(1, exporters), granted) for stage in stages)]


@dataclass(frozen=True)
class _Prediction:
    cases: list[Case]
    call: Call
    weights: int
    base: Base
    preprocessing: list[int]
    exporting: list[int]
    predicting: int

    @classmethod
    def of(cls, images: list[Image], model: Model, call: Call) -> _Prediction:
        weights = weight_bytes(model, max(image.channels for image in images) + model.previous) * (call.folds + 1)
        base = base_of(PREDICT, call)
        cases = [case_of(image, model, call) for image in images]
        preprocessing = largest_sums(case.preprocess for case in cases)
        exporting = largest_sums(case.export for case in cases)
        return cls(cases, call, weights, base, preprocessing, exporting, max(case.predict for case in cases))

    def row(self, stage: str, npp: int, nps: int, granted: int | None) -> Row:
        def need(count: int) -> Need:
            changed = {"preprocess": (count, nps), "export": (npp, count)}.get(
                stage, (min(npp, count), min(nps, count))
            )
            return Need(*(self._bytes(stage, *changed, shared_once=once) for once in (False, True)))

        workers = {"preprocess": npp, "export": nps}.get(stage, max(npp, nps))
        option = {"preprocess": "-npp", "export": "-nps"}.get(stage, "-npp and -nps")
        now = Need(*(self._bytes(stage, npp, nps, shared_once=once) for once in (False, True)))
        most = workers if stage == "predict" else max(workers, len(self.cases))
        safe, then = largest_safe(need, granted, most)
        worst = max(self.cases, key=lambda case: case.of(stage))
        base = self.base.main + self.base.warm + self.weights if stage == "predict" else self.base.worker
        one = base + worst.of(stage)
        return Row(
            stage, worst.name, one, workers, now.total, now.charged, granted, option, safe, then, _FORMULA[stage]
        )

    def sequential(self, granted: int | None) -> Row:
        """predict_from_files_sequential: nothing but the main process."""
        worst = max(self.cases, key=lambda case: max(case.preprocess, case.predict, case.image + case.export))
        most = max(worst.preprocess, worst.predict, worst.image + worst.export)
        one = self.base.main + self.base.warm + self.weights + most
        return Row("predict", worst.name, one, 1, one, one, granted, None, None, None, _FORMULA["predict"])

    def _bytes(self, stage: str, npp: int, nps: int, *, shared_once: bool) -> int:
        each = processes(self.base, self.weights, shared_once)
        started = min(npp, len(self.cases))
        managers = 1 if self.call.release >= ONE_MANAGER else 1 + started
        fixed = each.main + TRACKER + managers * each.forked + nps * each.worker
        if stage == "preprocess":
            return fixed + started * each.worker + together(self.preprocessing, started)
        fixed += self.base.warm
        if stage == "export":
            return fixed + together(self.exporting, nps) + self.predicting
        return fixed + most_at_once(stays(self.cases, npp, nps, each.worker))


def case_of(image: Image, model: Model, call: Call) -> Case:
    """Bytes and seconds of every step of a case."""
    sizes = shapes(image, model, call.step_size)
    return Case(
        name=image.case,
        preprocess=preprocess_peak(image, model, sizes, call.release, labelled=False),
        predict=predict_main_peak(image, model, sizes, replace(call, cases=1)),
        export=export_peak(model, sizes, call),
        early=early_bytes(model, sizes, call),
        item=4 * (image.channels + model.previous) * sizes.target + sizes.target,
        logits=logits(model, sizes),
        image=image_bytes(image, model, sizes, call),
        preprocess_seconds=preprocess_seconds(image, sizes),
        predict_seconds=predict_seconds(image, model, sizes, call),
        export_seconds=export_seconds(model, sizes, call),
    )
