"""The rows of nnUNetv2_train."""

from __future__ import annotations

from dataclasses import replace

from nndoctor.nnunet.memory.base import TRACKER, TRAIN, Base, base_of
from nndoctor.nnunet.memory.forecast import MOST_WORKERS, Need, Row, largest_safe, largest_sums, together
from nndoctor.nnunet.memory.model import Call, Image, Model
from nndoctor.nnunet.memory.network import weight_bytes
from nndoctor.nnunet.memory.prediction import case_of
from nndoctor.nnunet.memory.processes import processes
from nndoctor.nnunet.memory.training import augmentation, forked_bytes, main_bytes, shared_batches


def training_rows(
    images: list[Image], model: Model, call: Call, workers: int, exporters: int = 8, granted: int | None = None
) -> list[Row]:
    """nnUNetv2_train with nnUNet_n_proc_DA workers, and the validation after it with nnUNet_def_n_proc export
    workers. `workers`: as nnU-Net caps them, by os.cpu_count() (utilities/default_n_proc_DA.py)."""
    if not images:
        return []
    channels = max(image.channels for image in images)
    base = base_of(TRAIN, call)

    def need(count: int) -> Need:
        return Need(*(_training_total(model, channels, count, call, base, once) for once in (False, True)))

    now, (safe, then) = need(workers), largest_safe(need, granted, MOST_WORKERS)
    one = forked_bytes(model, channels, base)
    option = "nnUNet_n_proc_DA"
    training = Row("training", None, one, workers, now.total, now.charged, granted, option, safe, then, "training")
    return [training, _validation(images, model, call, exporters, granted)]


def _training_total(model: Model, channels: int, workers: int, call: Call, base: Base, shared_once: bool) -> int:
    each, used = processes(base, 0, shared_once), augmentation(workers)
    forked = (used.train + used.validate) * (each.forked + forked_bytes(model, channels, base) - base.private)
    waiting = shared_batches(model, channels, used) if shared_once else 0
    return each.main + base.warm + main_bytes(model, channels, call) + forked + TRACKER + waiting


def _validation(images: list[Image], model: Model, call: Call, exporters: int, granted: int | None) -> Row:
    """After the last epoch every validation case is predicted (with mirroring, step size 0.5) and exported."""
    run = replace(call, cases=len(images), mirroring=True, folds=1, step_size=0.5)
    cases = [case_of(image, model, run) for image in images]
    base, worst = base_of(TRAIN, call), max(cases, key=lambda case: case.export)
    sums = largest_sums(case.export for case in cases)
    main = base.warm + 4 * weight_bytes(model, images[0].channels) + max(case.predict + case.logits for case in cases)

    def need(count: int) -> Need:
        both = [processes(base, main, once) for once in (False, True)]
        return Need(*(each.main + count * each.worker + together(sums, count) + TRACKER for each in both))

    now, (safe, then) = need(exporters), largest_safe(need, granted, max(exporters, len(cases)))
    one, option = base.worker + worst.export, "nnUNet_def_n_proc"
    return Row("export", worst.name, one, exporters, now.total, now.charged, granted, option, safe, then, "export")
