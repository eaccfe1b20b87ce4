"""The demo: a service and a workspace in one process, and a whole hearing played in them."""

from __future__ import annotations

import asyncio
import io
import logging
import signal
import smtplib
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from rich.console import Console

from bot import operate
from bot.app import Running, service
from bot.demo.mails import Posting
from bot.demo.material import material
from bot.demo.office import mail_to, settings, workspace
from bot.demo.play import Play
from bot.demo.progress import Step, Told, progress
from bot.demo.shapes import Material
from bot.demo.sight import Sight, Stuck
from bot.demo.tally import tally
from bot.sandbox import File, Sandbox
from bot.settings import Settings
from bot.slack.api.pace import Pace
from storage.embedded import Unusable
from storage.words import Channel

log = logging.getLogger(__name__)

_PATIENCE = 90.0
_ZONE = ZoneInfo("Europe/Copenhagen")


async def show(
    *, once: bool, folder: Path, out: Console, speed: float = 1.0, data: Path | None = None
) -> bool:
    """Play the hearing and put its notat into `folder`; then stay up until SIGINT or SIGTERM, unless `once`.

    `speed` multiplies the pace that Slack allows; the database lives in the empty folder `data`, else in one
    of its own that goes with it. False when there is no notat, with a sentence saying why.
    """
    playing = asyncio.create_task(_show(once=once, folder=folder, out=out, speed=speed, data=data))
    try:
        with _ending(playing):
            await playing
    except asyncio.CancelledError:
        if not playing.cancelled():
            raise
        out.print("The demo has stopped, and everything is closed.")
        return not once
    except Exception as fault:
        log.debug("the demo failed", exc_info=fault)
        out.print(f"The demo failed: {_sentence(fault)}", markup=False, highlight=False, soft_wrap=True)
        return False
    return True


async def _show(*, once: bool, folder: Path, out: Console, speed: float, data: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="hoeringsbot-demo-") as made, _quiet():
        place = Path(made)
        await asyncio.to_thread(_make, folder)
        played = await asyncio.to_thread(material, datetime.now(_ZONE).date())
        async with Sandbox(workspace(played, speed=speed)).running() as sandbox:
            chosen = settings(sandbox, data or place / "data")
            async with service(chosen, pace=Pace(interval=1 / speed)) as running:
                mail_to(sandbox, running.smtp)
                with progress(out) as told:
                    await _arrive(played, chosen, door=running.smtp, place=place, told=told)
                    paths = await _work(played, sandbox, folder=folder, told=told)
                await _account(played, paths, running=running, out=out, seconds=told.seconds)
                if not once:
                    await _stay(played, sandbox, running=running, out=out)


async def _arrive(
    played: Material, chosen: Settings, *, door: tuple[str, int], place: Path, told: Told
) -> None:
    """Open the hearing, bring in what came by the portal, and mail the rest, by the commands and doors."""
    told.begin(Step.OPEN)
    hearing, portal = place / "hearing.toml", place / "portal.csv"
    await asyncio.to_thread(hearing.write_text, played.hearing, encoding="utf-8")
    await asyncio.to_thread(portal.write_text, played.portal, encoding="utf-8")
    said = Console(file=io.StringIO())
    if not await operate.apply_hearing(hearing, settings=chosen, dry_run=False, out=said, err=said):
        raise Stuck(_heard(said))
    told.advance(Step.OPEN)
    rows = sum(piece.channel == Channel.PORTAL for piece in played.pieces)
    told.begin(Step.ARRIVE, rows + len(played.postings))
    if not await operate.import_portal(portal, hearing=_key(played), settings=chosen, out=said, err=said):
        raise Stuck(_heard(said))
    told.advance(Step.ARRIVE, rows)
    await asyncio.to_thread(_mail, played.postings, door)
    told.advance(Step.ARRIVE, len(played.postings))


def _mail(postings: Sequence[Posting], door: tuple[str, int]) -> None:
    with smtplib.SMTP(*door, timeout=_PATIENCE) as server:
        for posting in postings:
            server.sendmail(posting.sender, [posting.recipient], posting.raw)


async def _work(played: Material, sandbox: Sandbox, *, folder: Path, told: Told) -> list[Path]:
    """Let the people work until the notat is there, and fetch it; where its files lie."""
    play = Play(played, Sight(sandbox, _PATIENCE), told)
    await play.work()
    told.begin(Step.COMPILE)
    files = await play.notat()
    fetched = [(folder / file.name, await _fetch(file, sandbox)) for file in files]
    await asyncio.to_thread(_put, fetched)
    told.advance(Step.COMPILE)
    return [path for path, _content in fetched]


async def _fetch(file: File, sandbox: Sandbox) -> bytes:
    """Download a file as a person does who clicks on it."""
    address = f"{sandbox.url}/page/files/{file.id}"
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(address) as answer:
        return await answer.read()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Stuck(f"The notat cannot be put into {folder}: {problem.strerror}.") from problem


def _put(files: Sequence[tuple[Path, bytes]]) -> None:
    for path, content in files:
        path.write_bytes(content)


async def _account(
    played: Material, paths: Sequence[Path], *, running: Running, out: Console, seconds: float
) -> None:
    """Show what happened and where the notat lies."""
    out.print(await tally(played, key=_key(played), database=running.database, seconds=seconds))
    out.print("The notat:")
    for path in paths:
        out.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)


async def _stay(played: Material, sandbox: Sandbox, *, running: Running, out: Console) -> None:
    """Say where to go on, and stay up until cancelled."""
    host, port = running.smtp
    lines = (
        "Now it is your turn:",
        f"  {sandbox.url}  the page: be caseworker, approver or coordinator, or mail as a citizen",
        f"  {host}:{port}  the mail door: mail to {played.postings[0].recipient} with any client (SMTP)",
        "Ctrl-C ends it.",
    )
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    await asyncio.Event().wait()


@contextmanager
def _ending(playing: asyncio.Task[None]) -> Iterator[None]:
    """Let the first signal end the demo; those that come while it closes change nothing."""
    loop, names = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

    def end() -> None:
        if not playing.cancelling():
            playing.cancel()

    for name in names:
        loop.add_signal_handler(name, end)
    try:
        yield
    finally:
        for name in names:
            loop.remove_signal_handler(name)


@contextmanager
def _quiet() -> Iterator[None]:
    """Log only what goes wrong: the bars and the table tell the rest."""
    usual = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(usual)


def _sentence(fault: BaseException) -> str:
    """What went wrong first, in a line."""
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return (
        str(fault)
        if isinstance(fault, Stuck | Unusable)
        else f"{type(fault).__name__}: {fault}".removesuffix(": ")
    )


def _heard(said: Console) -> str:
    return said.file.getvalue().strip() if isinstance(said.file, io.StringIO) else ""


def _key(played: Material) -> str:
    return str(tomllib.loads(played.hearing)["key"])
