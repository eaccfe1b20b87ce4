"""The database goes away while the service runs: its own for good, or another's for a while."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from bot.outage import Outage
from storage.embedded import embedded
from tests.serving import serving

_ENDS_WITHIN = 5.0  # seconds, on a machine with nothing else to do
_BUSY = 3.0
_AWAY, _BACK = "the database does not answer", "the database answers again"


def _kill(data: Path, name: signal.Signals) -> None:
    """End the PostgreSQL that works in a data directory."""
    postmaster = (data / "postgres" / "postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), name)


async def _hears(process: asyncio.subprocess.Process, what: str) -> str:
    """All that the service says until it says this."""
    assert process.stderr
    async with asyncio.timeout(30):
        return (await process.stderr.readuntil(what.encode())).decode()


def test_what_goes_on_for_ever_outlives_any_fault_and_tells_it_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = Outage()
    for fault in (ValueError("Ole Bøgh Hansen"), TemplateNotFound("card.j2"), OSError("gone")):
        with outage.weathered("the inbox cannot be read"):
            raise fault
    assert [record.message.partition(" at ")[0] for record in caplog.records] == [
        "the inbox cannot be read: ValueError", f"{_AWAY} (OSError): what waits for it is kept",
    ]  # fmt: skip
    assert "Ole" not in caplog.text


@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGQUIT])
async def test_a_service_whose_own_database_died_says_so_and_ends(
    tmp_path: Path, name: signal.Signals
) -> None:
    data = tmp_path / "data"
    async with serving({"DATA_DIR": str(data)}) as (process, _):
        died = time.monotonic()
        _kill(data, name)
        _, said = await process.communicate()
        assert time.monotonic() - died < _ENDS_WITHIN + _BUSY
    assert process.returncode == 1
    assert f"The embedded PostgreSQL in {data} has ended" in said.decode()
    assert b"Traceback" not in said
    async with serving({"DATA_DIR": str(data)}):
        pass


async def test_an_outage_of_anothers_database_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        async with embedded(tmp_path, durable=False) as url:
            process, _ = await stack.enter_async_context(serving({"DATABASE_URL": url}))
            _kill(tmp_path, signal.SIGQUIT)
            said = await _hears(process, _AWAY)
            await asyncio.sleep(4)  # in which the inbox is looked at four times
        async with embedded(tmp_path, durable=False):
            said += await _hears(process, _BACK)
            process.terminate()
            said += (await process.communicate())[1].decode()
    assert (said.count(_AWAY), said.count(_BACK), process.returncode) == (1, 1, 0)
    assert "Traceback" not in said


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_service_ends_when_asked_though_its_database_is_away(
    tmp_path: Path, name: signal.Signals
) -> None:
    async with AsyncExitStack() as stack:
        async with embedded(tmp_path, durable=False) as url:
            process, _ = await stack.enter_async_context(serving({"DATABASE_URL": url}))
            _kill(tmp_path, signal.SIGKILL)
            await _hears(process, _AWAY)
        asked = time.monotonic()
        process.send_signal(name)
        _, said = await process.communicate()
        assert time.monotonic() - asked < _ENDS_WITHIN + _BUSY
    assert process.returncode == 0
    assert b"Traceback" not in said
