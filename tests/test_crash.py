"""Killed with -9 at the worst moments, the service comes back and everything is there once."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import smtplib
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.sandbox import Fault, Message, Mode, Sandbox
from bot.web import SLACK_PATH
from handlers.talk.progress import standing
from storage.database import Database
from tests.world import CONFIG, KOORD, TEKNIK, Town, hand_over, key_of, mail

ROOT = Path(__file__).parent.parent
TEXT = "Vi ønsker en bedre cykelsti langs hele Skovvej, for den er for smal."
ANSWER = "Forvaltningen er enig."
SENDER = "formand@cyklister.example"
SOON = 15  # seconds until a new process has taken over what a killed one was doing
KILLED = -9
_numbers = itertools.count()


@dataclass(slots=True)
class Service:
    """A process of the service."""

    process: asyncio.subprocess.Process
    smtp: tuple[str, int]

    async def dies(self) -> None:
        async with asyncio.timeout(20):
            assert await self.process.wait() == KILLED


@dataclass(frozen=True, slots=True)
class Story(Town):
    """A town, and where the service remembers."""

    environment: dict[str, str]
    database_url: str

    @asynccontextmanager
    async def service(self, dying: str = "never") -> AsyncIterator[Service]:
        """The service as a child process, stopped kindly at the end if it still lives."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.dying", dying, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env={**os.environ, **self.environment},
        )  # fmt: skip
        assert process.stdout is not None
        try:
            async with asyncio.timeout(40):
                smtp, http = json.loads(await process.stdout.readline())
            if self.sandbox.space.config.mode is Mode.HTTP:
                self.sandbox.events_url = f"http://{http[0]}:{http[1]}{SLACK_PATH}"
            else:
                await self.sandbox.until(lambda: self.sandbox.connections, timeout=20)
            yield Service(process, (smtp[0], smtp[1]))
        finally:
            if process.returncode is None:
                process.terminate()
                async with asyncio.timeout(20):
                    await process.wait()

    async def arrives(self, service: Service, *, pdf: bool = False) -> bool:
        """A citizen's server hands over the mail; whether it heard a yes."""
        files = (("kort.pdf", b"%PDF"),) if pdf else ()
        with contextlib.suppress(smtplib.SMTPServerDisconnected, ConnectionError):
            await asyncio.to_thread(hand_over, service.smtp, mail(TEXT, sender=SENDER, files=files))
            return True
        return False

    async def everything_is_there_once(self, *, files: int = 0) -> Message:
        """One card with its text, its files and a receipt, and nothing twice; the card."""
        began = time.monotonic()
        card = await self.card(TEKNIK, 1)
        await self.until(lambda: self.ours(card, "text"), timeout=SOON + 5)
        await self.until(lambda: len(self.shared(card)) >= files, timeout=SOON + 5)
        await self.until(lambda: self.sandbox.mailbox.to(SENDER), timeout=SOON + 5)
        took = time.monotonic() - began
        await asyncio.sleep(1)
        assert len(self.shared(card)) == files
        assert len(self.sandbox.mailbox.to(SENDER)) == 1
        self.nothing_stands_twice()
        assert took < SOON
        return card

    def shared(self, card: Message) -> list[str]:
        return [file.name for each in self.thread(card) for file in each.files]

    def nothing_stands_twice(self) -> None:
        channels = self.sandbox.space.channels.values()
        keys = Counter(key_of(each) for channel in channels for each in channel.kept.values())
        del keys[""]
        assert {key: count for key, count in keys.items() if count > 1} == {}
        assert sum(key.startswith("card:") for key in keys) == 1

    async def approvals(self) -> list[str]:
        """Who approved what stands approved."""
        database = Database(self.database_url)
        async with database.begin() as store:
            [hearing] = await store.hearings.all()
            submission = await store.submissions.by_number(hearing.id, 1)
            assert submission is not None
            referrals = await store.submissions.referrals(submission.id)
            remarks = await store.remarks.of_referrals([each.id for each in referrals])
        await database.close()
        assert all(standing(facts).approval for facts in remarks)
        return [approval.approver for facts in remarks for approval in facts.approvals]


@asynccontextmanager
async def story(cluster: str = "", *, mode: Mode = Mode.SOCKET, **more: str) -> AsyncIterator[Story]:
    async with _database(cluster) as url, Sandbox(replace(CONFIG, mode=mode)).running() as sandbox:
        environment = {
            "HOERING_SLACK_API_URL": sandbox.api_url, "HOERING_SLACK_BOT_TOKEN": sandbox.bot_token,
            "HOERING_SLACK_MODE": mode.value, "HOERING_SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "HOERING_SLACK_APP_TOKEN": sandbox.app_token, "HOERING_SMTP_PORT": "0", "HOERING_HTTP_PORT": "0",
            "HOERING_MAIL_OUT_PORT": str(sandbox.mail_port), "HOERING_MAIL_OUT_ENCRYPTION": "none",
            "HOERING_DATABASE_URL": url, **more,
        }  # fmt: skip
        yield Story(sandbox, environment, url)


@asynccontextmanager
async def _database(cluster: str) -> AsyncIterator[str]:
    """A database in the cluster; none when there is no cluster to have it in."""
    if not cluster:
        yield ""
        return
    name = f"crash_{next(_numbers)}"
    await _run(cluster, f"CREATE DATABASE {name} TEMPLATE nouns STRATEGY file_copy")
    try:
        yield make_url(cluster).set(database=name).render_as_string(hide_password=False)
    finally:
        await _run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


async def _run(cluster: str, statement: str) -> None:
    engine = create_async_engine(cluster, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _killed_before_the_250(town: Story) -> None:
    async with town.service("kept, before 250") as service:
        assert not await town.arrives(service)
        await service.dies()
    async with town.service() as service:
        assert await town.arrives(service)  # the sender's server tries again
        await town.everything_is_there_once()


async def _killed_before_posting(town: Story) -> None:
    async with town.service("read, before posting") as service:
        await town.arrives(service)
        await service.dies()
    assert not town.cards(TEKNIK)
    async with town.service():
        await town.everything_is_there_once()


async def _killed_before_noting_a_post(town: Story) -> None:
    async with town.service("posted, before noting") as service:
        await town.arrives(service)
        await service.dies()
    assert len(town.cards(TEKNIK)) == 1
    async with town.service():
        await town.everything_is_there_once()


async def _killed_before_noting_a_file(town: Story) -> None:
    async with town.service("shared, before noting") as service:
        await town.arrives(service, pdf=True)
        await service.dies()
    async with town.service():
        await town.everything_is_there_once(files=1)


async def _killed_before_the_ack(town: Story) -> None:
    async with town.service("approval kept, before ack") as service:
        await town.arrives(service)
        card = await town.everything_is_there_once()
        answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        await town.person("tove").react(answer, "white_check_mark")
        await service.dies()
    async with town.service():
        await town.draft(card, saying="Godkendt til notatet")
        assert await town.approvals() == ["U0TOVE"]
        await town.person("karen").command("/hoering", "notat", channel=KOORD)
        [page] = await town.files(KOORD, ".html")
        assert page.decode().count(ANSWER) == 1
        assert len(town.ours(card, "draft")) == 1
        town.nothing_stands_twice()


async def _broken_off(town: Story, fault: Fault) -> None:
    """Slack stores what it is given and breaks off before it says so."""
    async with town.service() as service:
        town.sandbox.faults.next("chat.postMessage", fault, times=2)
        town.sandbox.faults.next("files.completeUploadExternal", fault)
        await town.arrives(service, pdf=True)
        await town.everything_is_there_once(files=1)


async def _dropped_after_storing(town: Story) -> None:
    await _broken_off(town, Fault.DROP_AFTER)


async def _failed_after_storing(town: Story) -> None:
    await _broken_off(town, Fault.ERROR_AFTER)


_BOTH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
_STORIES = {
    ("killed on the way in", Mode.SOCKET): (
        _killed_before_the_250, _killed_before_posting, _killed_before_noting_a_post,
    ),
    ("killed on the way out", Mode.HTTP): (_killed_before_noting_a_file, _killed_before_the_ack),
    ("broken off by Slack", Mode.SOCKET): (_dropped_after_storing, _failed_after_storing),
}  # fmt: skip
"""What happens, and how Slack reaches the service meanwhile; with the ci profile, in both ways."""


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("stories", "mode"),
    [
        pytest.param(stories, mode, id=f"{name}, {mode}")
        for (name, usual), stories in _STORIES.items()
        for mode in (Mode if _BOTH else [usual])
    ],
)
async def test_wherever_it_breaks_off_everything_comes_once(
    cluster: str, stories: tuple[Callable[[Story], Awaitable[None]], ...], mode: Mode
) -> None:
    async def tell(happens: Callable[[Story], Awaitable[None]]) -> None:
        async with story(cluster, mode=mode) as town:
            await happens(town)

    async with asyncio.TaskGroup() as group:
        for happens in stories:
            group.create_task(tell(happens), name=happens.__name__)


@pytest.mark.timeout(120)
async def test_killed_with_its_own_database_it_comes_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("d") / "data"
    async with story(HOERING_DATA_DIR=str(folder)) as town:
        async with town.service("posted, before noting") as service:
            await town.arrives(service)
            await service.dies()
        async with town.service():
            await town.everything_is_there_once()
