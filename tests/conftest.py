"""The real thing for every test: a PostgreSQL of the suite's own, emptied before each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import make_url
from sqlmodel import SQLModel
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

import storage.store  # noqa: F401  it names every table
from storage.database import Database
from storage.embedded import embedded


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI everything that a test wants is there, so a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


_TOGETHER = ("tests/demo/test_show.py",)
"""Files whose one costly fixture all of their tests share."""


class _Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Every test goes to whichever process is free, and these files' each to one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in _TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Scheduling:
    return _Scheduling(config, log)


_QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Planned once by the one connection that calls it. As a replica no trigger fires: neither the journal's guard
# nor a reference in the way.
_EMPTIES = """
CREATE FUNCTION emptied() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica
AS 'BEGIN {}; END'
""".format("; ".join(f"DELETE FROM {name}" for name in (*SQLModel.metadata.tables, *_QUEUE)))  # noqa: S608


async def _in_database(url: str, *statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(_plain(url), autocommit=True) as connection:
        for statement in statements:
            await connection.execute(statement.encode())


def _plain(url: str) -> str:
    """As the driver itself wants it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a running PostgreSQL whose database `nouns` has all tables and no rows."""
    folder: Path = tmp_path_factory.mktemp("pg")
    async with embedded(folder, durable=False) as url:
        await _in_database(url, "CREATE DATABASE nouns")
        database = Database(_named(url, "nouns"))
        await database.migrate()
        await database.close()
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def emptied(cluster: str) -> AsyncIterator[Callable[[], str]]:
    """Empties the one database of the session and gives its URL, whenever a test wants it anew."""
    await _in_database(cluster, "CREATE DATABASE test_shared TEMPLATE nouns")
    url = _named(cluster, "test_shared")
    await _in_database(url, _EMPTIES)
    with psycopg.connect(_plain(url), autocommit=True) as connection:

        def empty() -> str:
            connection.execute(_ALONE)
            connection.execute("SELECT emptied()")
            return url

        yield empty


@pytest.fixture
def database_url(emptied: Callable[[], str]) -> str:
    """The URL of a database without rows. It was another test's before: ids that count go on."""
    return emptied()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database, open."""
    database = Database(database_url)
    yield database
    await database.close()
