"""Looks at all that the service needs, changes nothing, and says what to do where something is wrong."""

from __future__ import annotations

import asyncio
import imaplib
from collections.abc import AsyncIterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Misconfigured, mailer, opened, own_template
from bot.imap.login import connected
from bot.imap.refused import Refused, sentence
from bot.imap.settings import Mailbox
from bot.mailer import Unreachable
from bot.settings import Settings, SlackMode
from bot.slack import checkup
from bot.slack.api.board import Board
from bot.slack.app import client
from bot.slack.checkup import Check
from bot.trace import traced
from storage.embedded import Unsafe, Unusable
from storage.hearings import Seat
from storage.models import Hearing

_SET = "Set it; the README says where Slack shows it."


async def examine(settings: Settings, *, out: Console) -> bool:
    """Print what was found; False when somebody has something to do."""
    table = Table("", "what", "found", "what to do")
    well = True
    async for check in _checks(settings):
        well = well and check.is_well
        table.add_row("ok" if check.is_well else "!!", *map(Text, (check.what, check.found, check.todo)))
    out.print(table)
    out.print("All is well." if well else "Something is wrong: the rows with !! say what to do.")
    return well


async def _checks(settings: Settings) -> AsyncIterator[Check]:
    database, hearings, seats = await _remembered(settings)
    yield database
    for told in settings.mailboxes:
        yield await asyncio.to_thread(_mailbox, told)
    yield await _mail_out(settings)
    if settings.notat_template:
        yield _template(settings)
    async for check in _slack(settings, hearings, seats):
        yield check


async def _remembered(settings: Settings) -> tuple[Check, Sequence[Hearing], Sequence[Seat]]:
    try:
        async with opened(settings) as database, database.begin() as store:
            hearings, seats = await store.hearings.all(), await store.hearings.seats()
    except (Misconfigured, Unsafe, Unusable) as problem:
        return Check("database", "cannot be had", str(problem)), (), ()
    except (SQLAlchemyError, OSError) as fault:
        todo = "Start the database, or correct HOERING_DATABASE_URL."
        return Check("database", traced(fault), todo), (), ()
    if not hearings:
        return Check("database", "no hearing yet: `hoeringsbot hearing apply FILE` opens one"), (), ()
    return Check("database", f"hearings: {', '.join(each.key for each in hearings)}"), hearings, seats


def _mailbox(told: Mailbox) -> Check:
    """Whether we are let in, and see the folder; no mail is read."""
    what = f"mailbox {told.name}"
    try:
        with connected(told) as server:
            server.select_folder(told.folder, readonly=True)
    except (Refused, OSError, imaplib.IMAP4.error) as fault:
        return Check(what, "out of reach", sentence(fault, told))
    return Check(what, f"folder {told.folder} can be read")


async def _mail_out(settings: Settings) -> Check:
    what = f"mail out through {settings.mail_out_host}:{settings.mail_out_port}"
    try:
        await mailer(settings).greet()
    except Unreachable as fault:
        return Check(what, str(fault), "Correct the HOERING_MAIL_OUT_… settings: receipts wait until then.")
    return Check(what, "the server lets us in")


def _template(settings: Settings) -> Check:
    try:
        own_template(settings)
    except Misconfigured as problem:
        return Check("notat template", "cannot be used", str(problem))
    return Check("notat template", "a Word template; `hoeringsbot template check` tells more")


async def _slack(
    settings: Settings, hearings: Sequence[Hearing], seats: Sequence[Seat]
) -> AsyncIterator[Check]:
    yield await _way_in(settings)
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield Check("bot token", "HOERING_SLACK_BOT_TOKEN is not set", _SET)
        return
    board, well = Board(client(settings.slack_api_url, token)), True
    async for check in checkup.bot_token(board):
        well = well and (check.is_well or check.what == "scopes")
        yield check
    if not well:
        return
    for place in checkup.channels_of(hearings, seats):
        yield await checkup.channel(place, board=board)
    for place in checkup.people_of(hearings, seats):
        yield await checkup.person(place, board=board)


async def _way_in(settings: Settings) -> Check:
    """How Slack reaches us."""
    if settings.slack_mode == SlackMode.HTTP:
        if settings.slack_signing_secret.get_secret_value():
            return Check("signing secret", "set; Slack shows whether it reaches our address")
        return Check("signing secret", "HOERING_SLACK_SIGNING_SECRET is not set", _SET)
    token = settings.slack_app_token.get_secret_value()
    if not token:
        return Check("app token", "HOERING_SLACK_APP_TOKEN is not set", _SET)
    return await checkup.app_token(settings.slack_api_url, token)
