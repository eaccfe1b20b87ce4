"""What people write, change and delete in a thread, and what of it they mark."""

from __future__ import annotations

import pytest

from bot.sandbox import Fault
from bot.sandbox.config import GroupSpec
from bot.slack import talk
from handlers.content import plain
from handlers.talk.progress import standing
from tests.slack.bench import bench, quick
from tests.slack.threads import ANSWER, OTHER, answered, approved, marked, next_second, remarks
from tests.world import TEKNIK, shown


async def test_an_edit_after_approval_keeps_the_approved_text_and_is_told_in_the_thread(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.heard()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        assert await approved(town) == [ANSWER]
        assert standing((await remarks(town))[0]).changed
        assert len(town.ours(card, "changed")) == 1
        assert OTHER in shown(town.ours(card, "draft")[0])
        assert "Ændret efter godkendelse" in shown(card)


async def test_a_link_that_unfolds_after_approval_is_no_change(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town, "Se https://plan.example/skovvej for detaljer.")
        await town.person("tove").react(answer, "white_check_mark")
        await town.settle()
        assert town.sandbox.unfurl(answer)
        town.sandbox.touch(answer)
        await town.settle()
        assert town.ours(card, "changed") == []
        assert "Status:  Godkendt" in shown(town.cards(TEKNIK)[0])


async def test_an_edit_before_approval_is_what_gets_approved(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, _draft = await marked(town)
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def test_a_deleted_reply_empties_its_draft_and_keeps_an_approval(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.heard()
        await town.person("tim").delete(answer)
        await town.settle()
        assert await approved(town) == [ANSWER]
        assert "Bemærkningens beskeder er slettet eller taget ud." in shown(town.ours(card, "draft")[0])


@pytest.mark.parametrize("shortcut", ["use_as_remark", "approve_reply"])
async def test_a_shortcut_outside_a_submissions_thread_is_refused(database_url: str, shortcut: str) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        loose = await town.person("tim").say(TEKNIK, "Godmorgen")
        await town.person("tove").shortcut(loose, shortcut)
        await town.told("tove", TEKNIK, "Beskeden står ikke i tråden under et høringssvar.")
        assert await remarks(town) == []


async def test_two_messages_marked_make_one_remark_in_their_order(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _first, _draft = await marked(town)
        second = await town.person("tim").say(TEKNIK, OTHER, thread=card)
        await town.person("tim").shortcut(second, "use_as_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [f"{ANSWER} {OTHER}"]


async def test_what_is_said_and_never_marked_is_internal(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer = await answered(town)
        await town.settle()
        assert await remarks(town) == []
        assert "I arbejde" in shown(card)


@pytest.mark.parametrize("fault", [Fault.REORDER, Fault.DUPLICATE])
async def test_events_twice_or_in_another_order_come_to_the_same(database_url: str, fault: Fault) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        town.sandbox.faults.at_rate("message", fault, rate=1.0)
        town.sandbox.faults.at_rate("reaction_added", fault, rate=1.0)
        tim, tove = town.person("tim"), town.person("tove")
        answer = await tim.say(TEKNIK, ANSWER, thread=card)
        await tim.edit(answer, OTHER)
        await next_second()
        await tove.react(answer, "white_check_mark")
        gone = await tim.say(TEKNIK, "Det var forkert.", thread=card)
        await tim.delete(gone)
        town.sandbox.faults.clear()
        await tim.say(TEKNIK, "Så er vi vist færdige.", thread=card)
        await town.settle()
        assert await approved(town) == [OTHER]
        [facts] = await remarks(town)
        assert not standing(facts).changed
        assert len(town.ours(card, "draft")) == 1
        async with town.database.begin() as store:
            last = await store.remarks.newest(facts.remark.referral_id, gone.ts)
        assert last is not None
        assert last.deleted


async def test_what_people_write_is_read_with_names_lists_and_notes_and_the_unknown_logged_by_type(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    group = GroupSpec(id="S0PLAN", name="Planteamet", handle="plan", members=("U0TIM",))
    async with bench(database_url, config=quick(groups=(group,))) as town:
        caplog.set_level("INFO", logger="bot.slack.door")
        card = await town.one_card()
        inline = [
            {"type": "user", "user_id": "U0TOVE"}, {"type": "text", "text": " og "},
            {"type": "usergroup", "usergroup_id": "S0PLAN"}, {"type": "text", "text": " i "},
            {"type": "channel", "channel_id": "C0KANTINE"},
            {"type": "text", "text": " [fodnote: Se planen.] er enige. "},
        ]  # fmt: skip
        points = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "stier"}]}]
        parts = [
            {"type": "rich_text_section", "elements": inline},
            {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": points},
        ]
        event = {
            "type": "message", "channel": TEKNIK, "user": "U0TIM", "ts": "1700000000.000100",
            "thread_ts": card.ts, "text": "", "blocks": [
                {"type": "rich_text", "elements": [*parts, {"type": "rich_text_new", "text": "Slut."}]},
            ],
        }  # fmt: skip
        said = await town.door.said(talk.spoken(event))
        assert said is not None
        assert plain(said.content) == (
            "Tove Thorsen og Planteamet i #kantine [Se planen.] er enige.\n\n1. stier\n\nSlut."
        )
        assert "rich_text_new" in caplog.text
        assert "Slut" not in caplog.text
