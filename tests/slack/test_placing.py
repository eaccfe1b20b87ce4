"""Where a submission belongs, when the coordinator is asked."""

from __future__ import annotations

from tests.slack.bench import VAGUE, bench
from tests.world import BOERN, KOORD, TEKNIK, shown


async def test_the_coordinator_places_what_nobody_is_sure_of(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(VAGUE)
        karen = town.person("karen")
        [question] = town.sandbox.channel(KOORD).messages
        await karen.click(question, "departments", choose=["teknik", "boern"])
        await karen.click(question, "place")
        await town.settle()
        assert town.card_now(TEKNIK, 1) is not None
        assert town.card_now(BOERN, 1) is not None
        assert "Fordelt til" in shown(question)
        assert "place" not in str([each.get("elements") for each in question.blocks if "elements" in each])


async def test_placing_without_a_choice_or_a_right_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(VAGUE)
        [question] = town.sandbox.channel(KOORD).messages
        await town.person("gitte").click(question, "place")
        await town.told("gitte", KOORD, "Det kan kun høringens koordinatorer gøre.")
        await town.person("karen").click(question, "departments", choose=[])
        await town.person("karen").click(question, "place")
        await town.told("karen", KOORD, "Vælg mindst én forvaltning")
        assert not town.cards(TEKNIK)


async def test_placing_twice_refers_once(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(VAGUE)
        karen = town.person("karen")
        [question] = town.sandbox.channel(KOORD).messages
        await karen.click(question, "departments", choose=["teknik"])
        await karen.click(question, "place")
        await karen.click(question, "place")
        await town.told("karen", KOORD, "Høringssvar nr. 1 er allerede fordelt.")
        await town.settle()
        assert len(town.cards(TEKNIK)) == 1
