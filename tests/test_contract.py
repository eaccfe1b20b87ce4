"""What whoever drives the bot from outside may count on: environment, hearing file, mail, Slack, files."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox import Mode, Sandbox
from bot.settings import SlackMode
from bot.web import SLACK_PATH
from tests.serving import environment
from tests.world import BOERN, CONFIG, KOORD, TEKNIK, Town, as_text, hand_over, mail

ASKS = "Vi ønsker en bedre cykelsti langs hele Skovvej, og børnene savner en legeplads."
ANSWER = "Forvaltningen er enig, og cykelstien bliver bredere."
_DOORS = re.compile(r"mail door at ([\d.]+):(\d+), web door at ([\d.]+):(\d+)")


@dataclass(frozen=True, slots=True)
class Outside(Town):
    """A workspace and a service of which nothing is known but the environment that it was started with."""

    environment: dict[str, str]
    smtp: tuple[str, int]

    async def apply(self, file: Path) -> None:
        """What an operator types beside the running service."""
        words = ["hearing", "apply", str(file)]
        done = await asyncio.to_thread(CliRunner().invoke, app, words, env=self.environment)
        assert done.exit_code == 0, done.output

    async def told_in(self, channel: str, command: str, saying: str) -> None:
        await self.person("karen").command("/hoering", command, channel=channel)
        await self.told("karen", channel, saying)


@asynccontextmanager
async def outside(database_url: str, mode: SlackMode) -> AsyncIterator[Outside]:
    async with Sandbox(replace(CONFIG, mode=Mode(mode.value))).running() as sandbox:
        told = environment({
            "DATABASE_URL": database_url, "SLACK_API_URL": sandbox.api_url, "SLACK_MODE": mode.value,
            "SLACK_BOT_TOKEN": sandbox.bot_token, "SMTP_PORT": "0", "HTTP_PORT": "0",
            "MAIL_OUT_PORT": str(sandbox.mail_port), "MAIL_OUT_ENCRYPTION": "none",
            **({"SLACK_SIGNING_SECRET": sandbox.signing_secret} if mode == SlackMode.HTTP
               else {"SLACK_APP_TOKEN": sandbox.app_token}),
        })  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=told, stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr is not None
        try:
            doors = None
            while doors is None:
                line = (await process.stderr.readline()).decode()
                assert line, "the service ended"
                doors = _DOORS.search(line)
            draining = asyncio.create_task(process.stderr.read())
            if mode == SlackMode.HTTP:
                sandbox.events_url = f"http://{doors[3]}:{doors[4]}{SLACK_PATH}"
            else:
                await sandbox.until(lambda: sandbox.connections)
            yield Outside(sandbox, told, (doors[1], int(doors[2])))
        finally:
            process.terminate()
            await process.wait()
        assert b"Traceback" not in await draining


@pytest.mark.parametrize("mode", list(SlackMode))
async def test_from_a_mail_to_a_notat_nothing_is_needed_but_what_stands_in_the_readme(
    database_url: str, mode: SlackMode, tmp_path: Path
) -> None:
    async with outside(database_url, mode) as town:
        file = tmp_path / "hearing.toml"
        # A channel may be named as an id, as people see it, or without its sign.
        named = as_text().replace(KOORD, "#koordinering").replace(BOERN, "boern")
        file.write_text(named, encoding="utf-8")
        await town.apply(file)
        await asyncio.to_thread(hand_over, town.smtp, mail(ASKS))
        card, other = await town.card(TEKNIK, 1), await town.card(BOERN, 1)
        await town.told_in(KOORD, "status", "1 høringssvar")
        await town.told_in(BOERN, "mangler", "bemærkninger fra Børne- og Ungeforvaltningen")
        answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        await town.person("tove").react(answer, "white_check_mark")
        await town.showing(card, "Godkendt")
        await town.person("birte").click(other, "no_remarks")
        await town.showing(other, "Ingen bemærkninger")
        await town.told_in(TEKNIK, "notat", "Notatet bliver lavet")
        [page] = await town.files(KOORD, ".html")
        assert page.decode().count(ANSWER) == 1
        for ending in (".docx", ".pdf"):
            assert len(await town.files(KOORD, ending)) == 1
