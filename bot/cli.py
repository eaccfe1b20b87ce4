"""The command line: the service, its hearings, and the demo."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from bot import (
    mails,
    operate,
    originals,
    versions_cli,  # noqa: F401  its commands are those of a notat
)
from bot.console import do, err, out, say, set_up
from bot.doctor import examine
from bot.notat_cli import notat_app, template_app
from bot.slack.manifest import address, manifest, printed
from bot.trace import Discreet

app = typer.Typer(
    name="hoeringsbot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="From hearing mail to finished høringsnotat, through the departments' own Slack channels.",
)  # fmt: skip
hearing_app = typer.Typer(no_args_is_help=True, help="Open a hearing, or change one, from its file.")
portal_app = typer.Typer(no_args_is_help=True, help="Bring in submissions that came by the hearing portal.")
mail_app = typer.Typer(no_args_is_help=True, help="See what becomes of mails, without a running service.")
inbox_app = typer.Typer(no_args_is_help=True, help="What could not be read and was set aside.")
posts_app = typer.Typer(no_args_is_help=True, help="What Slack would not take.")
slack_app = typer.Typer(no_args_is_help=True, help="The app that the bot is in Slack.")
app.add_typer(mail_app, name="mail")
app.add_typer(inbox_app, name="inbox")
app.add_typer(posts_app, name="posts")
app.add_typer(hearing_app, name="hearing")
app.add_typer(portal_app, name="portal")
app.add_typer(slack_app, name="slack")
app.add_typer(notat_app, name="notat")
app.add_typer(template_app, name="template")


@app.command()
def run() -> None:
    """Run the service until it is stopped (Ctrl-C or SIGTERM).

    Settings come from HOERING_… in the environment, from the TOML file that HOERING_SETTINGS names, and from
    the folder of secrets that HOERING_SECRETS_DIR names.
    """
    do(operate.serve(set_up()))


@app.command()
def doctor() -> None:
    """Look at database, mailboxes, mail out and Slack (tokens, scopes, channels, people); change nothing.

    Each problem is told with what to do. The status is 1 when there is one.
    """
    settings = set_up()
    logging.getLogger().setLevel(logging.ERROR)
    do(examine(settings, out=out))


@app.command("files")
def write_files(
    hearing: Annotated[str, typer.Argument(help="The hearing's key.")],
    number: Annotated[int, typer.Argument(help="The submission's number, as on its card.")],
    *,
    folder: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
) -> None:
    """Write the files that came with a submission: also those that Slack does not show."""
    do(originals.write_files(hearing, number, folder=folder, settings=set_up(), out=out, err=err))


@hearing_app.command("apply")
def apply_hearing(
    file: Annotated[
        Path, typer.Argument(help="The hearing file (TOML); docker/hoering.example.toml explains it.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
) -> None:
    """Make the hearing what FILE says it is. Applied again, the same file changes nothing."""
    do(operate.apply_hearing(file, settings=set_up(), dry_run=dry_run, out=out, err=err))


@portal_app.command("import")
def import_portal(
    file: Annotated[Path, typer.Argument(help="The portal's export (CSV); its files lie beside it.")],
    *,
    hearing: Annotated[str, typer.Option(help="Key of the hearing the submissions are for.")],
) -> None:
    """Bring in the rows of FILE. A row that is in already stays; a bad one is named, the rest go in."""
    do(operate.import_portal(file, hearing=hearing, settings=set_up(), out=out, err=err))


Mails = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Mails as they came (.eml); - for one on stdin.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON for each mail.")]


@mail_app.command("read")
def read_mail(files: Mails, *, as_json: AsJson = False) -> None:
    """Show what we make of each mail: its sender, kind, text, files and flaws. Nothing is kept."""
    do(mails.show(files, as_json=as_json, out=out, err=err))


@mail_app.command("replay")
def replay_mail(files: Mails, *, as_json: AsJson = False) -> None:
    """Say of mails in order of arrival what each becomes: new, duplicate or follow_up; else its kind.

    They are read as one hearing's, in a database of their own that is thrown away.
    """
    logging.getLogger().setLevel(logging.WARNING)
    do(mails.replay(files, as_json=as_json, out=out, err=err))


@inbox_app.command("show")
def show_inbox(item: Annotated[int, typer.Argument(help="Its number in `inbox list`.")]) -> None:
    """Show one item: where it came from, what became of it, and what we make of the mail today."""
    do(operate.show_item(item, settings=set_up(), out=out, err=err))


@inbox_app.command("reread")
def reread_inbox(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also mails that this version has read before.")
    ] = False,
) -> None:
    """Read mails kept earlier once more, after an upgrade; what reads better is mended, nothing doubled."""
    do(operate.reread(all_=all_, settings=set_up(), out=out))


@inbox_app.command("list")
def list_inbox(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also mails that were taken for something else than a submission.")
    ] = False,
) -> None:
    """List what was set aside: its number, where it came in, when, and why it could not be read."""
    do(operate.list_inbox(all_=all_, settings=set_up(), out=out))


@inbox_app.command("take")
def take_from_inbox(item: Annotated[int, typer.Argument(help="Its number in `inbox list --all`.")]) -> None:
    """Read a mail as a submission after all, when it was taken for something else. No receipt is sent."""
    do(operate.take(item, settings=set_up(), out=out, err=err))


@inbox_app.command("retry")
def retry_inbox(item: Annotated[int, typer.Argument(help="Its number in `inbox list`.")]) -> None:
    """Read an item once more, for example after an upgrade."""
    do(operate.reconsider(item, dismiss=False, settings=set_up(), out=out, err=err))


@inbox_app.command("dismiss")
def dismiss_inbox(item: Annotated[int, typer.Argument(help="Its number in `inbox list`.")]) -> None:
    """Pass over an item for good, when a person has dealt with it. Its bytes are kept."""
    do(operate.reconsider(item, dismiss=True, settings=set_up(), out=out, err=err))


@posts_app.command("list")
def list_posts() -> None:
    """List what Slack would not take: its id, what it is, in which channel, since when, and why."""
    do(operate.list_refused(settings=set_up(), out=out))


@posts_app.command("retry")
def retry_post(post: Annotated[str, typer.Argument(metavar="ID", help="Its id in `posts list`.")]) -> None:
    """Post it again, when what was in its way is mended."""
    do(operate.decide(post, dismiss=False, settings=set_up(), out=out, err=err))


@posts_app.command("dismiss")
def dismiss_post(post: Annotated[str, typer.Argument(metavar="ID", help="Its id in `posts list`.")]) -> None:
    """Pass over it for good, when a person has dealt with it; it is no longer counted as missing."""
    do(operate.decide(post, dismiss=True, settings=set_up(), out=out, err=err))


@slack_app.command("manifest")
def slack_manifest(
    *,
    http: Annotated[
        str,
        typer.Option(metavar="URL", help="Our public address, https://…, for HTTP instead of Socket Mode."),
    ] = "",
) -> None:
    """Print the manifest that Slack makes the app from (api.slack.com/apps, Create New App).

    An address without a path gets the path of the web door.
    """
    if http and not http.startswith("https://"):
        say("Slack itself calls https:// addresses only.")
    typer.echo(printed(manifest(url=address(http) if http else "")))


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="End when the notat is there, instead of staying up.")
    ] = False,
    folder: Annotated[Path, typer.Option("--out", help="Where the notat is put.")] = Path("demo-notat"),
    speed: Annotated[float, typer.Option(min=0.1, help="How many times the pace that Slack allows.")] = 1.0,
) -> None:
    """Play a whole made-up hearing on this machine, from the mails to the finished notat."""
    from bot.demo.show import show  # noqa: PLC0415  the service never loads the demo

    do(show(once=once, folder=folder, out=out, speed=speed))


def main() -> None:
    """Run the command that was typed."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in ("alembic", "procrastinate"):  # they tell every step, we tell every fact
        logging.getLogger(library).setLevel(logging.WARNING)
    app()
