"""A check mark on a message, and what comes of it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox import Fault
from bot.slack.api.calls import UnknownOutcomeError
from storage.models import How
from tests.slack.bench import bench, now
from tests.slack.threads import (
    ANSWER,
    OTHER,
    answered,
    approved,
    hears_late,
    marked,
    next_second,
    remarks,
    told,
)
from tests.world import TEKNIK, shown


@pytest.mark.parametrize("mark", ["white_check_mark", "heavy_check_mark", "white_check_mark::skin-tone-3"])
async def test_an_approvers_check_mark_approves_the_reply(database_url: str, mark: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, mark)
        await town.settle()
        assert await approved(town) == [ANSWER]
        [facts] = await remarks(town)
        assert facts.approvals[0].how == How.REACTION
        assert ANSWER in shown(town.ours(card, "draft")[0])
        assert "Godkendt" in shown(card)


async def test_other_reactions_mean_nothing(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, "thumbsup")
        await town.settle()
        assert await remarks(town) == []
        assert told(town, "tove") == []


async def test_who_is_no_approver_is_told_so_and_nobody_else(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        await town.person("karen").react(answer, "white_check_mark")
        await town.heard()
        [whisper] = await town.until(lambda: town.person("karen").ephemerals(TEKNIK))
        assert whisper.text.startswith("Kun forvaltningens godkendere kan godkende.")
        assert whisper.thread_ts == card.ts
        assert await remarks(town) == []
        assert told(town, "tim") == told(town, "tove") == []


async def test_a_check_mark_taken_away_takes_the_approval_back(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        tove = town.person("tove")
        await tove.react(answer, "white_check_mark")
        await town.settle()
        await tove.unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == []
        await town.told("tove", TEKNIK, "Din godkendelse er trukket tilbage.")
        assert tove.ephemerals(TEKNIK)[-1].thread_ts == card.ts
        assert "Genåbnet. Venter på godkendelse igen" in shown(town.ours(card, "draft")[0])
        assert "Status:  Genåbnet" in shown(town.card_now(TEKNIK, 1) or card)


async def test_of_two_check_marks_by_one_person_the_last_taken_away_takes_the_approval_back(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        tove = town.person("tove")
        for sign in ("heavy_check_mark", "white_check_mark"):
            await tove.react(answer, sign)
            await town.settle()
        await tove.unreact(answer, "heavy_check_mark")
        await town.settle()
        assert await approved(town) == [ANSWER]
        await tove.unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == []


async def test_a_check_mark_of_another_taken_away_changes_nothing(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, "white_check_mark")
        await town.person("karen").react(answer, "white_check_mark")
        await town.heard()
        await town.person("karen").unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == [ANSWER]


async def test_a_check_mark_on_the_draft_approves_what_the_draft_shows(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tove").react(draft, "white_check_mark")
        await town.settle()
        assert await approved(town) == [ANSWER]
        await town.person("tove").unreact(draft, "white_check_mark")
        await town.settle()
        assert await approved(town) == []


async def test_a_check_mark_in_the_second_of_an_edit_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await next_second()
        await town.person("tim").edit(answer, OTHER)
        await town.person("tove").react(answer, "white_check_mark")
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        await town.settle()
        assert await remarks(town) == []


async def test_a_check_mark_is_no_yes_while_slack_may_show_other_words(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tim").edit(answer, OTHER)
        await town.heard()
        async with town.database.begin() as store:
            post = await store.posts.by_ts(draft.channel, draft.ts)
        assert post is not None
        town.sandbox.faults.next("chat.update", Fault.DROP_AFTER)
        with pytest.raises(UnknownOutcomeError):
            await town.posting.refresh(post.id)
        await next_second()
        await town.person("tim").edit(answer, ANSWER)
        await town.heard()
        [stands] = town.ours(card, "draft")
        assert OTHER in shown(stands)
        await town.person("tove").react(draft, "white_check_mark")
        await town.settle()
        assert await approved(town) == []
        assert ANSWER in shown(town.ours(card, "draft")[0])


@pytest.mark.parametrize(("on", "behind"), [("message", 0), ("draft", 0), ("draft", 30)])
async def test_a_check_mark_that_we_hear_of_late_is_no_yes_to_a_newer_text(
    database_url: str, on: str, behind: int
) -> None:
    async with bench(database_url) as town:
        town.door.board.clock.ours = lambda: time.time() - behind
        behind_slack = replace(town.posting._redrawing, now=lambda: now() - timedelta(seconds=behind))  # noqa: SLF001
        town.posting._redrawing = behind_slack  # noqa: SLF001
        _card, answer, draft = await marked(town)
        put = time.time()
        await next_second()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        place = draft if on == "draft" else answer
        await hears_late(town, "reaction_added", place, put=put)
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        assert await approved(town) == []
        await next_second()
        await hears_late(town, "reaction_added", place, put=time.time())
        assert await approved(town) == [OTHER]


@pytest.mark.parametrize("on", ["message", "draft"])
async def test_a_check_mark_taken_away_is_void_though_we_hear_first_that_it_is_gone(
    database_url: str, on: str
) -> None:
    async with bench(database_url) as town:
        _card, answer, draft = await marked(town)
        put, place = time.time(), draft if on == "draft" else answer
        await hears_late(town, "reaction_removed", place, put=put + 1)
        assert told(town, "tove") == []
        await hears_late(town, "reaction_added", place, put=put)
        await town.told("tove", TEKNIK, "Du har taget dit ✅ væk igen")
        assert await approved(town) == []
        await hears_late(town, "reaction_added", place, put=put + 2)
        assert await approved(town) == [ANSWER]


async def test_taking_away_a_check_mark_that_a_newer_yes_replaced_is_not_told(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        tove = town.person("tove")
        await tove.react(answer, "white_check_mark")
        await town.settle()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        await tove.click(town.ours(card, "draft")[0], "approve_remark")
        await town.settle()
        await tove.unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == [OTHER]
        assert told(town, "tove") == []


async def test_a_check_mark_on_one_message_of_several_points_to_the_draft(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, _draft = await marked(town)
        second = await town.person("tim").say(TEKNIK, OTHER, thread=card)
        await town.person("tim").shortcut(second, "use_as_remark")
        await town.settle()
        await town.person("tove").react(answer, "white_check_mark")
        await town.told("tove", TEKNIK, "brug »Godkend« dér")
        assert await approved(town) == []


async def test_a_check_mark_on_the_card_approves_nothing_and_says_so(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        await town.person("tove").react(card, "white_check_mark")
        await town.told("tove", TEKNIK, "Her er ingen bemærkning at godkende.")


async def test_a_check_mark_in_another_channel_is_none_of_our_business(database_url: str) -> None:
    async with bench(database_url) as town:
        chat = await town.person("tim").say("kantine", "Kage kl. 14")
        await town.person("tim").react(chat, "white_check_mark")
        await town.settle()
        assert told(town, "tim", "kantine") == []
