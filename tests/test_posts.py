"""An operator and what Slack would not take."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner

from bot.cli import app
from handlers.intake.read import read
from storage.database import Database
from storage.models import PostKind
from storage.talk import SlackPost
from storage.words import NOTICE, Notice
from tests.slack.bench import ABOUT_BIKES, Bench, bench, now
from tests.world import TEKNIK


async def _command(database_url: str, *words: str) -> tuple[int, str]:
    """Its status, and all it says; it runs a loop of its own."""
    return await asyncio.to_thread(_invoke, database_url, *words)


def _invoke(database_url: str, *words: str) -> tuple[int, str]:
    settings = {"HOERING_DATABASE_URL": database_url, "COLUMNS": "200"}
    result = CliRunner().invoke(app, ["posts", *words], env=settings)
    return result.exit_code, result.output


async def _refused_card(town: Bench) -> SlackPost:
    """The card of a submission, refused, and a draft under it, refused with it."""
    await town.keep_and_read(ABOUT_BIKES)
    async with town.database.begin() as store:
        card = await store.posts.owed(TEKNIK)
        assert card is not None
        card.refusal, card.tries = "msg_blocks_too_long", 5
        store.add(
            SlackPost(
                key="notice:1", hearing_id=card.hearing_id, kind=PostKind.NOTICE, channel=TEKNIK,
                parent_id=card.id,
                detail={NOTICE: Notice.UNSURE, "why": "one_of_several", "person": "U0TOVE"}, priority=1,
                made_at=card.made_at, refusal=card.refusal,
            )
        )  # fmt: skip
    return card


async def _refused(database: Database) -> int:
    async with database.begin() as store:
        return len(await store.posts.all_refused())


async def test_what_slack_would_not_take_is_listed_and_posted_when_it_is_asked_for(
    database_url: str,
) -> None:
    async with bench(database_url, connected=False) as town:
        card = await _refused_card(town)
        short = card.id.hex[-6:]
        status, said = await _command(database_url, "list")
        assert status == 0
        assert all(word in said for word in (short, "card", TEKNIK, "msg_blocks_too_long"))
        assert "cykelsti" not in said
        assert (await _command(database_url, "retry", short))[0] == 0
        assert await _refused(town.database) == 0
        await town.settle()
        assert len(town.cards(TEKNIK)) == 1
        assert "taken everything" in (await _command(database_url, "list"))[1]


async def test_what_is_dismissed_is_no_longer_missing_and_never_posted(database_url: str) -> None:
    async with bench(database_url, connected=False) as town:
        card = await _refused_card(town)
        assert (await _command(database_url, "dismiss", card.id.hex[-6:].upper()))[0] == 0
        assert await _refused(town.database) == 0
        async with town.database.begin() as store:
            assert await store.posts.refused(town.hearing.id) == []
        while await read(town.database, now=now):
            pass
        await town.settle()
        assert not town.cards(TEKNIK)


@pytest.mark.parametrize("word", ["retry", "dismiss"])
async def test_a_post_that_nobody_refused_is_neither_posted_again_nor_dismissed(
    database_url: str, word: str
) -> None:
    status, said = await _command(database_url, word, "abc123")
    assert status == 1
    assert "No post abc123" in said
