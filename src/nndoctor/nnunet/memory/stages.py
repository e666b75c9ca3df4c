"""The rows of nnUNetv2_extract_fingerprint and nnUNetv2_preprocess."""

from __future__ import annotations

from nndoctor.nnunet.memory.base import FINGERPRINT, PREPROCESS, TRACKER, base_of
from nndoctor.nnunet.memory.fingerprint import SAMPLES, fingerprint_main_peak, fingerprint_worker_peak
from nndoctor.nnunet.memory.forecast import Need, Row, largest_safe, largest_sums, together
from nndoctor.nnunet.memory.geometry import shapes
from nndoctor.nnunet.memory.model import Call, Image, Model
from nndoctor.nnunet.memory.preprocessing import preprocess_peak
from nndoctor.nnunet.memory.processes import Processes, listing_row, processes


def fingerprint_rows(
    images: list[Image], model: Model, call: Call, workers: int, granted: int | None = None
) -> list[Row]:
    """nnUNetv2_extract_fingerprint with -npfp (or -np) workers, 8 unless given. Where `images` are only the largest,
    call.cases says how many there are."""
    if not images:
        return []
    cases = max(call.cases, len(images))
    base, channels = base_of(FINGERPRINT, call), max(image.channels for image in images)
    peaks = [fingerprint_worker_peak(image, model, cases, call.release) for image in images]
    worst, sums = images[peaks.index(max(peaks))], largest_sums(peaks)
    whole = 4 * SAMPLES * channels

    def need(count: int) -> Need:
        earlier = whole * max(0, cases - count) // cases
        data = earlier + together(sums, count)
        return Need(*(_fingerprint_total(data, channels, processes(base, 0, once), count) for once in (False, True)))

    now, (safe, then) = need(workers), largest_safe(need, granted, max(workers, cases))
    one = base.worker + max(peaks)
    row = Row(
        "fingerprint", worst.case, one, workers, now.total, now.charged, granted, "-npfp", safe, then, "fingerprint"
    )
    return [listing_row(FINGERPRINT, call, 0, granted), row]


def _fingerprint_total(data: int, channels: int, tree: Processes, workers: int) -> int:
    """Either the workers are busy while the main process holds what earlier cases sent (`data`: both), or the main
    process is alone."""
    return tree.main + TRACKER + max(data + workers * tree.worker, fingerprint_main_peak(channels))


def preprocess_rows(
    images: list[Image], model: Model, call: Call, workers: int, granted: int | None = None
) -> list[Row]:
    """nnUNetv2_preprocess with -np workers."""
    if not images:
        return []
    base = base_of(PREPROCESS, call)
    sizes = [shapes(image, model) for image in images]
    peaks = [
        preprocess_peak(image, model, size, call.release, labelled=True)
        for image, size in zip(images, sizes, strict=True)
    ]
    worst, sums = images[peaks.index(max(peaks))], largest_sums(peaks)

    def need(count: int) -> Need:
        data = together(sums, count) + TRACKER
        both = [processes(base, 0, once) for once in (False, True)]
        return Need(*(data + each.main + count * each.worker for each in both))

    now, (safe, then) = need(workers), largest_safe(need, granted, max(workers, len(images)))
    one = base.worker + max(peaks)
    row = Row(
        "preprocess", worst.case, one, workers, now.total, now.charged, granted, "-np", safe, then, "preprocessing"
    )
    return [listing_row(PREPROCESS, call, 0, granted), row]
