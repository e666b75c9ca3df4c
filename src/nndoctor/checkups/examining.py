"""Every case of a check is read, here or elsewhere, now or earlier, and goes through the review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from nndoctor.checkups.options import Common, Effort, Progress
from nndoctor.checkups.resources import granted_cpus
from nndoctor.checkups.review import Review
from nndoctor.facts import Facts
from nndoctor.nnunet.examination.affordable import affordable_depth
from nndoctor.nnunet.examination.pool import Known, examine_all, nothing_known
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth


def examine_cases(cases: list[CaseFiles], review: Review, common: Common, facts: Facts, progress: Progress) -> Depth:
    """Every case goes through the review; returns how deep was looked. Raises ShardError, DaskError."""
    depth = common.effort.depth or affordable_depth(cases)
    for done, record in enumerate(read_cases(cases, depth, common.effort, facts, review.notes), 1):
        review.add(record)
        review.reused += sum([file.reused for file in record.files])
        progress(done, len(cases))
    review.finish()
    return depth


def read_cases(
    cases: list[CaseFiles], depth: Depth, effort: Effort, facts: Facts, notes: list[str]
) -> Iterator[CaseRecord]:
    """The records of the cases, in their order. Raises ShardError, DaskError."""
    if effort.shards:
        from nndoctor.nnunet.examination.shards import merged

        yield from merged(effort.shards, cases)
    elif not effort.cache or not cases:
        yield from _read(cases, depth, effort, facts, notes, nothing_known)
    else:
        yield from _read_new(cases, depth, effort, facts, notes)


def _read_new(
    cases: list[CaseFiles], depth: Depth, effort: Effort, facts: Facts, notes: list[str]
) -> Iterator[CaseRecord]:
    """What changed since an earlier check is read and remembered."""
    from nndoctor.nnunet.examination.known_files import KnownFiles

    with closing(KnownFiles()) as known:
        for record in _read(cases, depth, effort, facts, notes, known.of):
            known.keep(record)
            yield record
    if known.trouble is not None:
        notes.append(f"what was read could not be kept for the next check ({known.trouble})")


def _read(
    cases: list[CaseFiles], depth: Depth, effort: Effort, facts: Facts, notes: list[str], known: Known
) -> Iterator[CaseRecord]:
    if effort.dask is None:
        return examine_all(cases, depth, effort.workers or granted_cpus(facts), known)
    from nndoctor.nnunet.examination.dask_workers import in_dask

    return in_dask(cases, depth, effort.dask, known, notes)
