"""A hearing of seven departments with a channel each, at Slack's own pace, for what is measured in Slack."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pydantic import SecretStr

from bot.app import Running, opened, service, utc_now
from bot.mailer import Security
from bot.sandbox import ChannelSpec, CommandSpec, Config, Message, PersonSpec, Sandbox
from bot.settings import Settings
from handlers.hearing.apply import apply
from handlers.hearing.plan import DepartmentPlan
from handlers.intake.read import read
from handlers.intake.receive import Reception
from storage.inbox import Arrival
from storage.models import Door
from tests.bench import danish
from tests.world import key_of

TOPICS = ("skovduer", "havnebad", "lysmaster", "kolonihaver", "busbaner", "cykelparkering", "fredskov")
CHANNELS = tuple(f"C0SEVEN{number}" for number in range(len(TOPICS)))
WRITER, APPROVER, COORDINATOR = "U0WRITER", "U0APPROVER", "U0COORD"
_PEOPLE = (WRITER, APPROVER, COORDINATOR)
_COORDINATION = "C0COORD"
_CONFIG = Config(
    people=tuple(PersonSpec(id=each, name=each.lower(), real_name=each) for each in _PEOPLE),
    channels=tuple(
        ChannelSpec(id=each, name=each.lower(), members=_PEOPLE) for each in (*CHANNELS, _COORDINATION)
    ),
    commands=(CommandSpec(command="/hoering"),),
)


@dataclass(frozen=True, slots=True)
class Seven:
    """The workspace, and the service at work in it."""

    sandbox: Sandbox
    running: Running

    def cards(self) -> list[Message]:
        """The cards that stand in the seven channels."""
        rooms = (self.sandbox.channel(each).messages for each in CHANNELS)
        return [each for messages in rooms for each in messages if key_of(each).startswith("card:")]


@asynccontextmanager
async def seven(*kept: bytes) -> AsyncIterator[Seven]:
    """The service as it runs for real, against a look-alike that counts calls as Slack does.

    The mails `kept` came in before, and were read: what they call for is owed when the service starts.
    """
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with Sandbox(_CONFIG).running() as sandbox:
            settings = Settings(
                data_dir=Path(folder), smtp_port=0, http_port=0, slack_api_url=sandbox.api_url,
                slack_bot_token=SecretStr(sandbox.bot_token), slack_app_token=SecretStr(sandbox.app_token),
                mail_out_port=sandbox.mail_port, mail_out_encryption=Security.NONE,
            )  # fmt: skip
            await _prepare(settings, kept)
            async with service(settings) as running:
                await sandbox.until(lambda: sandbox.connections)
                yield Seven(sandbox, running)


async def _prepare(settings: Settings, kept: Sequence[bytes]) -> None:
    plan = replace(
        danish.plan(), departments=_departments(), owner="d0", coordinators=(COORDINATOR,),
        coordination_channel=_COORDINATION,
    )  # fmt: skip
    told = {"sender": "part@borger.example", "recipients": list(plan.addresses[:1])}
    async with opened(settings) as database:
        async with database.begin() as store:
            await apply(plan, by="bench", store=store, now=utc_now())
        reception = Reception(database, on_arrival=lambda: None)
        for number, raw in enumerate(kept):
            await reception.receive(Arrival(Door.SMTP, f"kept {number}", raw, utc_now(), told))
        while await read(database, now=utc_now):
            pass


def mails(count: int) -> list[bytes]:
    """Mails that go to the seven departments in turn, no two alike."""
    return [
        _mail(number, text, topic=TOPICS[number % len(TOPICS)])
        for number, text in enumerate(danish.texts(count, seed=7))
    ]


def _mail(number: int, text: str, *, topic: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Part {number} <part{number}@borger.example>"
    message["To"] = danish.plan().addresses[0]
    message["Subject"] = f"Om {topic}"
    message["Message-ID"] = f"<seven-{number}@borger.example>"
    message.set_content(f"Vi skriver om {topic}. {text}\n")
    return message.as_bytes()


def _departments() -> tuple[DepartmentPlan, ...]:
    return tuple(
        DepartmentPlan(
            key=f"d{number}", name=f"Forvaltning {number}", short=f"F{number}", channel=channel,
            approvers=(APPROVER,), topics=(topic,), deputies=(),
        )
        for number, (channel, topic) in enumerate(zip(CHANNELS, TOPICS, strict=True))
    )  # fmt: skip
