"""A Word file edited by hand comes back in the thread under its notat: kept, compared, never read in."""

from __future__ import annotations

import io

import pytest
from docx import Document
from sqlmodel import select

from bot.sandbox import Message
from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError
from bot.slack.posts import deliveries
from handlers.render import redline
from storage import blobs
from storage.models import PostKind
from storage.talk import SlackPost
from storage.version import HandedBack
from tests.slack.bench import Bench, bench
from tests.world import KOORD, TEKNIK

DOCX = "rettet.docx"


async def _notat(town: Bench) -> Message:
    """The message with the newest notat's files."""
    karen = town.person("karen")
    await karen.command("/hoering", "notat docx", channel=KOORD)
    await town.told("karen", KOORD, "Notatet bliver lavet")
    await town.settle()
    await town.settle()
    return [each for each in town.sandbox.channel(KOORD).messages if each.files][-1]


def _edited(docx: bytes, old: str, new: str) -> bytes:
    document, target = Document(io.BytesIO(docx)), io.BytesIO()
    (run,) = [run for each in document.paragraphs for run in each.runs if old in run.text]
    run.text = run.text.replace(old, new)
    document.save(target)
    return target.getvalue()


async def _kept(town: Bench) -> list[HandedBack]:
    async with town.database.begin() as store:
        return list((await store.session.execute(select(HandedBack))).scalars())


async def test_a_file_that_a_coordinator_edited_is_kept_compared_and_never_read_in(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(database_url) as town:
        head = await _notat(town)
        made = head.files[0].content
        back = _edited(made, "ny helhedsplan", "<god> helhedsplan")
        karen, gitte = town.person("karen"), town.person("gitte")
        await karen.upload(KOORD, DOCX, back, thread=head)
        await town.settle()
        await town.settle()
        _, told = town.sandbox.channel(KOORD).thread(head.ts)[1:]
        assert f"fra <@{karen.id}> er gemt ved siden af version 1" in told.text
        assert "Der er én ændring." in told.text
        assert "»ny« → »&lt;god&gt;«" in told.text
        assert "Intet af det er læst ind i høringen" in told.text
        page, tracked = told.files
        assert (page.name, tracked.name) == (
            "rettelser-skovvej-v1.html", "hoeringsnotat-skovvej-v1-rettet-i-haanden.docx",
        )  # fmt: skip
        assert "<del>ny </del><ins>&lt;god&gt; </ins>" in page.content.decode()
        body = Document(io.BytesIO(tracked.content)).element.body
        assert "<god>" in "".join("".join(each.itertext()) for each in body.iter("{*}ins"))
        for person, name, file in (
            (gitte, DOCX, back),
            (karen, "x.docx", b"Hej."),
            (karen, "x.pdf", b"%PDF"),
        ):
            await person.upload(KOORD, name, file, thread=head)
        await town.told("gitte", KOORD, "Det kan kun høringens koordinatorer gøre.")
        await town.told("karen", KOORD, "Filen er ikke et Word-dokument, der kan åbnes.")
        await town.settle()
        (kept,) = await _kept(town)
        assert (kept.name, kept.handed_by) == (DOCX, karen.id)
        async with town.database.begin() as store:
            (notat,) = await store.versions.all(town.hearing.id)
        assert notat.docx_sha256 == blobs.name_of(made)
        monkeypatch.setattr(redline, "_LONGEST", 0)  # as where the comparing program cannot run
        await karen.upload(KOORD, DOCX, _edited(made, "ny helhedsplan", "god plan"), thread=head)
        await town.settle()
        await town.settle()
        *_, told = town.sandbox.channel(KOORD).thread(head.ts)
        assert "En Word-fil med ændringerne sporet kunne ikke laves." in told.text
        assert [file.name for file in told.files] == ["rettelser-skovvej-v1.html"]


async def test_a_coordinator_gets_page_and_tracked_file_of_changes_alone(database_url: str) -> None:
    async with bench(database_url) as town:
        await _notat(town)
        karen = town.person("karen")
        await karen.command("/hoering", "tekst formål", channel=KOORD)
        form = await town.window(karen)
        await karen.submit(form, {("body", "text"): "Høringen har handlet om Skovvej."})
        await town.heard()
        await _notat(town)
        await karen.command("/hoering", "ændringer 1", channel=KOORD)
        answer = await town.told("karen", KOORD, "*Ændringer siden version 1*")
        assert "i en direkte besked om lidt" in answer.text
        await town.person("gitte").command("/hoering", "ændringer 1", channel=KOORD)
        assert "direkte besked" not in (await town.told("gitte", KOORD, "*Ændringer siden version 1*")).text
        await town.settle()
        await town.settle()
        (told,) = town.sandbox.space.direct(karen.id).messages
        assert [file.name for file in told.files] == [
            "aendringer-skovvej-v1.html", "hoeringsnotat-skovvej-v2-rettet-fra-v1.docx",
        ]  # fmt: skip
        assert "Word-filen er den nyeste version med ændringerne fra version 1 sporet." in told.text


async def test_the_internal_appendix_is_for_the_coordinator_who_asked_and_stands_in_no_channel(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.person("tim").command("/hoering", "notat bilag internt", channel=TEKNIK)
        await town.told("tim", TEKNIK, "Det kan kun høringens koordinatorer gøre.")
        await karen.command("/hoering", "notat bilag internt", channel=KOORD)
        await town.told("karen", KOORD, "sendes kun til dig")
        await town.settle()
        await town.settle()
        (told,) = town.sandbox.space.direct(karen.id).messages
        assert "også oplysninger om privatpersoner" in told.text
        assert told.files[0].name.startswith("hoeringsbilag-skovvej-intern-")
        assert not any(each.files for each in town.sandbox.channel(KOORD).messages)
        async with town.database.begin() as store:
            found = select(SlackPost).where(SlackPost.kind == PostKind.APPENDIX)
            post = (await store.session.execute(found)).scalar_one()
            (await store.hearings.by_id(town.hearing.id)).coordinators = ["U0TOVE"]
            refused = await deliveries.appendix(post, store=store)
        assert refused.uploads == ()


@pytest.mark.parametrize("url", ["https://slack.example/x.docx", "{}/files-pri/T-F0/x.docx", ""])
async def test_our_token_is_shown_to_nobody_but_slack(database_url: str, url: str) -> None:
    async with bench(database_url, connected=False) as town:
        board: Board = town.door.board
        with pytest.raises(RefusedError):
            await board.download(url.format(town.sandbox.api_url.removesuffix("/api/")), most=100)
