"""A message beside the threads gets a gentle hint, and one click takes it where it belongs."""

from __future__ import annotations

from bot.sandbox import Ephemeral, Message
from bot.slack.views.strays import Asked, offered
from handlers.talk.progress import State
from handlers.waiting import Waits
from storage.columns import ordered_id
from tests.slack.bench import ABOUT_BIKES, VAGUE, Bench, bench
from tests.slack.threads import ANSWER, OTHER, approved, remarks
from tests.world import BOERN, KOORD, TEKNIK, shown, words

HINT = "lad mig lægge beskeden derind"
MORE_BIKES = "Cykelsti ved skolen mangler."


def _hints(town: Bench, name: str, channel: str = TEKNIK) -> list[Ephemeral]:
    return [each for each in town.person(name).ephemerals(channel) if HINT in shown(each)]


async def test_one_click_takes_a_message_from_the_channel_into_its_thread(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        tim = town.person("tim")
        await tim.say(TEKNIK, ANSWER)
        hint = await town.told("tim", TEKNIK, HINT)
        await tim.click(hint, "attach:0")
        await town.told("tim", TEKNIK, "Beskeden står nu i tråden under høringssvar nr. 1.")
        await town.settle()
        [copy] = town.ours(card, "attached")
        assert ANSWER in shown(copy)
        assert "U0TIM" in repr(copy.blocks)
        assert "I arbejde" in shown(card)
        await tim.click(copy, "use_said")
        await town.settle()
        [draft] = town.ours(card, "draft")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [ANSWER]
        [facts] = await remarks(town)
        assert facts.parts[0].author == "U0TIM"


async def test_the_same_message_goes_into_one_thread_only(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES, MORE_BIKES)
        tim = town.person("tim")
        await tim.say(TEKNIK, ANSWER)
        hint = await town.told("tim", TEKNIK, HINT)
        await tim.click(hint, "attach:0")
        await town.told("tim", TEKNIK, "høringssvar nr. 2")
        await tim.click(hint, "attach:1")
        await town.told("tim", TEKNIK, "Beskeden står allerede i en tråd.")
        await town.settle()
        cards = town.cards(TEKNIK)
        assert sorted(len(town.ours(card, "attached")) for card in cards) == [0, 1]


async def test_a_message_that_is_gone_goes_nowhere(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        tim = town.person("tim")
        message = await tim.say(TEKNIK, ANSWER)
        hint = await town.told("tim", TEKNIK, HINT)
        await tim.delete(message)
        await tim.click(hint, "attach:0")
        await town.told("tim", TEKNIK, "Beskeden er slettet")
        await town.settle()
        assert town.ours(card, "attached") == []


async def test_nobody_is_asked_twice_an_hour_and_nobody_where_nothing_is_open(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        tim = town.person("tim")
        for text in (ANSWER, "Kaffe?", "Jeg henter kage."):
            await tim.say(TEKNIK, text)
        await town.person("bent").say(BOERN, ANSWER)
        await town.person("karen").say(KOORD, ANSWER)
        await town.person("tove").say(TEKNIK, ANSWER)
        await town.told("tove", TEKNIK, HINT)
        await town.heard()
        assert len(_hints(town, "tim")) == 1
        assert (_hints(town, "bent", BOERN), _hints(town, "karen", KOORD)) == ([], [])
        assert await town.unread() == 0


async def test_a_mention_in_a_thread_is_answered_with_the_card_as_it_stands(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        tim = town.person("tim")
        await tim.say(TEKNIK, "<@U0SANDBOX> hvor langt er vi?", thread=card)
        told = await town.told("tim", TEKNIK, "Status")
        assert told.thread_ts == card.ts
        assert "Høringssvar nr. 1" in shown(told)
        await tim.click(told, "write_remark")
        assert "Bemærkning" in words((await town.window(tim)).source)


async def test_a_mention_elsewhere_is_answered_with_help_and_the_hearings_state(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES, VAGUE)
        for name, channel in (("karen", KOORD), ("tim", TEKNIK)):
            await town.person(name).say(channel, "<@U0SANDBOX> hjælp")
            told = await town.told(name, channel, "Det kan du skrive")
            assert "2 høringssvar modtaget" in shown(told)
        assert _hints(town, "tim") == []


def test_a_message_that_names_a_number_is_offered_that_one_and_else_the_newest() -> None:
    rows = [Waits(ordered_id(), number, "Foreningen", "Teknik", State.NEW) for number in range(9, 0, -1)]
    assert [row.number for row in offered(rows, text="Til høringssvar nr. 3: ja, og nr 7")] == [7, 3]
    assert [row.number for row in offered(rows, text="Vi er enige.")] == [9, 8, 7, 6, 5]


def test_who_was_asked_in_one_channel_may_be_asked_in_another() -> None:
    asked = Asked()
    assert asked.ask("U0TIM", TEKNIK)
    assert not asked.ask("U0TIM", TEKNIK)
    assert asked.ask("U0TIM", BOERN)
    assert asked.ask("U0TOVE", TEKNIK)
    asked.forget("U0TIM", TEKNIK)
    assert asked.ask("U0TIM", TEKNIK)


async def test_what_its_author_does_with_the_message_later_counts_in_the_thread(database_url: str) -> None:
    async with bench(database_url) as town:
        card, message, copy = await _attached(town)
        tim = town.person("tim")
        await tim.click(copy, "use_said")
        await tim.edit(message, OTHER)
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        assert OTHER in shown(town.ours(card, "attached")[0])
        await tim.delete(message)
        await town.settle()
        assert ANSWER not in shown(town.ours(card, "attached")[0])
        assert OTHER not in shown(town.ours(card, "draft")[0])


async def test_the_copy_is_used_and_approved_as_the_message_would_be(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _message, copy = await _attached(town)
        tove = town.person("tove")
        await tove.react(copy, "white_check_mark")
        await town.told("tove", TEKNIK, "Et ✅ på kopien tæller ikke.")
        await tove.shortcut(copy, "approve_reply")
        await town.settle()
        assert await approved(town) == [ANSWER]
        await tove.shortcut(town.ours(card, "draft")[0], "use_as_remark")
        await town.told("tove", TEKNIK, "Den besked er skrevet af mig.")


async def test_whoever_followed_the_hint_is_shown_it_again(database_url: str) -> None:
    async with bench(database_url) as town:
        await _attached(town)
        assert _hints(town, "tim") == []
        await town.person("tim").say(TEKNIK, "Svar nr. 1: Der kommer også lys.")
        await town.told("tim", TEKNIK, HINT)


async def _attached(town: Bench) -> tuple[Message, Message, Message]:
    """The card, a message beside its thread, and the copy in it."""
    card = await town.one_card()
    tim = town.person("tim")
    message = await tim.say(TEKNIK, ANSWER)
    await tim.click(await town.told("tim", TEKNIK, HINT), "attach:0")
    await town.told("tim", TEKNIK, "Beskeden står nu i tråden")
    await town.settle()
    [copy] = town.ours(card, "attached")
    return card, message, copy
