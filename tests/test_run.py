"""The commands as an operator types them, and the service from its start to its stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from bot.cli import app
from tests.serving import environment, serving

_STOPS_WITHIN = 10.0  # seconds; it takes one, and the machine may be busy


async def _command(*words: str, settings: Mapping[str, str] | None = None) -> tuple[int | None, str]:
    """Run a command to its end; its status, and all it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=environment(settings or {}),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, said.decode()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "From hearing mail to finished høringsnotat"),
        (("run",), "until it is stopped"),
        (("demo",), "--once"),
        (("hearing",), "from its file"),
        (("hearing", "apply"), "--dry-run"),
        (("portal",), "hearing portal"),
        (("portal", "import"), "--hearing"),
    ],
)
def test_every_command_explains_itself(words: tuple[str, ...], what: str) -> None:
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert what in result.output


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "HOERING_SLACK_BOT_TOKEN and HOERING_SLACK_APP_TOKEN must be set"),
        ({"SLACK_BOT_TOKEN": "xoxb-a"}, "HOERING_SLACK_APP_TOKEN must be set"),
        ({"SLACK_BOT_TOKEN": "xoxb-a", "SLACK_MODE": "http"}, "HOERING_SLACK_SIGNING_SECRET must be set"),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-a",
                "SLACK_APP_TOKEN": "xapp-a",
                "DATABASE_URL": "postgresql://a:geheim@127.0.0.1:9/c",
            },
            "The database does not answer",
        ),
    ],
)
async def test_a_service_that_cannot_start_says_why_in_a_sentence(
    settings: dict[str, str], sentence: str
) -> None:
    status, said = await _command("run", settings=settings)
    assert status == 1
    assert sentence in said
    assert "Traceback" not in said
    assert "geheim" not in said


async def test_a_door_that_somebody_else_holds_is_named(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-a", "SLACK_APP_TOKEN": "xapp-a", "SLACK_API_URL": "http://127.0.0.1:9/",
            "DATABASE_URL": database_url, "SMTP_PORT": port, "HTTP_PORT": "0",
        }  # fmt: skip
        status, said = await _command("run", settings=settings)
    assert status == 1
    assert "A door cannot be opened" in said
    assert port in said
    assert "Traceback" not in said


async def test_a_service_that_is_up_says_that_it_is_well(database_url: str) -> None:
    async with (
        serving({"DATABASE_URL": database_url}) as (_, address),
        ClientSession() as session,
        session.get(f"{address}/health") as answer,
    ):
        assert (answer.status, await answer.json()) == (200, {"ok": True, "mailboxes": {}})


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_service_that_is_asked_to_stop_ends_well_and_soon(
    database_url: str, name: signal.Signals
) -> None:
    async with serving({"DATABASE_URL": database_url}) as (process, _):
        asked = time.monotonic()
        process.send_signal(name)
        _, said = await process.communicate()
        assert time.monotonic() - asked < _STOPS_WITHIN
    assert process.returncode == 0
    assert b"Traceback" not in said


async def test_the_embedded_database_stops_with_theserving(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with serving({"DATA_DIR": str(data)}) as (process, _):
        assert (data / "postgres" / "postmaster.pid").exists()
        process.terminate()
        _, said = await process.communicate()
    assert process.returncode == 0, said
    assert not (data / "postgres" / "postmaster.pid").exists()
