"""Jupyter notebooks: the commands and outputs of their cells, as one text."""

from __future__ import annotations

import msgspec


class _Output(msgspec.Struct, gc=False):
    text: list[str] | str = ""
    traceback: tuple[str, ...] = ()
    data: dict[str, msgspec.Raw] | None = None
    evalue: str = ""
    ename: str = ""


class _Cell(msgspec.Struct):
    source: list[str] | str = ""
    outputs: list[_Output] = []
    cell_type: str = "code"


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def notebook_cells(data: bytes) -> list[tuple[int, str]] | None:
    """Cell number (from 0) and text of every cell with output; None when this is no notebook."""
    try:
        notebook = msgspec.json.decode(data, type=_Notebook)
    except (msgspec.DecodeError, RecursionError):
        return None
    texts = ((index, _cell_text(cell)) for index, cell in enumerate(notebook.cells) if cell.outputs)
    return [(index, text) for index, text in texts if text.strip()]


def _cell_text(cell: _Cell) -> str:
    commands = [line for line in _joined(cell.source).splitlines() if line.lstrip().startswith(("!", "%"))]
    return "\n".join([*commands, *(_output_text(output) for output in cell.outputs)])


def _output_text(output: _Output) -> str:
    if output.traceback:
        return "\n".join(output.traceback)
    if output.ename:
        return f"{output.ename}: {output.evalue}"
    return _joined(output.text) or _plain(output)


def _plain(output: _Output) -> str:
    raw = (output.data or {}).get("text/plain")
    try:
        return _joined(msgspec.json.decode(raw, type=list[str] | str)) if raw is not None else ""
    except msgspec.DecodeError:
        return ""


def _joined(text: list[str] | str) -> str:
    return text if isinstance(text, str) else "".join(text)
