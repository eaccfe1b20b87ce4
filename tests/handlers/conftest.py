"""One database for all of these many small tests, emptied before each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import storage.store  # noqa: F401  it names every table

_QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_url(cluster: str) -> str:
    """The URL of a database with all tables, for the whole session."""
    engine = create_async_engine(cluster, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE shared TEMPLATE nouns"))
    await engine.dispose()
    return make_url(cluster).set(database="shared").render_as_string(hide_password=False)


@pytest_asyncio.fixture
async def database_url(shared_url: str) -> AsyncIterator[str]:
    """The URL of an empty database. The numbers of inbox items go on from test to test."""
    address = make_url(shared_url).set(drivername="postgresql")
    # As a replica no trigger fires: neither the journal's guard nor a reference in the way.
    acts = ["SET session_replication_role = replica"]
    acts += [f"DELETE FROM {name}" for name in (*SQLModel.metadata.tables, *_QUEUE)]  # noqa: S608
    conninfo = address.render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await connection.execute("; ".join(acts).encode())
    yield shared_url
