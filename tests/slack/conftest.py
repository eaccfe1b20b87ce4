"""How Slack reaches the service: each scenario takes one way, by its name; in the ci profile both."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence

import pytest

from bot.sandbox import Mode
from tests.slack import bench

_BOTH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("mode", _modes(metafunc.definition), indirect=True)


def _modes(scenario: pytest.Function) -> Sequence[Mode]:
    if scenario.get_closest_marker("socket"):
        return [Mode.SOCKET]
    ways = list(Mode)
    return ways if _BOTH else [ways[zlib.crc32(scenario.originalname.encode()) % len(ways)]]


@pytest.fixture(autouse=True)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Mode:
    way = getattr(request, "param", Mode.SOCKET)
    monkeypatch.setattr(bench, "MODE", way)
    return way
