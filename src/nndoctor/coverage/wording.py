"""The text that an expression would print: literal pieces, and holes for what is only known at run time."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from typing import NamedTuple

SAMPLES = ("7", "sample")
LONGEST_REPEAT = 200
_PERCENT = re.compile(r"%(?:\((?P<key>\w+)\))?(?P<spec>[-+ #0]*[\d*]*(?:\.[\d*]+)?)(?P<kind>[diouxXeEfFgGcrsa%])")
_KEEPING = ("strip", "lstrip", "rstrip", "dedent", "str", "fill")


class Hole(NamedTuple):
    """An interpolated value: its format specification, and whether it is shown as repr() shows it."""

    spec: str = ""
    quoted: bool = False

    def shown(self, sample: str) -> str:
        value: int | str = int(sample) if sample.isdigit() else sample
        try:
            return format(repr(value) if self.quoted else value, self.spec)
        except ValueError:
            return sample


Piece = str | Hole
Wording = list[Piece]
Names = Mapping[str, Wording]


def wording(node: ast.expr, names: Names) -> Wording:
    """The pieces of what str(node) would be; `names` leads from variables to the pieces that they hold."""
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.JoinedStr(values=values):
            return [piece for value in values for piece in wording(value, names)]
        case ast.FormattedValue():
            return _formatted(node, names)
        case ast.BinOp():
            return _operation(node, names)
        case ast.Call():
            return _called(node, names)
        case ast.IfExp(body=body):
            return wording(body, names)
        case ast.Name(id=name) if name in names:
            return names[name]
    return [Hole()]


def render(pieces: Wording, sample: str) -> str:
    """The text with `sample` in every hole."""
    return "".join(piece if isinstance(piece, str) else piece.shown(sample) for piece in pieces)


def pattern(pieces: Wording) -> str:
    """The text with {} in every hole, in one line: how a site is shown and named."""
    text = "".join(piece if isinstance(piece, str) else "{}" for piece in pieces)
    return " ".join(text.split())


def is_text(node: ast.expr, names: Names) -> bool:
    """Whether the expression surely is a text."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_text(left, names) or is_text(right, names)
        case ast.BinOp(left=left, op=ast.Mod()):
            return is_text(left, names)
        case ast.Call(func=ast.Attribute(value=inner)):
            return is_text(inner, names)
    return False


def _formatted(node: ast.FormattedValue, names: Names) -> Wording:
    if node.format_spec is None and node.conversion == -1:
        return wording(node.value, names)
    spec = "" if node.format_spec is None else render(wording(node.format_spec, names), SAMPLES[0])
    return [Hole(spec, node.conversion == ord("r"))]


def _operation(node: ast.BinOp, names: Names) -> Wording:
    if isinstance(node.op, ast.Add) and is_text(node, names):
        return [*wording(node.left, names), *wording(node.right, names)]
    if isinstance(node.op, ast.Mod) and is_text(node.left, names):
        return list(_percent(_flat(node.left, names, "%s")))
    match node.left, node.op, node.right:
        case ast.Constant(value=str(text)), ast.Mult(), ast.Constant(value=int(times)):
            return [text * min(times, LONGEST_REPEAT)]
    return [Hole()]


def _flat(node: ast.expr, names: Names, hole: str) -> str:
    return "".join(piece if isinstance(piece, str) else hole for piece in wording(node, names))


def _percent(text: str) -> Iterator[Piece]:
    position = 0
    for hole in _PERCENT.finditer(text):
        yield text[position : hole.start()]
        yield "%" if hole["kind"] == "%" else Hole(quoted=hole["kind"] in "ra")
        position = hole.end()
    yield text[position:]


def _called(node: ast.Call, names: Names) -> Wording:
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="format")) if is_text(inner, names):
            return list(_filled(_flat(inner, names, "{}")))
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str(glue)), attr="join"),
            args=[ast.List(elts=parts) | ast.Tuple(elts=parts)],
        ):
            return _joined(glue, parts, names)
        case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _KEEPING and is_text(inner, names):
            return wording(inner, names)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[inner, *_]) if name in _KEEPING:
            return wording(inner, names)
    return [Hole()]


def _filled(text: str) -> Iterator[Piece]:
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        fields = [(text, None, None, None)]
    for literal, name, spec, conversion in fields:
        yield literal
        if name is not None:
            yield Hole(spec or "", conversion == "r")


def _joined(glue: str, parts: list[ast.expr], names: Names) -> Wording:
    pieces: Wording = []
    for index, part in enumerate(parts):
        pieces += [glue] if index else []
        pieces += wording(part, names)
    return pieces
