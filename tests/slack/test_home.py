"""The home tab: what waits for a person, and how the hearing stands, before that person alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.outage import Outage, is_out_of_reach
from bot.sandbox.config import GroupSpec
from bot.sandbox.views import View
from bot.slack.api.board import Board
from bot.slack.app import client
from bot.slack.home import Homes
from bot.slack.views.home_view import Agenda, home
from bot.slack.views.split import units
from bot.slack.views.windows import reading
from handlers.talk.progress import State
from handlers.waiting import Bar, Glance, Unanswered, Waits
from storage.asked import About
from storage.database import Database
from tests.slack.bench import ABOUT_BIKES, VAGUE, Bench, bench, quick
from tests.slack.test_marks import hearing
from tests.slack.threads import marked
from tests.world import KOORD, TEKNIK, mail, plan, words

NOTHING = "Her er ikke noget, der venter på dig"
NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
GLANCE = Glance((), (), received=0, late=0, missing=0, unread=0, set_aside=0, not_posted=0)


def _waits(number: int = 1, state: State = State.NEW) -> Waits:
    return Waits(uuid4(), number, "Privatperson", "Teknik- og Miljøforvaltningen", state)


def _drawn(*agendas: Agenda, link: str = "https://by.example/archives/C1/p1") -> dict[str, Any]:
    return home(agendas, link=lambda _row: link, now=NOW)


async def _opened(town: Bench, name: str, saying: str) -> View:
    """Somebody's home tab, once they have opened it and it says this."""
    person = town.person(name)
    await person.open_home()

    def found() -> View | None:
        home = person.home()
        return home if home is not None and saying in words(home.blocks) else None

    return await town.until(found)


async def test_a_caseworker_sees_what_waits_in_their_channels_and_nothing_of_others(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        tim = await _opened(town, "tim", "Ét høringssvar venter på svar fra din forvaltning")
        assert "Nr. 1: Cyklistforeningen Lillerup" in words(tim.blocks)
        assert f"/archives/{TEKNIK}/p{card.ts.replace('.', '')}" in repr(tim.blocks)
        await _opened(town, "bent", NOTHING)


async def test_whoever_wrote_has_it_on_their_own_list_until_it_is_approved(database_url: str) -> None:
    async with bench(database_url) as town:
        _, _, draft = await marked(town)
        await _opened(town, "tim", "Du er i gang med ét høringssvar")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        await _opened(town, "tim", NOTHING)


async def test_an_approver_sees_what_waits_for_their_yes_and_not_their_own_words(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _, draft = await marked(town)
        tove = await _opened(town, "tove", "Én bemærkning venter på din godkendelse")
        link = f"/archives/{TEKNIK}/p{draft.ts.replace('.', '')}?thread_ts={card.ts}&cid={TEKNIK}"
        assert link in repr(tove.blocks)
        own = await town.person("tove").say(TEKNIK, "Jeg har også noget at sige.", thread=card)
        await town.person("tove").shortcut(own, "use_as_remark")
        await town.settle()
        tove = await _opened(town, "tove", "Du er i gang med ét høringssvar")
        assert "din godkendelse" not in words(tove.blocks)


async def test_a_coordinator_sees_the_hearing_at_a_glance_and_goes_to_the_question(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES, VAGUE)
        shown = words((await _opened(town, "karen", "Helhedsplan for Skovvej")).blocks)
        assert "2 høringssvar modtaget" in shown
        assert "0 af 1 klar" in shown
        assert "Nr. 2: Hvem skal svare?" in shown
        [question] = town.sandbox.channel(KOORD).messages
        karen = town.person("karen").home()
        assert karen is not None
        assert f"/archives/{KOORD}/p{question.ts.replace('.', '')}" in repr(karen.blocks)


async def test_from_the_home_tab_a_coordinator_reads_what_is_missing_and_makes_the_notat(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        karen, home = town.person("karen"), await _opened(town, "karen", "Lav notat")
        await karen.click(home, "home_missing")
        missing = await town.window(karen)
        assert "bemærkninger fra Teknik- og Miljø" in words(missing.blocks)
        await karen.close(missing)
        await karen.click(home, "home_notat")
        assert "Notatet bliver lavet" in words((await town.window(karen)).blocks)
        await town.settle()
        await town.settle()  # the notat is made first, and posted then
        await town.files(KOORD, ".docx")
        await karen.close(await town.window(karen))
        await karen.click(home, "home_final")
        assert "Mangler der noget" in words((await town.window(karen)).blocks)
        await town.settle()
        await town.settle()
        *_, refused = town.sandbox.channel(KOORD).messages
        assert "manglede alligevel" in words(refused.blocks)


async def test_a_tab_that_is_looked_at_is_drawn_again_when_something_happened(database_url: str) -> None:
    async with bench(database_url) as town:
        _, _, draft = await marked(town)
        await _opened(town, "tim", "Du er i gang")
        published = sum(method == "views.publish" for method, _ in town.sandbox.calls)
        await town.door.homes.refresh(["U0TIM"])
        assert sum(method == "views.publish" for method, _ in town.sandbox.calls) == published
        await town.person("tove").click(draft, "approve_remark")
        await town.heard()
        await town.door.homes.refresh(["U0TIM"])
        tim = town.person("tim").home()
        assert tim is not None
        assert NOTHING in words(tim.blocks)


async def test_tabs_go_on_being_drawn_after_the_database_was_away(caplog: pytest.LogCaptureFixture) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:9/nowhere")
    homes = Homes(away, Board(client("http://127.0.0.1:9/api/", "xoxb-made-up")), lambda: NOW, settles=0.0)
    with pytest.raises(Exception, match="Connection refused") as fault:
        await homes.opened("U0TIM")
    assert is_out_of_reach(fault.value)
    drawing = asyncio.create_task(homes.refresh_forever(outage=Outage()))
    homes.stir()
    async with asyncio.timeout(5):
        while "the database does not answer" not in caplog.text:  # noqa: ASYNC110  a log tells nobody
            await asyncio.sleep(0.01)
    assert not drawing.done()
    drawing.cancel()
    with suppress(asyncio.CancelledError):
        await drawing
    await away.close()


async def test_no_private_person_stands_by_name_in_a_home_tab(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.keep(mail(ABOUT_BIKES, name="Ole Bøgh Hansen", sender="ole@privat.example").as_bytes())
        await town.settle()
        for name in ("tim", "karen"):
            assert "Ole" not in repr((await _opened(town, name, "Nr. 1: Privatperson")).blocks)


async def test_approvers_may_be_a_group(database_url: str) -> None:
    seats = plan().departments
    grouped = replace(plan(), departments=(replace(seats[0], approvers=("S0GODKEND",)), seats[1]))
    group = GroupSpec(id="S0GODKEND", handle="godkendere", name="Godkendere", members=("U0TOVE",))
    async with bench(database_url, wanted=grouped, config=quick(groups=(group,))) as town:
        await marked(town)
        await _opened(town, "tove", "din godkendelse")


@pytest.mark.parametrize("many", [1, 2, 40])
def test_a_home_tab_keeps_slacks_limits_however_much_waits(many: int) -> None:
    waits = tuple(_waits(number) for number in range(many))
    asked = tuple(Unanswered(About.LATE, number, question_id=uuid4()) for number in range(many))
    bars = tuple(Bar(f"Forvaltning {number}", number, 1, 2 * many) for number in range(many))
    whole = replace(GLANCE, bars=bars, questions=asked, missing=many, late=many, set_aside=many)
    one = Agenda(hearing(NOW), waits, waits, waits, whole)
    view = _drawn(*[one] * many)
    assert len(view["blocks"]) <= 100
    texts = [each["text"]["text"] for each in view["blocks"] if each["type"] in {"section", "header"}]
    assert max(units(text) for text in texts) <= 3_000


def test_a_bar_is_full_only_when_all_is_done_and_never_empty_when_something_is() -> None:
    bars = (
        Bar("A", 0, 0, 99),
        Bar("B", 1, 2, 99),
        Bar("C", 98, 0, 99),
        Bar("D", 99, 0, 99),
        Bar("E", 0, 0, 0),
    )
    shown = words(_drawn(Agenda(hearing(NOW), glance=replace(GLANCE, bars=bars)))["blocks"])
    empty, full = "▱", "▰"
    for told in (
        f"{empty * 10}  0 af 99 klar", f"{full}{empty * 9}  1 af 99 klar, 2 til godkendelse",
        f"{full * 9}{empty}  98 af 99 klar", f"{full * 10}  99 af 99 klar", "Intet at svare på",
    ):  # fmt: skip
        assert told in shown


@pytest.mark.parametrize(("count", "told"), [(1, "1 handling i Slack"), (2, "2 handlinger i Slack")])
def test_what_people_did_in_slack_and_nobody_has_read_stands_at_a_glance(count: int, told: str) -> None:
    stuck = replace(GLANCE, acts_unread=count, acts_set_aside=count)
    shown = words(_drawn(Agenda(hearing(NOW), glance=stuck))["blocks"])
    assert f"{told} er ikke læst endnu og {told} kunne ikke læses. Spørg driften." in shown


def test_what_is_late_says_so_and_what_is_not_in_slack_yet_can_still_be_written() -> None:
    late = hearing(NOW)
    late.answer_deadline = NOW - timedelta(days=1)
    view = _drawn(Agenda(late, others=(_waits(),)), link="")
    assert "(overskredet)" in words(view["blocks"])
    assert "write_remark" in repr(view["blocks"])


def test_a_long_text_is_read_on_as_many_sections_as_it_needs() -> None:
    view = reading("Det mangler", "\n".join(["En linje om det, der mangler."] * 400))
    assert all(units(block["text"]["text"]) <= 3_000 for block in view["blocks"])
    assert len(view["blocks"]) > 2
