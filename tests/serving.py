"""The service as a process of its own, beside a look-alike of Slack."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.sandbox import Config, Sandbox


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HOERING_")}
    return {**inherited, "COLUMNS": "200", **{f"HOERING_{name}": value for name, value in settings.items()}}


@asynccontextmanager
async def serving(settings: Mapping[str, str]) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A service beside a look-alike, up and connected; the process, and the address of its web door."""
    async with Sandbox(Config()).running() as sandbox:
        beside = {
            "SLACK_API_URL": sandbox.api_url, "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token, "SMTP_PORT": "0", "HTTP_PORT": "0",
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment({**beside, **settings}),
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr
        try:
            said = (await process.stderr.readuntil(b"web door at 127.0.0.1:")).decode()
            port = re.findall(r"\d+", (await process.stderr.readline()).decode())[0]
            assert "Traceback" not in said
            await sandbox.until(lambda: sandbox.connections)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()
