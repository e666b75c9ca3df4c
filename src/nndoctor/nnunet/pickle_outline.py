"""What a pickle would build, as plain values. Nothing is imported, nothing is called: only the opcodes are followed
(Lib/pickletools.py), and whatever a function or class of the pickle would have made stays an `Opaque`."""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field

from nndoctor.nnunet.files import BadFileError

MOST_BYTES = 16 * 1024 * 1024
MOST_OPCODES = 1_000_000
_DICTIONARIES = ("collections OrderedDict", "builtins dict", "__builtin__ dict")


@dataclass(frozen=True)
class Opaque:
    """What calling `name` ("module name") with `arguments` would have made; the object itself when they are None."""

    name: str
    arguments: object = None


class _Mark:
    pass


@dataclass
class _Machine:
    stack: list[object] = field(default_factory=list)
    memo: dict[object, object] = field(default_factory=dict)

    def above_mark(self) -> list[object]:
        """The values above the topmost mark; both leave the stack."""
        at = next(place for place in range(len(self.stack) - 1, -1, -1) if isinstance(self.stack[place], _Mark))
        values = self.stack[at + 1 :]
        del self.stack[at:]
        return values

    def pop(self, count: int) -> list[object]:
        if len(self.stack) < count:
            raise ValueError("the stack is too short")
        values = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return values


def outline_of(data: bytes) -> tuple[object, set[str]]:
    """What the pickle builds, and the names of all that it would import, as "module name".

    Values may contain themselves, and each other many times over: never walk through all of them.
    Raises BadFileError when it is broken, or beyond 16 MiB or a million opcodes.
    """
    if len(data) > MOST_BYTES:
        raise BadFileError(f"a pickle of {len(data)} bytes: too large")
    machine, imported = _Machine(), set[str]()
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if count > MOST_OPCODES:
                raise BadFileError("a pickle of too many opcodes")
            if opcode.name == "STOP":
                return machine.stack[-1], imported
            _follow(machine, opcode.name, argument)
            if opcode.name in ("GLOBAL", "STACK_GLOBAL") and isinstance(machine.stack[-1], Opaque):
                imported.add(machine.stack[-1].name)
    except (ValueError, IndexError, KeyError, StopIteration, OverflowError, UnicodeError) as error:
        raise BadFileError(f"a broken pickle: {error}"[:200]) from error
    raise BadFileError("a pickle without an end")


def _follow(machine: _Machine, name: str, argument: object) -> None:
    action = _ACTIONS.get(name)
    if action is not None:
        action(machine, argument)
    elif name not in ("PROTO", "FRAME", "NEXT_BUFFER", "READONLY_BUFFER"):
        raise ValueError(f"opcode {name}")


def _push(value: Callable[[object], object]) -> Callable[[_Machine, object], None]:
    return lambda machine, argument: machine.stack.append(value(argument))


def _gather(made: Callable[[list[object]], object]) -> Callable[[_Machine, object], None]:
    return lambda machine, _: machine.stack.append(made(machine.above_mark()))


def _some(count: int, made: Callable[[list[object]], object]) -> Callable[[_Machine, object], None]:
    return lambda machine, _: machine.stack.append(made(machine.pop(count)))


def _append(machine: _Machine, values: list[object]) -> None:
    if isinstance(target := machine.stack[-1], list):
        target.extend(values)


def _set_items(machine: _Machine, values: list[object]) -> None:
    if isinstance(target := machine.stack[-1], dict):
        target.update(_pairs(values))


def _pairs(values: list[object]) -> dict[object, object]:
    """Keys that are no simple values are dropped: the hash of a tuple of tuples of tuples takes for ever."""
    pairs = zip(values[::2], values[1::2], strict=True)
    return {key: value for key, value in pairs if isinstance(key, (str, int, float, bytes, type(None)))}


def _called(values: list[object]) -> object:
    function, arguments = values[0], tuple(values[1:])
    if not isinstance(function, Opaque):
        raise ValueError("a value that is no function is called")
    if function.name in _DICTIONARIES and arguments == ((),):
        return {}
    return Opaque(function.name, arguments[0] if len(arguments) == 1 else arguments)


def _drop(machine: _Machine, _: object) -> None:
    machine.pop(1)


def _drop_mark(machine: _Machine, _: object) -> None:
    machine.above_mark()


def _memoize(machine: _Machine, _: object) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


def _put(machine: _Machine, argument: object) -> None:
    machine.memo[argument] = machine.stack[-1]


def _object_of(values: list[object]) -> object:
    return _called([values[0], tuple(values[1:])])


_VALUES = (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "BINUNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8",
)  # fmt: skip
_ACTIONS: dict[str, Callable[[_Machine, object], None]] = {
    **dict.fromkeys(_VALUES, _push(lambda argument: argument)),
    "NONE": _push(lambda _: None),
    "NEWTRUE": _push(lambda _: True),
    "NEWFALSE": _push(lambda _: False),
    "MARK": _push(lambda _: _Mark()),
    "EMPTY_LIST": _push(lambda _: []),
    "EMPTY_TUPLE": _push(lambda _: ()),
    "EMPTY_DICT": _push(lambda _: {}),
    "EMPTY_SET": _push(lambda _: []),
    "LIST": _gather(lambda values: values),
    "TUPLE": _gather(tuple),
    "DICT": _gather(_pairs),
    "FROZENSET": _gather(tuple),
    "TUPLE1": _some(1, tuple),
    "TUPLE2": _some(2, tuple),
    "TUPLE3": _some(3, tuple),
    "APPEND": lambda machine, _: _append(machine, machine.pop(1)),
    "APPENDS": lambda machine, _: _append(machine, machine.above_mark()),
    "ADDITEMS": lambda machine, _: _append(machine, machine.above_mark()),
    "SETITEM": lambda machine, _: _set_items(machine, machine.pop(2)),
    "SETITEMS": lambda machine, _: _set_items(machine, machine.above_mark()),
    "POP": _drop,
    "POP_MARK": _drop_mark,
    "DUP": lambda machine, _: machine.stack.append(machine.stack[-1]),
    "PUT": _put,
    "BINPUT": _put,
    "LONG_BINPUT": _put,
    "MEMOIZE": _memoize,
    "GET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
    "BINGET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
    "LONG_BINGET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
    "GLOBAL": _push(lambda argument: Opaque(str(argument))),
    "STACK_GLOBAL": _some(2, lambda values: Opaque(f"{values[0]} {values[1]}")),
    "INST": lambda machine, argument: machine.stack.append(Opaque(str(argument), tuple(machine.above_mark()))),
    "OBJ": _gather(_object_of),
    "REDUCE": _some(2, _called),
    "NEWOBJ": _some(2, _called),
    "NEWOBJ_EX": _some(3, _called),
    "BUILD": _drop,
    "PERSID": _push(lambda argument: Opaque("persistent", argument)),
    "BINPERSID": _some(1, lambda values: Opaque("persistent", values[0])),
}
