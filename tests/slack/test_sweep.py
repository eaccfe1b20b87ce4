"""What events did not tell is found in the thread: it is the truth."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col, select
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox import Fault
from bot.slack import sweep as sweeps
from bot.slack.api.calls import RefusedError
from bot.slack.app import socket
from bot.slack.sweep import Sweep
from handlers import acts
from storage.compiled import Notat
from storage.talk import ThreadLook
from tests.slack.bench import ABOUT_BIKES, HOME, Bench, bench, now
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
from tests.world import KOORD, TEKNIK, shown

TICK = "white_check_mark"


@asynccontextmanager
async def deaf(town: Bench) -> AsyncIterator[None]:
    """While nothing that happens in Slack reaches us."""
    town.sandbox.faults.at_rate("*", Fault.LOSE, rate=1.0)
    try:
        yield
    finally:
        town.sandbox.faults.clear()


async def looks(town: Bench) -> int:
    """Look at every thread of the hearing; how many things that told."""
    sweep = Sweep(town.door, connected_at=now())
    async with town.database.begin() as store:
        threads = await store.threads.of_hearing(town.hearing.id)
    told = sum([await sweep.look(thread) for thread in threads])
    await town.settle()
    return told


async def looked_long_ago(town: Bench) -> None:
    """Somebody looked two minutes ago, and nobody since."""
    async with town.database.begin() as store:
        for thread in await store.threads.of_hearing(town.hearing.id):
            await store.threads.looked(thread.post_id, at=now() - timedelta(minutes=2))


async def test_a_reply_and_a_check_mark_that_we_were_not_told_of_count(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        async with deaf(town):
            answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
            await town.person("tove").react(answer, TICK)
        assert await looks(town) == 2
        assert await approved(town) == [ANSWER]
        assert "Godkendt" in shown(card)
        assert await looks(town) == 0


async def test_an_edit_that_we_were_not_told_of_asks_for_a_new_approval(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        async with deaf(town):
            await town.person("tim").edit(answer, OTHER)
        await looks(town)
        assert await approved(town) == [ANSWER]
        assert "Ændret efter godkendelse" in shown(card)
        assert town.ours(card, "changed")


async def test_of_two_edits_in_one_second_told_the_wrong_way_round_the_thread_shows_the_last(
    database_url: str,
) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        await town.person("tim").shortcut(answer, "use_as_remark")
        await town.settle()
        tim = town.person("tim")
        town.sandbox.faults.next("message", Fault.REORDER)
        for text in (ANSWER[::-1], OTHER):
            await tim.edit(answer, text)
        await town.settle()
        await looks(town)
        assert OTHER in shown(town.ours(card, "draft")[0])
        assert await looks(town) == 0


async def test_of_a_message_deleted_unseen_the_approved_copy_stays(
    database_url: str,
) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        async with deaf(town):
            await town.person("tim").delete(answer)
        await looks(town)
        assert await approved(town) == [ANSWER]
        assert "beskeder er slettet" in shown(town.ours(card, "draft")[0])
        assert await looks(town) == 0


@pytest.mark.parametrize("on", ["message", "draft"])
async def test_a_check_mark_taken_away_unseen_takes_the_approval_back(database_url: str, on: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer, draft = await marked(town)
        place = draft if on == "draft" else answer
        await town.person("tove").react(place, TICK)
        await town.settle()
        assert await approved(town) == [ANSWER]
        async with deaf(town):
            await town.person("tove").unreact(place, TICK)
        await looks(town)
        assert await approved(town) == []
        async with deaf(town):
            await town.person("tove").react(place, TICK)
        await looks(town)
        assert await approved(town) == [ANSWER]


async def test_a_check_mark_beside_an_edit_asks_and_does_not_guess(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        async with deaf(town):
            await town.person("tove").react(answer, TICK)
            await town.person("tim").edit(answer, OTHER)
        await looks(town)
        assert await approved(town) == []
        [notice] = town.ours(card, "unsure")
        assert "det kan ikke ses, hvad der skete først" in shown(notice)
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        assert await looks(town) == 0
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def test_a_check_mark_put_after_a_look_that_saw_the_edit_counts(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tim").edit(answer, OTHER)
        answer.edited = {"user": "U0TIM", "ts": f"{int(time.time()) - 300}.000000"}
        await town.settle()
        await looks(town)
        await looked_long_ago(town)
        async with deaf(town):
            await town.person("tove").react(answer, TICK)
        await looks(town)
        assert await approved(town) == [OTHER]


async def test_a_check_mark_that_was_refused_once_counts_not_later_either(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("karen").react(answer, TICK)
        await town.settle()
        assert await looks(town) == 0
        async with deaf(town):
            await town.person("tim").react(answer, TICK)
        assert await looks(town) == 1
        assert await looks(town) == 0
        assert await remarks(town) == []


async def test_a_check_mark_that_was_found_before_its_event_came_is_not_refused(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        async with deaf(town):
            await town.person("tove").react(answer, TICK)
        await looks(town)
        put = time.time()
        await hears_late(town, "reaction_added", answer, put=put)
        assert await approved(town) == [ANSWER]
        assert told(town, "tove") == []


async def test_a_long_thread_is_read_to_its_end(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        async with deaf(town):
            for number in range(410):
                last = await town.person("tim").say(TEKNIK, f"Nr. {number}", thread=card)
            await town.person("tove").react(last, TICK)
        assert await looks(town) == 411
        assert await approved(town) == ["Nr. 409"]


# Before a notat


async def compiled(town: Bench) -> Notat:
    """The notat that a coordinator asks for now."""
    await town.owe(acts.compile_notat(town.hearing.id, by="U0KAREN", key=f"{time.time()}"))
    await town.settle()
    async with town.database.begin() as store:
        found = select(Notat).order_by(col(Notat.version).desc()).limit(1)
        return (await store.session.execute(found)).scalar_one()


def lacks(notat: Notat, what: str) -> bool:
    return what in json.dumps(notat.content["findings"], ensure_ascii=False)


def remarked(notat: Notat) -> str:
    chapters = [each["body"] for each in notat.content["chapters"] if each["role"] == "remark"]
    return json.dumps(chapters, ensure_ascii=False)


async def test_a_notat_knows_of_what_events_did_not_tell_just_before_it(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        assert ANSWER in remarked(await compiled(town))
        async with deaf(town):
            await town.person("tove").unreact(answer, TICK)
        assert ANSWER not in remarked(await compiled(town))


async def test_an_operators_notat_knows_of_it_too_and_without_a_token_is_a_draft_that_says_so(
    database_url: str, tmp_path: Path
) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        known = {"HOERING_DATABASE_URL": database_url, "HOERING_SLACK_API_URL": town.sandbox.api_url}
        words = ["notat", "compile", "skovvej", "--format", "html", "--out", str(tmp_path)]
        made = await asyncio.to_thread(CliRunner().invoke, app, words, env=known)
        assert "were not read again (1)" in made.output
        assert (
            "kunne ikke læses igen"
            in (tmp_path / "hoeringsnotat-skovvej-v1-udkast.html").read_bytes().decode()
        )
        async with deaf(town):
            await town.person("tove").unreact(answer, TICK)
        token = {"HOERING_SLACK_BOT_TOKEN": town.sandbox.bot_token}
        final = await asyncio.to_thread(CliRunner().invoke, app, [*words, "--final"], env=known | token)
        assert (final.exit_code, "kunne ikke læses igen" in final.output) == (1, False)
        assert "venter på godkendelse" in final.output
        assert final.output.endswith("No version was made: it was to be final, and this is missing.\n")


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE, Fault.DROP_BEFORE])
async def test_a_slack_that_does_not_answer_makes_the_notat_a_draft_that_says_so(
    database_url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_LOOKS_EVERY", 0.01)
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        town.sandbox.faults.at_rate("conversations.replies", fault, rate=1.0)
        notat = await compiled(town)
        assert lacks(notat, "Én tråd med godkendte bemærkninger kunne ikke læses igen")
        assert ANSWER in remarked(notat)
        town.sandbox.faults.clear()
        assert not lacks(await compiled(town), "kunne ikke læses igen")


async def test_a_thread_in_which_nothing_is_approved_holds_no_notat_up(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_LOOKS_EVERY", 0.01)
    async with bench(database_url, config=HOME) as town:
        await town.one_card()
        town.sandbox.faults.at_rate("conversations.replies", Fault.ERROR_BEFORE, rate=1.0)
        assert not lacks(await compiled(town), "kunne ikke læses igen")


async def test_of_very_many_threads_a_fresh_look_will_do_and_an_old_one_will_not(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_FOR_RISKY", -1.0)
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        connected_at = now() - timedelta(minutes=20)
        held, called = (Sweep(town.door, connected_at, is_told_of_gaps=told) for told in (True, False))
        for age, sweep, asked in ((40, held, True), (25, held, True), (10, held, False), (10, called, True)):
            async with town.database.begin() as store:
                await store.session.execute(delete(ThreadLook))
                [thread] = await store.threads.of_hearing(town.hearing.id)
                await store.threads.looked(thread.post_id, at=now() - timedelta(minutes=age))
            read = reads(town)
            assert await sweep.before_notat(town.hearing.id) == 0
            assert (reads(town) > read) is asked


def reads(town: Bench) -> int:
    return sum(1 for method, _ in town.sandbox.calls if method == "conversations.replies")


# Which, and when


async def test_what_was_approved_is_looked_at_first_and_each_once(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        await town.receive(ABOUT_BIKES, f"{ABOUT_BIKES} Og belysning.", f"{ABOUT_BIKES} Og parkering.")
        last = town.card_now(TEKNIK, 3)
        assert last is not None
        answer = await town.person("tim").say(TEKNIK, ANSWER, thread=last)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        sweep, seen = Sweep(town.door, connected_at=now()), len(town.sandbox.calls)
        while await sweep.next():
            pass
        looked = [
            what["ts"] for method, what in town.sandbox.calls[seen:] if method == "conversations.replies"
        ]
        assert looked[0] == last.ts
        assert set(looked) == {each.ts for each in town.cards(TEKNIK)}
        assert not await sweep.next()
        sweep.connected()
        assert await sweep.next()


@pytest.mark.socket("over HTTP there is no connection to be broken")
async def test_a_new_connection_has_everything_looked_at(database_url: str) -> None:
    async with bench(database_url, config=HOME, connected=False) as town:
        sweep = Sweep(town.door)
        app_token, api_url = town.sandbox.app_token, town.sandbox.api_url
        async with socket(town.app, app_token=app_token, api_url=api_url, on_hello=sweep.connected):
            for break_off in (town.sandbox.disconnect, None):
                await town.until(lambda: sweep.connected_at.year > 2000 and town.sandbox.connections)
                sweep.connected_at = sweep.connected_at.replace(year=2000)
                if break_off is not None:
                    await break_off()


# Kept out


async def test_a_channel_that_keeps_us_out_is_told_once_and_until_it_is_open_again(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        refusal = {"needed": "channels:history", "provided": "chat:write"}
        town.sandbox.faults.refuse("conversations.replies", "missing_scope", times=None, **refusal)
        for _ in range(2):
            notat = await compiled(town)
        assert "lacks the permission channels:history" in caplog.text
        assert lacks(notat, "mangler Hoeringsbot en tilladelse til kanalen for Teknik- og Miljøforvaltningen")
        assert lacks(notat, "kunne ikke læses igen")
        lines = [each.text for each in town.sandbox.channel(KOORD).messages if "tilladelse" in each.text]
        assert len(lines) == 1
        town.sandbox.faults.clear()
        assert not lacks(await compiled(town), "tilladelse")


async def test_an_archived_channel_is_told_the_coordinators(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        await town.keep_and_read(ABOUT_BIKES)
        town.sandbox.channel(TEKNIK).archived = True
        for _ in range(2):
            with pytest.raises(RefusedError):
                await town.posting.drain(TEKNIK)
        await town.posting.drain(KOORD)
        lines = [each.text for each in town.sandbox.channel(KOORD).messages if "arkiveret" in each.text]
        assert len(lines) == 1
        town.sandbox.channel(TEKNIK).archived = False
        await town.posting.drain(TEKNIK)
        assert not lacks(await compiled(town), "arkiveret")


async def test_a_bot_that_was_put_out_of_a_channel_joins_again_to_read(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        town.sandbox.channel(TEKNIK).members.remove("U0SANDBOX")
        await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        assert await looks(town) == 1


async def test_of_a_message_taken_into_the_thread_it_is_found_what_became_of_it(database_url: str) -> None:
    async with bench(database_url) as town:
        card, tim = await town.one_card(), town.person("tim")
        message = await tim.say(TEKNIK, ANSWER)
        await tim.click(await town.told("tim", TEKNIK, "lad mig lægge beskeden derind"), "attach:0")
        await town.settle()
        await tim.click(town.ours(card, "attached")[0], "use_said")
        await town.settle()
        await next_second()
        async with deaf(town):
            await tim.edit(message, OTHER)
        assert await looks(town) == 1
        assert OTHER in shown(town.ours(card, "draft")[0])
        async with deaf(town):
            await tim.delete(message)
        assert await looks(town) == 1
        assert OTHER not in shown(town.ours(card, "draft")[0])
        assert await looks(town) == 0
