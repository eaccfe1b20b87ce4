"""The sandbox as a program of its own, with a workspace file."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession

from bot.sandbox import Mode
from bot.sandbox.__main__ import config, parser
from bot.sandbox.config import Config, read_toml

if TYPE_CHECKING:
    from pathlib import Path

WORKSPACE = """
team_name = "Lillerup Kommune"
mode = "http"
events_url = "http://127.0.0.1:9/slack/events"
hearing_addresses = ["hoering@lillerup.example"]
[pace]
burst = 2
[[people]]
id = "U1ANNA"
name = "anna"
real_name = "Anna Aagaard"
[[channels]]
id = "C1TEKNIK"
name = "teknik"
members = ["U1ANNA"]
bot = true
[[commands]]
command = "/hoering"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    path = tmp_path / "workspace.toml"
    path.write_text(WORKSPACE, "utf-8")
    return path


def test_a_workspace_file_says_everything(workspace: Path) -> None:
    found = Config(**read_toml(workspace))
    assert found.mode is Mode.HTTP
    assert found.pace.burst == 2
    assert found.channels[0].members == ("U1ANNA",)
    assert found.hearing_addresses == ("hoering@lillerup.example",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("team = 'a'", "unknown key 'team'"),
        ("[[people]]\nid = 'U1'", "no. 1: .*'name' and 'real_name'"),
        ("[[people]\n", "workspace.toml"),
        ("mode = 'post'", "'post' is not a valid Mode"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(workspace: Path, text: str, complaint: str) -> None:
    workspace.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_toml(workspace)


def test_the_command_line_wins_over_the_file(workspace: Path) -> None:
    words = [
        "--workspace",
        str(workspace),
        "--smtp",
        "mail:2525",
        "--allow-host",
        "sandbox",
        "--mail-port",
        "25",
    ]
    found = config(parser().parse_args([*words, "--hearing-address", "a@b.example"]))
    assert (found.smtp_host, found.smtp_port, found.mail_port) == ("mail", 2525, 25)
    assert found.allowed_hosts == {"sandbox"}
    assert found.hearing_addresses == ("a@b.example",)


async def test_it_runs_until_it_is_asked_to_end(workspace: Path) -> None:
    words = ["-W", "error", "-m", "bot.sandbox", "--port", "0", "--workspace", str(workspace)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout
    line = (await process.stdout.readline()).decode()
    async with ClientSession() as session, session.get(line.split()[1]) as page:
        assert page.status == 200
    process.terminate()
    _out, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
