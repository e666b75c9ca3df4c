"""Writes a log like those of long trainings: epoch lines, progress bars, a traceback here and there."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

TRACEBACK = """Traceback (most recent call last):
  File "/home/user/venv/lib/python3.11/site-packages/nnunetv2/inference/data_iterators.py", line 57, in preprocess
    data, seg, data_properties = preprocessor.run_case(list_of_lists[idx],
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/home/user/venv/lib/python3.11/site-packages/nnunetv2/preprocessing/preprocessors/default_preprocessor.py", line {line}, in _normalize
    scheme = configuration_manager.normalization_schemes[c]
             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~^^^
IndexError: list index out of range
"""


def epochs(random_source: random.Random) -> Iterator[str]:
    """Epoch blocks of nnU-Net's training log with a tqdm bar drawn by carriage returns every tenth epoch."""
    epoch = 0
    while True:
        stamp = f"2026-03-0{epoch % 9 + 1} {epoch % 24:02}:{epoch % 60:02}:11.{random_source.randrange(10**6):06}"
        dice = ", ".join(f"np.float32({random_source.random():.4f})" for _ in range(3))
        yield (
            f"{stamp}: \n{stamp}: Epoch {epoch % 1000} \n{stamp}: Current learning rate: {random_source.random() / 100:.5f} \n"
            f"{stamp}: train_loss {-random_source.random():.4f} \n{stamp}: val_loss {-random_source.random():.4f} \n"
            f"{stamp}: Pseudo dice [{dice}] \n{stamp}: Epoch time: {random_source.random() * 99:.2f} s \n"
        )
        if epoch % 10 == 0:
            yield "\r".join(_bar(step) for step in range(0, 101, 2)) + "\n"
        epoch += 1


def _bar(percent: int) -> str:
    full = percent // 10
    return f"{percent:3}%|{'█' * full}{' ' * (10 - full)}| {percent}/100 [00:{percent % 60:02}<00:01,  9.{percent % 10}1it/s]"


def write_log(path: Path, size: int, tracebacks: int) -> None:
    """A log of about `size` bytes with this many tracebacks, evenly spread."""
    random_source = random.Random(7)
    written = done = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        for block in epochs(random_source):
            written += stream.write(block)
            if done < tracebacks and written > (done + 0.5) * size / tracebacks:
                written += stream.write(TRACEBACK.format(line=random_source.randrange(100, 400)))
                done += 1
            if written >= size:
                return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--tracebacks", type=int, default=300)
    arguments = parser.parse_args()
    write_log(arguments.path, arguments.megabytes * 10**6, arguments.tracebacks)
