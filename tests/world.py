"""A small made-up municipality with a hearing, its Slack workspace, and the service between them."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from bot.app import Running, service
from bot.mailer import Security
from bot.sandbox import (
    ChannelSpec,
    CommandSpec,
    Config,
    Ephemeral,
    Message,
    Mode,
    Pace,
    PersonSpec,
    Sandbox,
    ShortcutSpec,
    View,
)
from bot.sandbox.people import Person
from bot.settings import Settings, SlackMode
from bot.slack.api.board import EVENT
from bot.slack.views.windows import WAITING
from bot.web import SLACK_PATH
from handlers.hearing import file as hearing_file
from handlers.hearing.apply import apply
from handlers.hearing.plan import HearingPlan
from storage.database import Database
from storage.models import Hearing

T = TypeVar("T")
ADDRESS = "skovvej@hoering.lillerup.example"
TEKNIK, BOERN, KOORD = "C0TEKNIK1", "C0BOERN01", "C0KOORD01"

_HEARING = """
key = "skovvej"
title = "Helhedsplan for Skovvej"
municipality = "Lillerup Kommune"
case_number = "2026-0001234"
owner = "teknik"
opens = {opens}
deadline = {deadline}
answer_deadline = {answers}
addresses = ["skovvej@hoering.lillerup.example"]
coordinators = ["U0KAREN"]
coordination_channel = "C0KOORD01"

[texts]
purpose = "Høringen har handlet om en ny helhedsplan for Skovvej."
publication = "Planen har ligget på kommunens hjemmeside."

[[departments]]
key = "teknik"
name = "Teknik- og Miljøforvaltningen"
short = "TMF"
channel = "C0TEKNIK1"
approvers = ["U0TOVE"]
topics = ["cykelsti", "belysning", "parkering"]

[[departments]]
key = "boern"
name = "Børne- og Ungeforvaltningen"
short = "BUF"
channel = "C0BOERN01"
approvers = ["U0BIRTE"]
topics = ["skolevej", "dagtilbud", "legeplads"]

[[heard]]
name = "Cyklistforeningen Lillerup"
kind = "forening"
mail = ["formand@cyklister.example"]
"""

CONFIG = Config(
    people=(
        PersonSpec(id="U0KAREN", name="karen", real_name="Karen Krogh"),
        PersonSpec(id="U0TOVE", name="tove", real_name="Tove Thorsen"),
        PersonSpec(id="U0TIM", name="tim", real_name="Tim Tang"),
        PersonSpec(id="U0BIRTE", name="birte", real_name="Birte Bang"),
        PersonSpec(id="U0BENT", name="bent", real_name="Bent Buch"),
        PersonSpec(id="U0GAEST", name="gitte", real_name="Gitte Gren"),
    ),
    channels=(
        ChannelSpec(id=TEKNIK, name="teknik", members=("U0TOVE", "U0TIM", "U0KAREN")),
        ChannelSpec(id=BOERN, name="boern", members=("U0BIRTE", "U0BENT", "U0KAREN")),
        ChannelSpec(id=KOORD, name="koordinering", members=("U0KAREN", "U0GAEST")),
        ChannelSpec(id="C0KANTINE", name="kantine", members=("U0TIM", "U0KAREN"), bot=True),
    ),
    commands=(CommandSpec(command="/hoering", usage_hint="status"),),
    shortcuts=(
        ShortcutSpec(callback_id="use_as_remark", name="Brug som bemærkning"),
        ShortcutSpec(callback_id="approve_reply", name="Godkend svar"),
    ),
    pace=Pace.off(),
    retry_delays=(0.2, 0.5, 1.0, 2.0, 4.0, 8.0),
    share_delay=0.01,
)


def as_text() -> str:
    """The hearing's file, open today."""
    today = datetime.now(UTC).date()
    days = {"opens": today - timedelta(7), "deadline": today + timedelta(7), "answers": today + timedelta(21)}
    return _HEARING.format(
        opens=days["opens"], **{name: f"{days[name]}T23:59:00" for name in ("deadline", "answers")}
    )


def plan() -> HearingPlan:
    """The hearing, open today."""
    read = hearing_file.read(as_text(), file="hearing.toml")
    assert isinstance(read, HearingPlan), read
    return read


async def open_hearing(database: Database, wanted: HearingPlan | None = None) -> Hearing:
    async with database.begin() as store:
        hearing = await apply(wanted or plan(), by="test", store=store, now=datetime.now(UTC))
    assert isinstance(hearing, Hearing)
    return hearing


def mail(
    text: str, *, sender: str = "formand@cyklister.example", name: str = "", subject: str = "Høringssvar",
    html: str = "", files: tuple[tuple[str, bytes], ...] = (), number: int = 1, **headers: str,
) -> EmailMessage:  # fmt: skip
    """A mail to the hearing; `number` makes its Message-ID."""
    made = EmailMessage()
    made["From"] = f'"{name}" <{sender}>' if name else sender
    made["To"], made["Subject"] = ADDRESS, subject
    made["Message-ID"] = f"<svar-{number}@{sender.partition('@')[2]}>"
    for header, value in headers.items():
        made[header.replace("_", "-")] = value
    if html:
        made.set_content(html, subtype="html")
    else:
        made.set_content(text)
    for filename, payload in files:
        made.add_attachment(payload, maintype="application", subtype="pdf", filename=filename)
    return made


def hand_over(door: tuple[str, int], *mails: EmailMessage) -> None:
    """Give mails to the SMTP door, each taken with a 250."""
    with smtplib.SMTP(*door, timeout=20) as client:
        for each in mails:
            assert client.send_message(each, to_addrs=[ADDRESS]) == {}


def words(what: Any) -> str:
    """All text in blocks, in order."""
    return " ".join(_texts(what))


def _texts(what: Any) -> Iterator[str]:
    if isinstance(what, dict):
        if isinstance(what.get("text"), str):
            yield what["text"]
        for each in what.values():
            yield from _texts(each)
    elif isinstance(what, list | tuple):
        for each in what:
            yield from _texts(each)


def shown(message: Message | Ephemeral) -> str:
    """What a message shows: its text and what stands in its blocks."""
    return f"{message.text} {words(message.blocks)}"


@dataclass(frozen=True, slots=True)
class Town:
    """The workspace as its people see it."""

    sandbox: Sandbox

    def person(self, name: str) -> Person:
        return self.sandbox.person(name)

    def cards(self, channel: str) -> list[Message]:
        messages = self.sandbox.channel(channel).messages
        return [each for each in messages if key_of(each).startswith("card:")]

    def card_now(self, channel: str, number: int) -> Message | None:
        lead = f"Høringssvar nr. {number}:"
        return next((each for each in self.cards(channel) if each.text.startswith(lead)), None)

    async def card(self, channel: str, number: int) -> Message:
        """The card of a submission, once it is there."""
        return await self.until(lambda: self.card_now(channel, number))

    def thread(self, card: Message) -> list[Message]:
        """What stands under a card."""
        return self.sandbox.channel(card.channel).thread(card.ts)[1:]

    def ours(self, card: Message, kind: str) -> list[Message]:
        """Our own messages under a card, by the first word of their keys."""
        return [each for each in self.thread(card) if key_of(each).startswith(f"{kind}:")]

    async def draft(self, card: Message, *, saying: str, nth: int = 0) -> Message:
        """The nth draft under a card, once it says this."""

        def found() -> Message | None:
            drafts = self.ours(card, "draft")
            return drafts[nth] if len(drafts) > nth and saying in shown(drafts[nth]) else None

        return await self.until(found)

    async def showing(self, message: Message, saying: str) -> None:
        """Wait until a message of ours says this."""
        place = self.sandbox.channel(message.channel)
        await self.until(lambda: saying in shown(place.message(message.ts)))

    async def told(self, name: str, channel: str, saying: str) -> Ephemeral:
        """What only this person is told."""
        person = self.person(name)
        return await self.until(
            lambda: next((e for e in person.ephemerals(channel) if saying in shown(e)), None)
        )

    async def window(self, person: Person) -> View:
        """The topmost window of a person, once what it shows is there."""

        def filled() -> View | None:
            view = person.modal()
            return view if view is not None and view.callback_id != WAITING else None

        return await self.until(filled)

    async def files(self, channel: str, ending: str, *, count: int = 1) -> list[bytes]:
        """The files in a channel whose names end so, once there are so many."""
        return await self.until(lambda: self._files(channel, ending, count))

    def _files(self, channel: str, ending: str, count: int) -> list[bytes] | None:
        held = [file for each in self.sandbox.channel(channel).messages for file in each.files]
        found = [file.content for file in held if file.name.endswith(ending)]
        return found if len(found) >= count else None

    async def until(self, found: Callable[[], T | None], *, timeout: float = 20) -> T:  # noqa: ASYNC109
        return await self.sandbox.until(found, timeout=timeout)


def key_of(message: Message) -> str:
    """The key that a post of ours carries; empty for others."""
    metadata = message.metadata or {}
    if metadata.get("event_type") != EVENT:
        return ""
    return str(metadata["event_payload"]["key"])


@dataclass(frozen=True, slots=True)
class World(Town):
    """A town with the service at work in it."""

    running: Running
    hearing: Hearing

    async def mails(self, *mails: EmailMessage) -> None:
        """Citizens write."""
        await asyncio.to_thread(hand_over, self.running.smtp, *mails)

    async def command(self, name: str, text: str, *, channel: str, saying: str) -> Ephemeral:
        """Somebody types `/hoering …` and reads the answer."""
        await self.person(name).command("/hoering", text, channel=channel)
        return await self.told(name, channel, saying)


def settings(sandbox: Sandbox, **changes: Any) -> Settings:
    """The service's settings against a sandbox."""
    values: dict[str, Any] = {
        "slack_api_url": sandbox.api_url, "slack_bot_token": sandbox.bot_token,
        "slack_app_token": sandbox.app_token, "slack_signing_secret": sandbox.signing_secret,
        "smtp_port": 0, "http_port": 0, "mail_out_port": sandbox.mail_port,
        "mail_out_encryption": Security.NONE, "data_dir": Path("/nowhere"),
    }  # fmt: skip
    return Settings(**values | changes)


@asynccontextmanager
async def world(
    database_url: str, *, mode: SlackMode = SlackMode.SOCKET, pace: Pace | None = None,
    wanted: HearingPlan | None = None,
) -> AsyncIterator[World]:  # fmt: skip
    """The sandbox, the service and the hearing, ready."""
    config = replace(CONFIG, mode=Mode(mode.value), pace=pace or CONFIG.pace)
    async with Sandbox(config).running() as sandbox:
        told = settings(sandbox, database_url=database_url, slack_mode=mode)
        async with service(told) as running:
            if mode == SlackMode.HTTP:
                sandbox.events_url = f"http://127.0.0.1:{running.http[1]}{SLACK_PATH}"
            else:
                await sandbox.until(lambda: sandbox.connections)
            hearing = await open_hearing(running.database, wanted)
            yield World(sandbox, running, hearing)
