"""The real thing for every test: a PostgreSQL of the suite's own, and a fresh database each."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Database
from storage.embedded import embedded


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI everything that a test wants is there, so a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


_names = (f"test_{number}" for number in itertools.count())


async def _in_cluster(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a running PostgreSQL whose database `nouns` has all tables and no rows."""
    folder: Path = tmp_path_factory.mktemp("pg")
    async with embedded(folder, durable=False) as url:
        await _in_cluster(url, "CREATE DATABASE nouns")
        database = Database(_named(url, "nouns"))
        await database.migrate()
        await database.close()
        yield url


@pytest_asyncio.fixture
async def database_url(cluster: str) -> AsyncIterator[str]:
    """The URL of an empty database of the test's own."""
    name = next(_names)
    await _in_cluster(cluster, f"CREATE DATABASE {name} TEMPLATE nouns")
    yield _named(cluster, name)
    await _in_cluster(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database of the test's own, open."""
    database = Database(database_url)
    yield database
    await database.close()
