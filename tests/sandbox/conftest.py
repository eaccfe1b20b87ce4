"""The sandbox, a bare client, and a Bolt app, ready for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from bot.sandbox import Mode, Sandbox
from tests.sandbox.world import CONFIG, Api, App, bolt_app, by_http, by_socket


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(CONFIG).running() as running:
        yield running


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        yield Api(sandbox, session)


@pytest.fixture(params=[Mode.SOCKET, Mode.HTTP])
async def app(request: pytest.FixtureRequest) -> AsyncIterator[App]:
    """The same app, once over a websocket and once over signed HTTP."""
    async with Sandbox(replace(CONFIG, mode=request.param)).running() as sandbox:
        bolt = bolt_app(sandbox)
        link: AbstractAsyncContextManager[None] = (
            by_socket(sandbox, bolt) if request.param is Mode.SOCKET else by_http(sandbox, bolt)
        )
        async with link:
            yield App(bolt, sandbox)
