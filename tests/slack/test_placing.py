"""Where a submission belongs, when the coordinator is asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from handlers.annex.shape import READER
from handlers.routing.whence import whence
from storage import blobs
from storage.models import FileText
from storage.words import Outcome, Refer
from tests.slack.bench import VAGUE, Bench, bench
from tests.world import BOERN, KOORD, TEKNIK, plan, shown

LETTER = "Vi har flere punkter.\n\nDer mangler parkering ved\nhallen. Der er for mørkt om aftenen."


async def knows(town: Bench, text: str) -> bytes:
    """The bytes of a file whose text is known before it comes."""
    raw = text.encode()
    sha256 = hashlib.sha256(raw).hexdigest()
    async with town.database.begin() as store:
        await blobs.keep([raw], session=store.session)
        read = FileText(blob_sha256=sha256, outcome=Outcome.TEXT, text=text, reader=READER)
        await store.files.keep_texts([read])
    return raw


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


async def test_the_coordinator_sees_what_speaks_in_a_file_and_that_the_text_goes_on(
    database_url: str,
) -> None:
    async with bench(database_url, wanted=replace(plan(), refer=Refer.ASK)) as town:
        raw = await knows(town, LETTER)
        await town.receive(f"{VAGUE} " * 200, files=(("brev.pdf", raw),))
        [question] = town.sandbox.channel(KOORD).messages
        assert "Der mangler parkering ved hallen. (i filen »brev.pdf«)" in shown(question)
        assert "Filer: brev.pdf" in shown(question)
        assert "Hele høringssvaret ligger som fil i tråden." in shown(question)
        assert len(json.dumps(question.blocks)) < 9_000
        [whole] = await town.until(lambda: town.thread(question))
        assert whole.files[0].content.decode().count("tanker") == 200
        await town.person("karen").click(question, "place")
        await town.settle()
        [card] = town.cards(TEKNIK)
        assert "Der mangler parkering ved hallen. (i filen »brev.pdf«)" in shown(card)


def test_a_passage_that_stands_in_the_mail_itself_is_nobodys_file() -> None:
    files = [("a.pdf", "Andet."), ("b.pdf", "Stien  er\nfor smal ved broen.")]
    assert whence("Stien er for smal", "Stien er for smal.", files) == ""
    assert whence("… er for smal …", "Noget andet.", files) == "b.pdf"
    assert whence("Findes ikke.", "Noget andet.", files) == ""
