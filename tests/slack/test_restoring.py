"""What somebody with the power to do so deletes of ours in Slack stands there again, once and true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from bot.sandbox import Message
from tests.slack.bench import HOME, Bench, bench, now
from tests.slack.test_sweep import looks
from tests.slack.threads import ANSWER, OTHER, approved, marked
from tests.world import TEKNIK, key_of, shown

LONG = "\n".join(["Forvaltningen bemærker, at stien bliver bredere på strækningen."] * 150)


@asynccontextmanager
async def hall(database_url: str) -> AsyncIterator[Bench]:
    """A town in which it is two minutes later than in Slack, so that what was posted is no news."""
    async with bench(database_url, config=HOME) as town:
        town.door.now = lambda: now() + timedelta(minutes=2)
        yield town


async def test_a_draft_that_was_deleted_stands_again_once_with_its_buttons(database_url: str) -> None:
    async with hall(database_url) as town:
        card, _answer, draft = await marked(town)
        town.sandbox.erase(draft)
        await looks(town)
        await town.settle()
        [again] = town.ours(card, "draft")
        assert again.ts != draft.ts
        assert ANSWER in shown(again)
        await looks(town)
        assert [again] == town.ours(card, "draft")
        await town.person("tove").click(again, "approve_remark")
        await town.settle()
        assert await approved(town) == [ANSWER]


async def test_while_a_page_of_a_long_draft_is_gone_nobody_can_approve_it(database_url: str) -> None:
    async with hall(database_url) as town:
        card = await town.one_card()
        answer = await town.person("tim").say(TEKNIK, LONG, thread=card)
        await town.person("tim").shortcut(answer, "use_as_remark")
        await town.settle()
        await town.settle()
        first, second = town.ours(card, "draft")
        assert "approve_remark" in repr(first.blocks)
        town.sandbox.erase(second)
        await town.posting.anew(await _id(town, second), how="restore")
        await town.posting.refresh(await _id(town, first))
        assert "approve_remark" not in repr(first.blocks)
        await town.settle()
        await town.settle()
        assert len(town.ours(card, "draft")) == 2
        assert "approve_remark" in repr(first.blocks)


async def test_a_card_that_was_deleted_stands_anew_with_all_that_stood_below_it(database_url: str) -> None:
    async with hall(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        town.sandbox.erase(card)
        await looks(town)
        for _ in range(3):
            await town.settle()
        [new] = [each for each in town.cards(TEKNIK) if each.ts != card.ts]
        assert "Godkendt" in shown(new)
        assert [len(town.ours(new, kind)) for kind in ("text", "draft", "restored")] == [1, 1, 1]
        old = town.sandbox.channel(TEKNIK).thread(card.ts)[1:]
        assert [each.ts for each in old if not each.by_bot] == [answer.ts]
        assert not [each for each in old if key_of(each).startswith(("text", "draft"))]
        [told] = [each for each in old if key_of(each).startswith("moved")]
        assert "står nu under et nyt kort" in shown(told)
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        assert "Ændret efter godkendelse" in shown(new)
        assert OTHER in shown(town.ours(new, "draft")[0])
        assert await approved(town) == [ANSWER]
        assert await looks(town) == 0


async def test_a_card_is_found_to_be_gone_when_it_is_drawn_again(database_url: str) -> None:
    async with hall(database_url) as town:
        card, _answer, draft = await marked(town)
        town.sandbox.erase(card)
        await town.person("tove").click(draft, "approve_remark")
        for _ in range(4):
            await town.settle()
        [new] = [each for each in town.cards(TEKNIK) if each.ts != card.ts]
        assert "Godkendt" in shown(new)


async def _id(town: Bench, message: Message) -> UUID:
    async with town.database.begin() as store:
        post = await store.posts.by_key(key_of(message))
    assert post is not None
    return post.id
