"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PythonOption = Annotated[
    Path | None, typer.Option("--python", help="Interpreter of nnU-Net's environment, when it is another one.")
]
RedactOption = Annotated[
    bool | None,
    typer.Option(
        "--redact/--no-redact", help="Replace names of people, hosts and folders. Default: in all but the terminal."
    ),
]
