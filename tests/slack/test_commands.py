"""What people type after /hoering, and what they alone are told."""

from __future__ import annotations

from dataclasses import replace

from tests.slack.bench import bench
from tests.world import KOORD, TEKNIK, open_hearing, plan

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
    ("tim", TEKNIK, "resume 1", "Det kan kun høringens koordinatorer gøre."),
    ("karen", KOORD, "resumé 7", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "resume", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "resume ²", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "resume 99999999999999999999", "Der er ikke noget høringssvar med det nummer."),
    ("karen", KOORD, "kaffe", "Den kommando kender jeg ikke."),
    ("tim", "kantine", "status", "Kanalen hører ikke til en høring"),
    ("karen", "kantine", "status", "1 høringssvar modtaget"),
)


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


async def test_a_channel_may_stand_by_its_name_in_the_hearing_file(database_url: str) -> None:
    named = replace(plan(), coordination_channel="#koordinering")
    async with bench(database_url, wanted=named) as town:
        await town.person("gitte").command("/hoering", "status", channel=KOORD)
        await town.told("gitte", KOORD, "0 høringssvar modtaget")


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
