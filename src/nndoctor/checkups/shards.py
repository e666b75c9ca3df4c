"""`nndoctor check dataset --shard i/N`: one task of many reads its part of the cases, and judges nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from nndoctor.checkups.examining import read_cases
from nndoctor.checkups.options import Common, Effort, Progress
from nndoctor.checkups.resources import resource_facts
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Facts
from nndoctor.nnunet import Request, look_around
from nndoctor.nnunet.checks.dataset_files import DatasetFiles
from nndoctor.nnunet.examination.affordable import affordable_depth
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord
from nndoctor.nnunet.examination.shard_writing import write_shard
from nndoctor.nnunet.examination.shards import ShardError, head_of, part_of, whole


def write_dataset_shard(dataset: str, effort: Effort, shard: tuple[int, int], target: Path, progress: Progress) -> str:
    """Writes shard (i, N) of a dataset; returns what was done in one line. Raises ShardError."""
    world = look_around(Request(dataset=dataset, environ=dict(os.environ)))
    if world.folders.raw is None or world.dataset is None:
        raise ShardError(f"no dataset.json was found for {dataset}: nndoctor check dataset -d {dataset} says more")
    cases = DatasetFiles(world.folders.raw, world.dataset).cases
    depth = effort.depth or affordable_depth(cases)
    head, part = head_of(dataset, str(world.folders.raw), depth, shard, cases), part_of(cases, shard)
    notes: list[str] = []

    def read(rest: Sequence[CaseFiles]) -> Iterator[CaseRecord]:
        return read_cases(list(rest), depth, effort, Facts(resource_facts()), notes)

    begun = write_shard(target, head, part, read, progress)
    told = [f"{target}: {len(part)} of {len(cases)} cases", f"{begun} of them read by an earlier task" if begun else ""]
    return "; ".join([*filter(None, told), *notes])


def merge_shards(shards: list[Path], common: Common, progress: Progress) -> Diagnosis:
    """The Diagnosis of all shards of a dataset, as if one run had read them. Raises ShardError, RuleError."""
    from nndoctor.checkups.dataset import check_dataset

    head = whole(shards)
    effort = Effort(depth=head.depth, shards=tuple(shards))
    return check_dataset(head.asked, Common(effort, common.python, common.language), progress)
