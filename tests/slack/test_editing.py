"""A coordinator puts the notat in order and writes its texts, in forms."""

from __future__ import annotations

from handlers.content import load, plain
from handlers.notat.layout import notat
from handlers.notat.order import in_order
from handlers.notat.remarks import answers
from storage.dossier import Dossier, dossier
from storage.words import TextName
from tests.slack.bench import ABOUT_BIKES, Bench, bench, now
from tests.slack.threads import ANSWER
from tests.world import KOORD, TEKNIK, words


async def _read(town: Bench) -> Dossier:
    async with town.database.begin() as store:
        hearing = await store.hearings.by_id(town.hearing.id)
        return await dossier(hearing, passages=True, store=store)


async def _printed(town: Bench) -> list[int]:
    return [filed.submission.number for filed in in_order(await _read(town))]


async def test_submissions_are_moved_one_after_the_other_in_the_same_form(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(*(f"{ABOUT_BIKES} Nummer {number}." for number in range(3)))
        karen = town.person("karen")
        await karen.command("/hoering", "rækkefølge", channel=KOORD)
        form = await town.window(karen)
        assert "journalnr. 3" in repr(form.blocks)
        await karen.submit(form, {("number", "text"): "3", ("place", "text"): "9"})
        form = await town.window(karen)
        assert "Pladserne går fra 1 til 3." in words(form.blocks)
        assert karen.filled_in(form, ("number", "text")) == "3"
        await karen.submit(form, {("place", "text"): "1"})
        again = await town.window(karen)
        assert "Rækkefølgen er sat i hånden" in repr(again.blocks)
        await karen.submit(again, {("number", "text"): "2", ("place", "text"): "2"})
        await town.heard()
        assert await _printed(town) == [3, 2, 1]
        await karen.command("/hoering", "rækkefølge regel", channel=KOORD)
        await town.told("karen", KOORD, "følger igen høringens regel")
        assert await _printed(town) == [1, 2, 3]


async def test_remarks_are_moved_and_headed_in_a_form(database_url: str) -> None:
    async with bench(database_url) as town:
        card, tove, karen = await town.one_card(), town.person("tove"), town.person("karen")
        for text in (ANSWER, "Og stien bliver bredere."):
            reply = await town.person("tim").say(TEKNIK, text, thread=card)
            await tove.react(reply, "white_check_mark")
            await town.settle()
        await karen.command("/hoering", "rækkefølge 1", channel=KOORD)
        form = await town.window(karen)
        second = [
            block["block_id"] for block in form.blocks if block.get("block_id", "").startswith("place 2")
        ]
        heading = second[0].replace("place 2", "heading")
        await karen.submit(form, {(second[0], "choice"): "1", (heading, "text"): "Om stien"})
        read = await _read(town)
        (filed,) = read.submissions
        assert [(answer.heading, plain(answer.body)) for answer in answers(filed, read)] == [
            ("Om stien", "Og stien bliver bredere."),
            ("Bemærkning fra Teknik- og Miljøforvaltningen", ANSWER),
        ]  # fmt: skip


async def test_a_text_is_written_in_a_form_and_only_by_coordinators(database_url: str) -> None:
    async with bench(database_url) as town:
        karen, tim = town.person("karen"), town.person("tim")
        await tim.command("/hoering", "tekst resumé", channel=TEKNIK)
        assert words((await town.window(tim)).blocks).startswith("Det kan kun høringens koordinatorer gøre.")
        await karen.command("/hoering", "tekst kaffe", channel=KOORD)
        view = await town.window(karen)
        assert words(view.blocks).startswith("Skriv, hvilken tekst du vil rette")
        await karen.close(view)
        await karen.command("/hoering", "tekst resumé", channel=KOORD)
        form = await town.window(karen)
        assert "ikke modtaget høringssvar" in words(karen.filled_in(form, "text"))
        await karen.submit(form, {"text": "Ingen har svaret."})
        await town.told("karen", KOORD, "Teksten »resumé« er gemt.")
        read = await _read(town)
        assert plain(load(read.edits.texts[TextName.RESUME].content)) == "Ingen har svaret."
        assert "Ingen har svaret." in repr(notat(read, version=1, at=now()))
