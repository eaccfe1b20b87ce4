"""The commands about a notat: make it, put it in order, and write its texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import making, notats, papers
from bot.app import utc_now
from bot.console import do, err, out, set_up
from handlers.notat import published
from storage.ending import Change
from storage.words import Edition, Format, Layout, Stage, TextName

notat_app = typer.Typer(no_args_is_help=True, help="Make a notat, put it in order, write its texts.")

template_app = typer.Typer(no_args_is_help=True, help="Your own Word template for the notat.")

Hearing = Annotated[str, typer.Argument(metavar="HEARING", help="Key of the hearing.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The submission's number in the journal.")]
Text = Annotated[str | None, typer.Argument(metavar="FILE", help="Its new words; - for stdin.")]


@notat_app.command("compile")
def compile_(
    hearing: Hearing,
    *,
    folder: Annotated[Path, typer.Option("--out", help="Where the files are put.")] = Path(),
    layout: Annotated[Layout | None, typer.Option(help="Another order than the hearing's own.")] = None,
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Only this kind of file; may be repeated.")
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="A draft, though nothing may be missing.")] = False,
    final: Annotated[
        bool, typer.Option("--final", help="No version at all while something is missing: that is listed.")
    ] = False,
    appendix: Annotated[
        Edition | None, typer.Option(help="Put the appendix beside it, internal or public.")
    ] = None,
) -> None:
    """Make a new version of the notat and put its files in a folder; nothing is posted in Slack.

    Threads in Slack are read again first; without a bot token in the settings it is a draft that says so.
    """
    if draft and final:
        raise typer.BadParameter("it is either --draft or --final")
    stage = Stage.DRAFT if draft else Stage.FINAL if final else None
    wish = making.Wish(layout, frozenset(formats or Format), stage, appendix)
    do(making.make(hearing, wish, folder=folder, settings=set_up(), out=out, err=err))


@notat_app.command()
def order(
    hearing: Hearing,
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help="Number in the journal.")] = None,
    to: Annotated[int | None, typer.Argument(metavar="PLACE", help="The number it is to be printed under.")]
    = None,
    *,
    by_rule: Annotated[bool, typer.Option("--by-rule", help="Order all by the hearing's rule.")] = False,
) -> None:  # fmt: skip
    """Show the submissions as they are printed; with NUMBER and PLACE, move one."""
    move = (number, to) if number is not None and to is not None else None
    if (number is None) != (to is None):
        raise typer.BadParameter("a submission is moved with both NUMBER and PLACE")
    do(notats.order(hearing, move=move, by_rule=by_rule, settings=set_up(), out=out, err=err))


@notat_app.command()
def remarks(
    hearing: Hearing,
    number: Number,
    place: Annotated[int | None, typer.Argument(metavar="REMARK", help="Its place in the list.")] = None,
    *,
    to: Annotated[int | None, typer.Option(help="The place it is moved to.")] = None,
    heading: Annotated[
        str | None, typer.Option(help="A heading of its own; empty for the hearing's form again.")
    ] = None,
) -> None:
    """Show the remarks on one submission in printed order; with REMARK, move it or change its heading."""
    if place is None and (to is not None or heading is not None):
        raise typer.BadParameter("say which REMARK is meant")
    edit = notats.Edit(place or 0, to, heading)
    do(notats.remarks(hearing, number, edit=edit, settings=set_up(), out=out, err=err))


@notat_app.command()
def proposal(
    hearing: Hearing,
    number: Number,
    department: Annotated[
        str, typer.Argument(metavar="DEPARTMENT", help="Its key in the hearing file.")
    ] = "",
    verdict: Annotated[Change | None, typer.Argument(help="Whether its answer changes the proposal.")] = None,
    *,
    what: Annotated[str, typer.Option(help="What is changed; needed unless nothing is.")] = "",
    theme: Annotated[str, typer.Option(help="Which of a department's answers, where it has two.")] = "",
) -> None:
    """Show whether the answers to one submission change the proposal; with a verdict, say it of one of them.

    As in Slack it counts in the notat once an approver of the department has said so too.
    """
    if department and verdict is None:
        raise typer.BadParameter("say yes, no or maybe")
    judged = notats.Judged(department, theme, verdict, what) if verdict is not None else None
    do(notats.change(hearing, number, judged=judged, settings=set_up(), out=out, err=err))


@notat_app.command()
def summary(hearing: Hearing, number: Number, file: Text = None) -> None:
    """Show the summary of a submission; with FILE, write it anew. A blank line parts two paragraphs."""
    do(notats.summary(hearing, number, file=file, settings=set_up(), out=out, err=err))


@notat_app.command()
def text(
    hearing: Hearing,
    name: Annotated[TextName, typer.Argument(help="Which text.")],
    file: Text = None,
    *,
    as_filed: Annotated[
        bool, typer.Option("--as-filed", help="Take the hearing file's text again, as it is and will be.")
    ] = False,
) -> None:
    """Show a text of the notat; with FILE, write it anew. A blank line parts two paragraphs.

    A text that was written here or in Slack stays when the hearing file is applied.
    """
    do(notats.text(hearing, name, file=file, as_filed=as_filed, settings=set_up(), out=out, err=err))


@notat_app.command()
def render(
    content: Annotated[str, typer.Argument(metavar="CONTENT.json", help="What it says; - for stdin.")],
    *,
    folder: Annotated[Path, typer.Option("--out", help="Where the files are put.")] = Path(),
    template: Annotated[Path | None, typer.Option(help="A Word template instead of ours.")] = None,
    at: Annotated[datetime | None, typer.Option(help="The date in the files (UTC); now unless told.")] = None,
) -> None:
    """Make docx, pdf and html of a notat's content, as `notat schema` describes it. No hearing is needed."""
    moment = at.replace(tzinfo=UTC) if at else utc_now()
    do(papers.make(content, folder=folder, template=template, at=moment, out=out, err=err))


@notat_app.command()
def schema() -> None:
    """Print the JSON Schema of what `notat render` takes."""
    typer.echo(json.dumps(published.schema(), indent=2, ensure_ascii=False))


@template_app.command("check")
def check_template(file: Annotated[Path, typer.Argument(help="A .docx or .dotx.")]) -> None:
    """Say which styles and fields a template has and what will be added. What is wrong ends with status 1."""
    do(papers.check(file, out=out, err=err))
