"""How far a check is: a bar with rate and time left, drawn by hand: no thread, so that processes can be forked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

SHORT_S = 0.5
"""What is done sooner needs no bar."""
EVERY_S = 0.1


class Bar:
    """Appears on standard error after half a second, and is gone at the end."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SHORT_S
        self._bar: Progress | None = None

    def show(self, done: int, total: int) -> None:
        """Draws the bar, ten times a second at most."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_S
        if self._bar is None:
            self._bar = _begun(done, total)
        task = self._bar.tasks[0]
        self._bar.update(task.id, completed=done)
        rate = "" if not task.speed else f"{task.speed:,.1f}/s" if task.speed < 10 else f"{task.speed:,.0f}/s"
        self._bar.update(task.id, rate=rate)
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _begun(done: int, total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("cases  {task.fields[rate]}  left:"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    bar.add_task("", total=total, completed=done, rate="")
    bar.start()
    return bar
