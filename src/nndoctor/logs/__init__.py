"""Bytes become events: tracebacks with frames, telling lines, epochs, the command that was run."""

from nndoctor.logs.model import ExceptionEvent, Frame, Line, Log
from nndoctor.logs.observe import observe
from nndoctor.logs.read import Reading, read_source, read_text
from nndoctor.logs.sources import SourceError, open_sources

__all__ = [
    "ExceptionEvent",
    "Frame",
    "Line",
    "Log",
    "Reading",
    "SourceError",
    "observe",
    "open_sources",
    "read_source",
    "read_text",
]
