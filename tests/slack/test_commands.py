"""What people type after /hoering, and what they alone are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox import Ephemeral, Message
from bot.slack.views import unfinished
from storage.words import TextName
from tests.slack.bench import ABOUT_BIKES, VAGUE, Bench, bench, quick
from tests.world import CONFIG, KOORD, TEKNIK, key_of, mail, open_hearing, plan, shown, words

_ASKED = (
    ("tim", TEKNIK, "", "Det kan du skrive"),
    ("tim", TEKNIK, "hjælp", "/hoering status"),
    ("tim", TEKNIK, "STATUS", "1 høringssvar modtaget, 1 fordelt."),
    ("tim", TEKNIK, "status", "0 af 1 godkendt, 1 ny"),
    (
        "tim",
        TEKNIK,
        "mangler",
        "Nr. 1, Cyklistforeningen Lillerup: resumé; bemærkninger fra Teknik- og Miljø",
    ),
    ("tim", TEKNIK, "notat", "Det kan kun høringens koordinatorer gøre."),
    ("karen", KOORD, "kaffe", "Den kommando kender jeg ikke."),
    ("tim", "kantine", "status", "Kanalen hører ikke til en høring"),
    ("karen", "kantine", "status", "1 høringssvar modtaget"),
)

_REFUSED = (
    ("tim", TEKNIK, "resume 1", "Det kan kun høringens koordinatorer gøre."),
    ("karen", KOORD, "resumé 7", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "resume", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "resume ²", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "part 99999999999999999999", "Der er ikke noget høringssvar med det nummer."),
    ("karen", "kantine", "rækkefølge 7", "Der er ikke noget høringssvar med det nummer."),
)


async def test_a_window_that_a_command_asks_for_says_why_it_holds_no_form(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        for name, channel, text, saying in _REFUSED:
            person = town.person(name)
            await person.command("/hoering", text, channel=channel)
            view = await town.window(person)
            assert words(view.blocks).startswith(saying)
            await person.close(view)
        assert town.sandbox.space.ephemerals == []


async def test_the_command_answers_only_who_asked(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        heard = town.sandbox.space.ephemerals
        for asked, (name, channel, text, saying) in enumerate(_ASKED):
            await town.person(name).command("/hoering", text, channel=channel)
            await town.until(lambda asked=asked: len(heard) > asked)  # type: ignore[misc]
            assert len(heard) == asked + 1
            assert saying in heard[-1].text
            assert (heard[-1].to, heard[-1].channel) == (
                town.person(name).id,
                town.sandbox.channel(channel).id,
            )


async def test_a_channel_may_stand_by_its_name_in_the_hearing_file_be_it_private(database_url: str) -> None:
    named = replace(plan(), coordination_channel="#koordinering")
    rooms = [replace(each, private=True, bot=True) if each.id == KOORD else each for each in CONFIG.channels]
    async with bench(database_url, wanted=named, config=quick(channels=tuple(rooms))) as town:
        gitte = town.person("gitte")
        await gitte.command("/hoering", "status", channel=KOORD)
        await town.told("gitte", KOORD, "0 høringssvar modtaget")
        asked = len(gitte.ephemerals(KOORD))
        await gitte.say(KOORD, f"Hvordan går det, <@{town.sandbox.space.config.bot_user}>?")
        mentioned = await town.until(lambda: gitte.ephemerals(KOORD)[asked:])
        assert "0 høringssvar modtaget" in shown(mentioned[0])


async def test_in_a_channel_of_several_hearings_the_command_names_the_one_it_means(database_url: str) -> None:
    async with bench(database_url) as town:
        other = replace(
            plan(), key="torvet", title="Plan for <Torvet>", addresses=("torvet@hoering.lillerup.example",),
            heard=(),
        )  # fmt: skip
        await open_hearing(town.database, other)
        tim = town.person("tim")
        await tim.command("/hoering", "status", channel=TEKNIK)
        await town.told(
            "tim", TEKNIK, "`skovvej` (Helhedsplan for Skovvej) eller `torvet` (Plan for &lt;Torvet&gt;)."
        )
        await tim.command("/hoering", "status torvet", channel=TEKNIK)
        await town.told("tim", TEKNIK, "*Plan for &lt;Torvet&gt;*")


async def test_a_final_notat_is_refused_with_the_way_to_what_is_missing_until_that_is_let_pass(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        karen = town.person("karen")
        await karen.command("/hoering", "notat endelig", channel=KOORD)
        told = await town.told("karen", KOORD, "Notatet kan ikke laves endeligt endnu.")
        link, *_ = [each["url"] for each in _buttons(told) if each.get("url")]
        card = town.card_now(TEKNIK, 1)
        assert card is not None
        assert link.endswith(f"/archives/{card.channel}/p{card.ts.replace('.', '')}")
        lets_pass = [each["value"] for each in _buttons(told) if each["action_id"] == unfinished.WAIVE]
        assert {value.split(" ", 1)[1].split("|")[0] for value in lets_pass} == {"no_summary", "no_remark"}
        for value in lets_pass:
            await karen.click(told, unfinished.WAIVE, value=value)
            form = await town.window(karen)
            assert list((await karen.submit(form, {("reason", "text"): " "})).errors) == ["reason"]
            assert (await karen.submit(form, {("reason", "text"): "Aftalt."})).errors == {}
            answer = await town.window(karen)
            assert words(answer.blocks).startswith("Begrundelsen er skrevet ned.")
            await karen.close(answer)
        async with town.database.begin() as store:
            waivers = await store.versions.waivers(town.hearing.id)
        assert {(each.reason, each.waived_by) for each in waivers} == {("Aftalt.", karen.id)}
        assert {each.finding for each in waivers} == {value.partition(" ")[2] for value in lets_pass}
        await karen.command("/hoering", "notat endelig pdf", channel=KOORD)
        await town.told("karen", KOORD, "Notatet bliver lavet")
        await _delivered(town)
        (shared,) = [each for each in town.sandbox.channel(KOORD).messages if each.files]
        assert [file.name for file in shared.files] == ["hoeringsnotat-skovvej-v1.pdf"]
        assert "set bort fra 2 forhold" in shared.text
        await karen.command("/hoering", "ændringer", channel=KOORD)
        await town.told("karen", KOORD, "*Ændringer siden version 1*")
        await karen.command("/hoering", "notat bilag", channel=KOORD)
        await town.told("karen", KOORD, "Bilaget bliver lavet")
        await _delivered(town)
        assert await town.files(KOORD, ".pdf", count=2)


async def test_each_thing_that_keeps_a_notat_from_being_final_leads_to_its_place(database_url: str) -> None:
    texts = {TextName.BACKGROUND.value: "Skrives af [navn]."}
    async with bench(database_url, wanted=replace(plan(), texts=texts)) as town:
        await town.receive(VAGUE)
        karen = town.person("karen")
        await karen.command("/hoering", "notat endelig", channel=KOORD)
        told = await town.told("karen", KOORD, "Notatet kan ikke laves endeligt endnu.")
        [question] = town.sandbox.channel(KOORD).messages
        (link,) = [each["url"] for each in _buttons(told) if each.get("url")]
        assert link.endswith(f"/archives/{question.channel}/p{question.ts.replace('.', '')}")
        for action, form in ((unfinished.TEXT, "text_form"), (unfinished.SUMMARY, "summary_form")):
            await karen.click(told, action)
            view = await town.window(karen)
            assert view.callback_id == form
            await karen.close(view)


async def test_what_comes_in_between_the_command_and_the_notat_is_refused_too_in_the_channel(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await karen.command("/hoering", "notat endelig", channel=KOORD)
        await town.told("karen", KOORD, "Notatet bliver lavet")
        await town.keep(mail(ABOUT_BIKES).as_bytes())
        await _delivered(town)
        (told,) = [each for each in town.sandbox.channel(KOORD).messages if key_of(each).startswith("notat:")]
        assert "manglede alligevel" in shown(told)
        assert "mangler et resumé" in shown(told)
        assert "U0KAREN" in repr(told.blocks)
        assert any(each.get("url") for each in _buttons(told))
        await karen.click(told, unfinished.SUMMARY)
        assert (await town.window(karen)).callback_id == "summary_form"
        async with town.database.begin() as store:
            assert await store.versions.all(town.hearing.id) == []


async def _delivered(town: Bench) -> None:
    """What was asked for is made, and then what that made us owe is posted."""
    await town.settle()
    await town.settle()


def _buttons(told: Ephemeral | Message) -> list[dict[str, Any]]:
    rows = [each for each in told.blocks if each["type"] == "actions"]
    return [button for row in rows for button in row["elements"]]
