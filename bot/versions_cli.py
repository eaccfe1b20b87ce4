"""The commands about a notat's versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import versions as made
from bot.console import do, err, out, set_up
from bot.notat_cli import Hearing, notat_app

_Out = Annotated[Path, typer.Option("--out", help="Where the page is put.")]


@notat_app.command()
def versions(hearing: Hearing) -> None:
    """Show every version that was made, what was let pass in it and why, and what came back edited."""
    do(made.versions(hearing, settings=set_up(), out=out, err=err))


@notat_app.command()
def changes(
    hearing: Hearing,
    *,
    since: Annotated[int | None, typer.Option(help="The version; the newest unless told.")] = None,
    redline: Annotated[
        int | None, typer.Option(help="Also a Word file: this version with its changes tracked.")
    ] = None,
    folder: _Out = Path(),
) -> None:
    """Write a page that says what has changed since a version, remark by remark."""
    settings = set_up()
    do(made.changes(hearing, since=since, folder=folder, settings=settings, out=out, err=err))
    if redline is not None:
        if since is None:
            raise typer.BadParameter("a version is redlined against the one named by --since")
        do(made.tracked(hearing, (since, redline), folder=folder, settings=settings, out=out, err=err))


@notat_app.command("handed-back")
def handed_back(
    hearing: Hearing,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The Word file that was edited by hand.")],
    *,
    version: Annotated[int | None, typer.Option(help="The version it came from; the newest unless told.")]
    = None,
    folder: _Out = Path(),
) -> None:  # fmt: skip
    """Keep a Word file that was edited by hand beside its version, and write a page of what was edited.

    Nothing of it is taken into the hearing: what is to be in the next notat is changed in Slack.
    """
    do(made.handed_back(
        hearing, file, version=version, folder=folder, settings=set_up(), out=out, err=err
    ))  # fmt: skip
