"""Sources become sites: what is found, in which function, and the text that would be printed."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from nndoctor.coverage.sites import Site, package_sites, source_sites


def sites(source: str) -> list[Site]:
    return source_sites(textwrap.dedent(source), "nnunetv2/some/module.py")


def only(source: str) -> Site:
    (site,) = sites(source)
    return site


WORDINGS = {
    'raise ValueError("plain")': ("plain", ("plain",)),
    'raise ValueError(f"found {n} of {m:.2f}")': ("found {} of {}", ("found 7 of 7.00", "found sample of sample")),
    "raise ValueError(f'no {name!r} here')": ("no {} here", ("no 7 here", "no 'sample' here")),
    'raise ValueError("got {} and {x}".format(a, x=b))': ("got {} and {}", ("got 7 and 7", "got sample and sample")),
    'raise ValueError("got %d of %s, 100%%" % (a, b))': (
        "got {} of {}, 100%",
        ("got 7 of 7, 100%", "got sample of sample, 100%"),
    ),
    'raise ValueError("file " + name + " is bad")': ("file {} is bad", ("file 7 is bad", "file sample is bad")),
    'raise ValueError("one "\n  f"{x} two")': ("one {} two", ("one 7 two", "one sample two")),
    'raise ValueError("-" * 3 + " end")': ("--- end", ("--- end",)),
    'raise ValueError(", ".join(["a", b]))': ("a, {}", ("a, 7", "a, sample")),
    'raise ValueError("yes" if x else "no")': ("yes", ("yes",)),
    'raise ValueError(str("text"))': ("text", ("text",)),
    "raise ValueError(compute())": ("{}", ("7", "sample")),
    'raise ValueError("{broken".format(a))': ("{broken", ("{broken",)),
    'raise ValueError("first\\nsecond")': ("first second", ("first\nsecond",)),
    'raise KeyError("name")': ("'name'", ("'name'",)),
    'raise TypeError("unknown type:", kind)': (
        "('unknown type:', {})",
        ("('unknown type:', 7)", "('unknown type:', sample)"),
    ),
    "raise ValueError": ("", ("",)),
    'assert x, f"{x} is false"': ("{} is false", ("7 is false", "sample is false")),
    "assert x == 1": ("", ("",)),
}


@pytest.mark.parametrize("source", WORDINGS)
def test_wording(source: str) -> None:
    site = only(source)
    assert (site.pattern, site.messages) == WORDINGS[source]


def test_where_a_site_stands() -> None:
    found = sites(
        """
        class Reader:
            def read(self, path):
                def inner():
                    assert path
                raise errors.Unreadable(
                    f"cannot read {path}")
        """
    )
    assert [(each.function, each.line, each.exception, each.kind) for each in found] == [
        ("inner", 5, "AssertionError", "assert"),
        ("read", 6, "Unreadable", "raise"),
    ]
    assert found[0].words == "assert path" and found[1].code == "raise errors.Unreadable("


def test_variables_hold_their_last_text() -> None:
    found = sites(
        """
        MESSAGE = "module text"
        def one(other):
            raise ValueError(MESSAGE)
        def two():
            text = "first"
            text += f" and {other}"
            raise ValueError(text)
        def three(MESSAGE):
            raise ValueError(MESSAGE)
        """
    )
    assert [each.pattern for each in found] == ["module text", "first and {}", "{}"]


def test_a_text_that_doubles_itself_ends() -> None:
    assert only('s = "a"\n' + "s += s\n" * 60 + "raise ValueError(s)").pattern == "{}"


def test_an_exception_raised_again_is_no_site() -> None:
    assert sites("try:\n    pass\nexcept ValueError as e:\n    raise e\nexcept OSError:\n    raise\n") == []


@pytest.mark.parametrize(
    "call",
    [
        'print("could not open", f)',
        'print(f"WARNING: {f}")',
        'self.print_to_log_file("Failed to log")',
        'logging.error("x")',
    ],
)
def test_telling_prints(call: str) -> None:
    assert only(call).kind == "print"


@pytest.mark.parametrize(
    "call", ['print("done")', "print(x)", 'self.print_to_log_file("epoch", n)', 'logging.info("wrong")']
)
def test_other_prints(call: str) -> None:
    assert sites(call) == []


def test_warnings_and_their_category() -> None:
    found = sites('warnings.warn("a")\nwarn("b", DeprecationWarning)\nwarnings.warn("c", category=RuntimeWarning)')
    assert [(each.exception, each.pattern) for each in found] == [
        ("UserWarning", "a"),
        ("DeprecationWarning", "b"),
        ("RuntimeWarning", "c"),
    ]


def test_a_package_is_read_and_never_run(tmp_path: Path) -> None:
    package = tmp_path / "nnunetv2"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text("import no_such_module\nraise SystemExit('imported')\n", encoding="utf-8")
    (package / "deep" / "a.py").write_text("\ufeffx = '\\d'\nassert x\n", encoding="utf-8")
    assert [each.file for each in package_sites(package)] == ["nnunetv2/__init__.py", "nnunetv2/deep/a.py"]


def test_a_broken_file_names_itself() -> None:
    with pytest.raises(SyntaxError, match="module"):
        sites("def (:")
