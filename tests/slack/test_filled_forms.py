"""What people write in our forms, and what comes of it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from sqlmodel import select

from bot.sandbox import Message
from bot.sandbox.views import View
from storage.models import InboxItem
from tests.slack.bench import Bench, bench
from tests.slack.threads import ANSWER, OTHER, approved, marked, remarks
from tests.world import KOORD, TEKNIK, shown, words


async def test_a_remark_written_in_the_form_is_drafted_and_can_be_corrected(database_url: str) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        await tim.submit(await town.window(tim), {"text": ANSWER})
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert ANSWER in shown(draft)
        await tim.click(draft, "edit_remark")
        form = await town.window(tim)
        assert ANSWER in words(tim.filled_in(form, "text"))
        await tim.submit(form, {"text": OTHER})
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        assert ANSWER not in shown(draft)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def _drafted_in_a_form(town: Bench) -> tuple[Message, Message]:
    """A card, and the draft of what Tim wrote with its button."""
    tim, card = town.person("tim"), await town.one_card()
    await tim.click(card, "write_remark")
    await tim.submit(await town.window(tim), {"text": ANSWER})
    await town.settle()
    [draft] = town.ours(card, "draft")
    return card, draft


async def test_a_form_never_overwrites_what_a_colleague_saved_meanwhile(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, draft = await _drafted_in_a_form(town)
        tim, tove = town.person("tim"), town.person("tove")
        for person in (tim, tove):
            await person.click(draft, "edit_remark")
        first, second = await town.window(tim), await town.window(tove)
        assert (await tove.submit(second, {"text": OTHER})).errors == {}
        await town.heard()
        answer = await tim.submit(first, {"text": "Noget helt tredje."})
        [error] = answer.errors.values()
        assert error.startswith("En kollega har gemt en nyere tekst")
        assert (await tim.submit(first, {"text": OTHER})).errors == {}
        await town.heard()
        [facts] = await remarks(town)
        assert words(facts.parts[0].content) == OTHER


async def test_a_form_is_as_new_as_when_it_came_in(database_url: str) -> None:
    async with bench(database_url) as town:
        await _drafted_in_a_form(town)
        [facts] = await remarks(town)
        async with town.database.begin() as store:
            kept = (await store.session.execute(select(InboxItem.received_at))).scalars().all()
        came_in = {each.astimezone(UTC).isoformat(timespec="microseconds") for each in kept}
        assert facts.parts[0].version in came_in


async def test_a_remark_that_has_grown_is_corrected_part_by_part(database_url: str) -> None:
    async with bench(database_url) as town:
        card, draft = await _drafted_in_a_form(town)
        tim, tove = town.person("tim"), town.person("tove")
        await tim.click(draft, "edit_remark")
        opened = await town.window(tim)
        second = await tim.say(TEKNIK, "Grus.", thread=card)
        await tim.shortcut(second, "use_as_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert "Sat sammen af 2 dele i denne rækkefølge." in shown(draft)
        await tove.click(draft, "edit_remark")
        form = await town.window(tove)
        assert "»Grus.«" in words(form.blocks)
        assert (await tim.submit(opened, {"text": OTHER})).errors == {}
        await town.heard()
        assert (await tove.submit(form, {(_field(form, "place 2"), "choice"): "1"})).errors == {}
        await town.heard()
        [facts] = await remarks(town)
        assert [words(part.content) for part in facts.parts] == ["Grus.", OTHER]
        await town.settle()
        draft = await town.draft(card, saying=OTHER)
        assert shown(draft).index("Grus.") < shown(draft).index(OTHER)


async def test_a_part_is_taken_out_in_the_form_and_marked_again(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        tim = town.person("tim")
        await tim.click(draft, "edit_remark")
        form = await town.window(tim)
        assert (await tim.submit(form, {(_field(form, "place 1"), "choice"): "0"})).errors == {}
        await town.settle()
        assert "Bemærkningen er tom og kommer ikke i notatet." in shown(town.ours(card, "draft")[0])
        await tim.shortcut(answer, "use_as_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert ANSWER in shown(draft)


def _field(form: View, opening: str) -> str:
    """The id of the field whose name begins so."""
    return next(str(each["block_id"]) for each in form.blocks if each["block_id"].startswith(opening))


async def test_a_long_text_stands_in_several_drafts_and_only_one_that_no_form_holds_is_sent_back(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        form = await town.window(tim)
        text = "x" * 5_000
        answer = await tim.submit(form, {"text": _paragraphs(*[text] * 4, "x")})
        assert answer.errors["body"].startswith("Teksten er længere end de 20000 tegn")
        assert await remarks(town) == []
        assert (await tim.submit(form, {"text": _paragraphs(*[text] * 4)})).errors == {}
        await town.settle()
        drafts = town.ours(card, "draft")
        assert sum(shown(each).count("x") for each in drafts) == 20_000
        assert len(drafts) > 1


def _paragraphs(*texts: str) -> Any:
    sections = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": f"{each}\n\n"}]} for each in texts
    ]
    return {"type": "rich_text", "elements": sections}


@pytest.mark.parametrize(("where", "count"), [("join", 1), ("new", 2)])
async def test_beside_a_draft_the_form_asks_whether_to_go_on_with_it(
    database_url: str, where: str, count: int
) -> None:
    async with bench(database_url) as town:
        card, _draft = await _drafted_in_a_form(town)
        tim = town.person("tim")
        await tim.click(card, "write_remark")
        form = await town.window(tim)
        await tim.submit(form, {"text": OTHER, "choice": where})
        await town.settle()
        assert len(await remarks(town)) == len(town.ours(card, "draft")) == count


async def test_an_empty_form_is_sent_back_with_a_sentence(database_url: str) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        answer = await tim.submit(await town.window(tim), {"text": _paragraphs(" ")})
        assert answer.errors == {"body": "Skriv en tekst."}
        await town.settle()
        assert await remarks(town) == []


async def test_a_summary_is_prefilled_written_and_written_again(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        for before, text in (("cykelsti langs hele Skovvej", "Ønsker en sti."), ("Ønsker en sti.", "Kort.")):
            await karen.command("/hoering", "resume 1", channel=KOORD)
            form = await town.window(karen)
            assert before in words(karen.filled_in(form, "text"))
            await karen.submit(form, {"text": text})
            await town.heard()
        async with town.database.begin() as store:
            submission = await store.submissions.by_number(town.hearing.id, 1)
            assert submission is not None
            newest = await store.submissions.summary(submission.id)
        assert newest is not None
        assert "Kort." in words(newest.content)


async def test_a_saved_summary_is_told_where_it_was_asked_for(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        await karen.command("/hoering", "resume 1", channel=KOORD)
        await karen.submit(await town.window(karen), {"text": "Kort."})
        await town.told("karen", KOORD, "Resuméet af høringssvar nr. 1 er gemt.")


async def test_who_is_no_coordinator_any_more_is_told_so_in_the_form(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        await karen.command("/hoering", "resume 1", channel=KOORD)
        summary = await town.window(karen)
        async with town.database.begin() as store:
            (await store.hearings.by_id(town.hearing.id)).coordinators = ["U0TOVE"]
        answer = await karen.submit(summary, {"text": "Kort."})
        assert answer.errors == {"body": "Det kan kun høringens koordinatorer gøre."}


async def test_a_party_without_a_name_is_sent_back(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        await karen.command("/hoering", "part 1", channel=KOORD)
        answer = await karen.submit(await town.window(karen), {("list_name", "text"): "  "})
        assert answer.errors == {"list_name": "Skriv partens navn."}
