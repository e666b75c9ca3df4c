"""`nndoctor rules new`: a rule and a fixture from a pasted text, and where the text lands today."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.cli.problems import UNREADABLE, USAGE, give_up, one_line_problems


def new_rule(
    cause: Annotated[str, typer.Argument(help="The id of the new cause: kebab-case.")],
    text: Annotated[Path, typer.Option("--from", metavar="FILE", help="The text that shows it.")],
    family: Annotated[str, typer.Option("--family", help="Folder of rules/ that it belongs to.")],
    case: Annotated[str, typer.Option("--case", help="Name of the fixture.")] = "first",
    folder: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules folder of a checkout.")] = None,
) -> None:
    """Draft a rule and its fixture from a pasted text; show where the text lands today."""
    from nndoctor.authoring.draft import draft_case, draft_rule, write_yaml
    from nndoctor.diagnosis.load import load_rulebook, rules_folder
    from nndoctor.logs import open_sources, read_source

    where = folder or rules_folder()
    if not (where / family).is_dir():
        give_up(f"{where / family}: there is no such family; see nndoctor rules list", USAGE)
    with one_line_problems():
        book = load_rulebook(folder)
        readings = [read_source(source, ()) for source in open_sources([str(text)])]
    log = readings[0].logs[0]
    rule, fixture = where / family / f"{cause}.yaml", where.parent / "fixtures" / family / cause / case
    _show_landing(book.card(cause) is not None, text, folder)
    try:
        if book.card(cause) is None:
            write_yaml(rule, draft_rule(cause, log))
        write_yaml(fixture / "case.yaml", draft_case(cause, log))
        shutil.copyfile(text, fixture / f"input{text.suffix or '.txt'}")
    except OSError as problem:
        give_up(f"{problem.filename}: {problem.strerror}", UNREADABLE)
    typer.echo(
        f"rule     {rule}\nfixture  {fixture}\nNext: write the words marked TODO, then nndoctor rules test {fixture}"
    )


def _show_landing(known: bool, text: Path, folder: Path | None) -> None:
    from nndoctor.consultation import consult
    from nndoctor.witnesses import Options

    with one_line_problems():
        found = consult(Options([str(text)], env="none", rules=folder))
    causes = ", ".join(f"{each.cause} {each.confidence:.2f}" for each in found.findings[:3]) or "nothing"
    typer.echo(f"today    {found.status}: {causes}")
    if known:
        typer.echo("The cause has a rule already: only the fixture is added.")
