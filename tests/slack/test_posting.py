"""Everything we owe Slack gets there once, in order, at Slack's pace."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import sandbox as slack
from bot.sandbox import Fault, Message
from bot.slack.api.board import Board, Picture
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.pace import Pace
from bot.slack.app import client
from bot.slack.posts import sending
from bot.slack.posts.posting import Posting
from handlers import acts
from handlers.intake.read import read
from handlers.talk.show import show_days
from storage.models import PostKind
from tests.slack.bench import ABOUT_BIKES, Bench, bench, now, quick
from tests.world import KOORD, TEKNIK, key_of, mail, plan, shown

HOSTILE = "<!channel> @here <@U0TIM> <https://evil.example|klik her> *fed* `kode` &amp; cykelsti"


def updates(town: Bench) -> int:
    return sum(1 for method, _ in town.sandbox.calls if method == "chat.update")


async def test_cards_come_before_texts_and_in_the_order_of_arrival(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(*(f"{ABOUT_BIKES} Nr. {number}." for number in range(5)))
        posted = list(town.sandbox.channel(TEKNIK).kept.values())
        kinds = [key_of(each).partition(":")[0] for each in posted]
        assert kinds == ["card"] * 5 + ["text"] * 5
        assert [each.text.split()[2] for each in posted[:5]] == ["1:", "2:", "3:", "4:", "5:"]
        assert [each.thread_ts for each in posted[5:]] == [each.ts for each in posted[:5]]


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DROP_BEFORE])
async def test_who_does_not_know_looks_before_posting_again(
    database_url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.1)
    async with bench(database_url) as town:
        town.sandbox.faults.next("chat.postMessage", fault, times=2)
        await town.keep_and_read(ABOUT_BIKES)
        for _ in range(2):
            with pytest.raises(UnknownOutcomeError):
                await town.posting.drain(TEKNIK)
        await town.posting.drain(TEKNIK)
        [card] = town.sandbox.channel(TEKNIK).messages
        assert len(town.thread(card)) == 1


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DROP_BEFORE])
async def test_a_file_is_shared_once(
    database_url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.1)
    async with bench(database_url) as town:
        town.sandbox.faults.next("files.completeUploadExternal", fault)
        await town.keep_and_read(ABOUT_BIKES, files=(("kort.pdf", b"%PDF"),))
        with pytest.raises(UnknownOutcomeError):
            await town.posting.drain(TEKNIK)
        await town.posting.drain(TEKNIK)
        [card] = town.sandbox.channel(TEKNIK).messages
        shared = await town.until(lambda: [each for each in town.thread(card) if each.files])
        assert [file.name for each in shared for file in each.files] == ["kort.pdf"]


async def test_a_file_that_slack_lets_appear_late_is_not_shared_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.1)
    async with bench(database_url, config=quick(share_delay=0.7)) as town:
        town.sandbox.faults.next("files.completeUploadExternal", Fault.DROP_AFTER)
        await town.keep_and_read(ABOUT_BIKES, files=(("kort.pdf", b"%PDF"),))
        with pytest.raises(UnknownOutcomeError):
            await town.posting.drain(TEKNIK)
        await town.posting.drain(TEKNIK)
        [card] = town.sandbox.channel(TEKNIK).messages
        assert [len(each.files) for each in town.thread(card)] == [0, 1]
        assert sum(method == "files.getUploadURLExternal" for method, _ in town.sandbox.calls) == 1


async def test_at_slacks_own_pace_nothing_is_refused_for_speed(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with bench(database_url, config=quick(pace=slack.Pace()), pace=Pace()) as town:
        began = time.monotonic()
        await town.receive(*(f"{ABOUT_BIKES} Nr. {number}." for number in range(4)))
        assert time.monotonic() - began >= 4  # eight messages: three at once, then one a second
    assert "Slack asks us to wait" not in caplog.text


async def test_a_channel_by_name_is_the_same_channel_with_one_order_and_one_pace(database_url: str) -> None:
    seats = plan().departments
    named = replace(plan(), departments=(replace(seats[0], channel="#teknik"), seats[1]))
    async with bench(database_url, wanted=named) as town:
        await town.keep_and_read(ABOUT_BIKES)
        assert "#teknik" in await still_owed(town)
        await town.posting.drain("#teknik")
        assert (await still_owed(town), told(town)) == ([TEKNIK], [])
        await town.settle()
        assert told(town) == ["1:"]
        [card] = town.cards(TEKNIK)
        assert town.ours(card, "text")
        assert await still_owed(town) == []


async def test_channels_do_not_wait_for_each_other() -> None:
    pace = Pace(burst=1, interval=3_600)
    await asyncio.gather(*(pace.wait(channel) for channel in "abc"))


async def test_a_long_text_comes_in_parts_and_the_rest_as_a_file(database_url: str) -> None:
    async with bench(database_url) as town:
        text = "\n\n".join(f"{number}. Vi ønsker en cykelsti langs åen." * 4 for number in range(400))
        await town.receive(text)
        card = town.card_now(TEKNIK, 1)
        assert card is not None
        assert [key_of(each).rpartition(":")[2] for each in town.ours(card, "text")] == list("12345")
        shared = await town.until(lambda: [each for each in town.thread(card) if each.files])
        [file] = [file for each in shared for file in each.files]
        assert file.content.decode().count("cykelsti") == text.count("cykelsti")


async def refused(town: Bench) -> list[tuple[PostKind, str]]:
    async with town.database.begin() as store:
        return [(each.kind, each.refusal) for each in await store.posts.refused(town.hearing.id)]


async def still_owed(town: Bench) -> list[str]:
    async with town.database.begin() as store:
        return await store.posts.owing()


class Choosy(Board):
    """A Slack that says no to the card of the first submission, and to nothing else."""

    no: Exception

    async def post(
        self, channel: str, picture: Picture, *, key: str, thread: str | None = None
    ) -> tuple[str, str]:
        if "nr. 1:" in picture.text and key.startswith("card:"):
            raise self.no
        return await super().post(channel, picture, key=key, thread=thread)


def choosy(town: Bench, no: Exception) -> Posting:
    board = Choosy(client(town.sandbox.api_url, town.sandbox.bot_token))
    board.no = no
    return Posting(town.database, board, now, Pace(burst=100_000))


async def drained(posting: Posting, *, times: int = 1) -> list[type[Exception]]:
    """How that many drains fail."""
    failed: list[type[Exception]] = []
    for _ in range(times):
        try:
            await posting.drain(TEKNIK)
        except Exception as fault:  # noqa: BLE001  any is what is asked for
            failed.append(type(fault))
    return failed


def told(town: Bench) -> list[str]:
    """The numbers of the submissions whose cards stand."""
    return [each.text.split()[2] for each in town.cards(TEKNIK)]


async def test_what_slack_refuses_is_recorded_and_the_rest_goes_on(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES, f"{ABOUT_BIKES} Mere.")
        await choosy(town, RefusedError("chat.postMessage", "msg_blocks_too_long")).drain(TEKNIK)
        assert await refused(town) == [(PostKind.CARD, "msg_blocks_too_long")]
        assert await still_owed(town) == []
        assert told(town) == ["2:"]


async def test_an_archived_channel_writes_nothing_off(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES)
        town.sandbox.channel(TEKNIK).archived = True
        with pytest.raises(RefusedError, match="is_archived"):
            await town.posting.drain(TEKNIK)
        assert "The channel is archived: open it again in Slack" in caplog.text
        assert (await refused(town), TEKNIK in await still_owed(town)) == ([], True)
        town.sandbox.channel(TEKNIK).archived = False
        await town.posting.drain(TEKNIK)
        assert told(town) == ["1:"]


async def test_a_token_that_slack_does_not_take_writes_nothing_off(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES)
        stranger = Board(client(town.sandbox.api_url, "xoxb-made-up"))
        assert await drained(Posting(town.database, stranger, now), times=7) == [RefusedError] * 7
        assert "set HOERING_SLACK_BOT_TOKEN to a valid one" in caplog.text
        assert (await refused(town), await still_owed(town)) == ([], [TEKNIK])


@pytest.mark.parametrize(
    "no", [LookupError("Vi er imod"), RefusedError("chat.postMessage", "made_of_cheese")]
)
async def test_a_post_that_cannot_be_made_is_set_aside_after_its_tries_and_the_rest_goes_on(
    database_url: str, no: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES, f"{ABOUT_BIKES} Mere.")
        posting = choosy(town, no)
        assert await drained(posting) == [type(no)]
        assert (told(town), await refused(town)) == (["2:"], [])
        assert await drained(posting, times=5) == [type(no)] * 3
        assert await refused(town) == [(PostKind.CARD, getattr(no, "reason", "LookupError"))]
        assert "imod" not in caplog.text


async def test_a_post_that_slack_always_fails_at_is_set_aside_when_others_get_through(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.0)
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES)
        fails = choosy(town, UnknownOutcomeError("chat.postMessage: 500", answered=True))
        assert await drained(fails, times=6) == [UnknownOutcomeError] * 6
        assert await refused(town) == []  # nothing else was posted: it may be Slack
        for number in range(2, 7):
            another = mail(f"{ABOUT_BIKES} {number}", number=number, sender=f"borger{number}@borger.example")
            await town.keep(another.as_bytes())
            while await read(town.database, now=now):
                pass
            await drained(fails)
        assert await refused(town) == [(PostKind.CARD, "chat.postMessage: 500")]
        assert told(town) == ["2:", "3:", "4:", "5:", "6:"]


async def test_an_outage_counts_against_no_post(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.0)
    async with bench(database_url) as town:
        await town.keep_and_read(*(f"{ABOUT_BIKES} Nr. {number}." for number in range(5)))
        for fault in (Fault.ERROR_BEFORE, Fault.DROP_BEFORE):
            town.sandbox.faults.at_rate("chat.postMessage", fault, rate=1.0)
            assert await drained(town.posting, times=6) == [UnknownOutcomeError] * 6
            town.sandbox.faults.clear()
        await town.posting.drain(TEKNIK)
        assert (await refused(town), told(town)) == ([], ["1:", "2:", "3:", "4:", "5:"])


async def test_of_two_that_drain_a_channel_one_comes_back_later(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES)
        other = Posting(town.database, town.door.board, now, Pace(burst=100_000))
        both = await asyncio.gather(town.posting.drain(TEKNIK), other.drain(TEKNIK), return_exceptions=True)
        assert sorted(str(type(each).__name__) for each in both) == ["LaneTakenError", "NoneType"]
        await other.drain(TEKNIK)
        assert told(town) == ["1:"]


async def test_who_wakes_up_late_does_not_post_what_another_posted(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.keep_and_read(ABOUT_BIKES)
        asleep, go_on = asyncio.Event(), asyncio.Event()

        class Sleepy(Pace):
            async def wait(self, what: str) -> None:
                assert what == TEKNIK
                asleep.set()
                await go_on.wait()

        late = Posting(town.database, town.door.board, now, Sleepy())
        slow = asyncio.create_task(late.drain(TEKNIK))
        await asleep.wait()
        async with town.database.begin() as store:  # its connection is lost, and its lane with it
            await store.session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            )
        await town.posting.drain(TEKNIK)
        go_on.set()
        await slow
        assert told(town) == ["1:"]


async def test_many_changes_are_shown_with_few_updates(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        before = updates(town)
        for number in range(8):
            await town.person("tim").say(TEKNIK, f"Snak {number}", thread=card)
        await town.settle()
        assert updates(town) == before + 1
        await town.person("tim").say(TEKNIK, "Mere snak", thread=card)
        await town.settle()
        assert updates(town) == before + 1
        assert "I arbejde" in shown(card)


async def test_cards_in_an_archived_channel_are_left_alone_and_drawn_when_it_is_open_again(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES, ABOUT_BIKES)
        cards = town.cards(TEKNIK)
        town.sandbox.channel(TEKNIK).archived = True
        async with town.database.begin() as store:
            (await store.hearings.by_id(town.hearing.id)).answer_deadline -= timedelta(days=3)
            await show_days(store=store, now=now())
        await town.settle()
        await town.settle()  # it is told in the coordination channel, where Slack lets us write
        async with town.database.begin() as store:
            drawn = await store.posts.drawn_in(TEKNIK)
        before = updates(town)
        for post_id in drawn:
            await town.posting.refresh(post_id)
        assert updates(town) == before
        with pytest.raises(RefusedError, match="is_archived"):
            await town.posting.knock(TEKNIK)
        assert caplog.text.count("nothing is drawn again in") == 1
        lines = [each.text for each in town.sandbox.channel(KOORD).messages if "arkiveret" in each.text]
        assert len(lines) == 1
        town.sandbox.channel(TEKNIK).archived = False
        await town.posting.knock(TEKNIK)
        await town.settle()
        assert all("18 dage" in shown(card) for card in cards)


async def test_what_is_not_posted_yet_is_not_refreshed(database_url: str) -> None:
    async with bench(database_url, connected=False) as town:
        await town.keep_and_read(ABOUT_BIKES)
        async with town.database.begin() as store:
            owed = await store.posts.owed(TEKNIK)
        assert owed is not None
        await town.posting.refresh(owed.id)
        assert "chat.update" not in [method for method, _ in town.sandbox.calls]


async def test_a_failed_job_gives_way_to_the_one_that_waits(database_url: str) -> None:
    """Else it stays neither done nor waiting, and its lane stands still for ever."""
    async with bench(database_url, connected=False) as town:
        manager = town.jobs.job_manager
        await town.owe(acts.post_in(TEKNIK))
        running = await manager.fetch_job(queues=None, worker_id=await manager.register_worker())
        assert running is not None
        await town.owe(acts.post_in(TEKNIK))
        await manager.retry_job(running)
        waiting = list(await manager.list_jobs_async())
        assert [(job.task_name, job.status) for job in waiting] == [("post", "todo")]
        assert waiting[0].id != running.id


async def test_a_citizens_signs_are_nothing_but_text(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(HOSTILE, name=f"Foreningen {HOSTILE}", subject=HOSTILE)
        await town.receive(
            "<!channel> *vi* ved ikke", name=f"Klubben {HOSTILE}", number=2, sender="k@k.example"
        )
        everything = [
            message for channel in town.sandbox.space.channels.values() for message in channel.kept.values()
        ]
        assert len(everything) == 3
        for message in everything:
            assert "<!" not in message.text
            assert "<http" not in message.text
            assert _only_text(message)
        [card] = town.cards(TEKNIK)
        assert HOSTILE.replace("&amp;", "&") in shown(town.thread(card)[0]).replace("&amp;", "&")


def _only_text(message: Message) -> bool:
    kinds = {each["type"] for each in _objects(message.blocks) if "type" in each}
    mrkdwn = [each for each in _objects(message.blocks) if each.get("type") == "mrkdwn"]
    return not mrkdwn and not kinds & {"link", "broadcast", "usergroup", "channel", "user"}


def _objects(what: object) -> list[dict[str, object]]:
    if isinstance(what, dict):
        return [what, *(each for value in what.values() for each in _objects(value))]
    if isinstance(what, list):
        return [each for value in what for each in _objects(value)]
    return []
