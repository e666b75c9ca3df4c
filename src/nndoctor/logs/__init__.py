"""Bytes become events: tracebacks with frames, telling lines, epochs, the command that was run."""

from nndoctor.logs.model import ExceptionEvent, Frame, Line, Log
from nndoctor.logs.observe import observe
from nndoctor.logs.read import WHOLE, Reading, read_source, read_text
from nndoctor.logs.sources import Source, SourceError, open_sources

__all__ = [
    "WHOLE",
    "ExceptionEvent",
    "Frame",
    "Line",
    "Log",
    "Reading",
    "Source",
    "SourceError",
    "observe",
    "open_sources",
    "read_source",
    "read_text",
]
