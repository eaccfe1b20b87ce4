"""What people do in Slack, and what comes of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import select

from bot.sandbox import Fault, Message
from handlers.progress import standing
from storage.models import How, InboxItem
from storage.remarks import RemarkFacts
from tests.slack.bench import VAGUE, Bench, bench
from tests.world import BOERN, KOORD, TEKNIK, open_hearing, plan, shown, words

ANSWER = "Forvaltningen er enig, og stien bliver bredere."
OTHER = "Stien bliver anlagt i 2031."


async def remarks(town: Bench) -> list[RemarkFacts]:
    """All remarks of the first submission."""
    async with town.database.begin() as store:
        submission = await store.submissions.by_number(town.hearing.id, 1)
        assert submission is not None
        referrals = await store.submissions.referrals(submission.id)
        return await store.remarks.of_referrals([each.id for each in referrals])


async def approved(town: Bench) -> list[str]:
    """The texts that stand approved."""
    approvals = [standing(each).approval for each in await remarks(town)]
    return [words(each.content) for each in approvals if each is not None]


async def answered(town: Bench, text: str = ANSWER) -> tuple[Message, Message]:
    """A card, and Tim's answer in its thread."""
    card = await town.one_card()
    answer = await town.person("tim").say(TEKNIK, text, thread=card)
    await town.heard()
    return card, answer


async def marked(town: Bench) -> tuple[Message, Message, Message]:
    """A card, Tim's answer, and the draft of it."""
    card, answer = await answered(town)
    await town.person("tim").shortcut(answer, "use_as_remark")
    await town.settle()
    [draft] = town.ours(card, "draft")
    return card, answer, draft


async def next_second() -> None:
    """Wait until Slack, which gives edits in whole seconds, gives another one."""
    await asyncio.sleep(1.0 - time.time() % 1.0)


async def hears_late(town: Bench, kind: str, on: Message, *, put: float, by: str = "U0TOVE") -> None:
    """Slack tells only now of a ✅ that was put, or taken away, at a moment."""
    item = {"type": "message", "channel": on.channel, "ts": on.ts}
    event = {"type": kind, "user": by, "reaction": "white_check_mark", "item": item, "event_ts": f"{put:.6f}"}
    body = {"type": "event_callback", "event_id": f"Ev{kind}{put}", "event": event}
    await town.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await town.settle()


def told(town: Bench, name: str, channel: str = TEKNIK) -> list[str]:
    return [each.text for each in town.person(name).ephemerals(channel)]


@pytest.mark.parametrize("mark", ["white_check_mark", "heavy_check_mark", "white_check_mark::skin-tone-3"])
async def test_an_approvers_check_mark_approves_the_reply(database_url: str, mark: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, mark)
        await town.settle()
        assert await approved(town) == [ANSWER]
        [facts] = await remarks(town)
        assert facts.approvals[0].how == How.REACTION
        assert ANSWER in shown(town.ours(card, "draft")[0])
        assert "Godkendt" in shown(card)


async def test_other_reactions_mean_nothing(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, "thumbsup")
        await town.settle()
        assert await remarks(town) == []
        assert told(town, "tove") == []


async def test_who_is_no_approver_is_told_so_and_nobody_else(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        await town.person("karen").react(answer, "white_check_mark")
        await town.heard()
        [whisper] = await town.until(lambda: town.person("karen").ephemerals(TEKNIK))
        assert whisper.text.startswith("Kun forvaltningens godkendere kan godkende.")
        assert whisper.thread_ts == card.ts
        assert await remarks(town) == []
        assert told(town, "tim") == told(town, "tove") == []


async def test_a_check_mark_taken_away_takes_the_approval_back(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        tove = town.person("tove")
        await tove.react(answer, "white_check_mark")
        await town.settle()
        await tove.unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == []
        await town.told("tove", TEKNIK, "Din godkendelse er trukket tilbage.")
        assert "Venter på godkendelse" in shown(town.ours(card, "draft")[0])


async def test_a_check_mark_of_another_taken_away_changes_nothing(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await town.person("tove").react(answer, "white_check_mark")
        await town.person("karen").react(answer, "white_check_mark")
        await town.heard()
        await town.person("karen").unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == [ANSWER]


async def test_a_check_mark_on_the_draft_approves_what_the_draft_shows(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tove").react(draft, "white_check_mark")
        await town.settle()
        assert await approved(town) == [ANSWER]
        await town.person("tove").unreact(draft, "white_check_mark")
        await town.settle()
        assert await approved(town) == []


async def test_a_check_mark_in_the_second_of_an_edit_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer = await answered(town)
        await next_second()
        await town.person("tim").edit(answer, OTHER)
        await town.person("tove").react(answer, "white_check_mark")
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        await town.settle()
        assert await remarks(town) == []


@pytest.mark.parametrize("on", ["message", "draft"])
async def test_a_check_mark_that_we_hear_of_late_is_no_yes_to_a_newer_text(
    database_url: str, on: str
) -> None:
    async with bench(database_url) as town:
        _card, answer, draft = await marked(town)
        put = time.time()
        await next_second()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        place = draft if on == "draft" else answer
        await hears_late(town, "reaction_added", place, put=put)
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        assert await approved(town) == []
        await next_second()
        await hears_late(town, "reaction_added", place, put=time.time())
        assert await approved(town) == [OTHER]


@pytest.mark.parametrize("on", ["message", "draft"])
async def test_a_check_mark_taken_away_is_void_though_we_hear_first_that_it_is_gone(
    database_url: str, on: str
) -> None:
    async with bench(database_url) as town:
        _card, answer, draft = await marked(town)
        put, place = time.time(), draft if on == "draft" else answer
        await hears_late(town, "reaction_removed", place, put=put + 1)
        assert told(town, "tove") == []
        await hears_late(town, "reaction_added", place, put=put)
        await town.told("tove", TEKNIK, "Du har taget dit ✅ væk igen")
        assert await approved(town) == []
        await hears_late(town, "reaction_added", place, put=put + 2)
        assert await approved(town) == [ANSWER]


async def test_taking_away_a_check_mark_that_a_newer_yes_replaced_is_not_told(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer = await answered(town)
        tove = town.person("tove")
        await tove.react(answer, "white_check_mark")
        await town.settle()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        await tove.click(town.ours(card, "draft")[0], "approve_remark")
        await town.settle()
        await tove.unreact(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == [OTHER]
        assert told(town, "tove") == []


async def test_a_check_mark_on_one_message_of_several_points_to_the_draft(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, _draft = await marked(town)
        second = await town.person("tim").say(TEKNIK, OTHER, thread=card)
        await town.person("tim").shortcut(second, "use_as_remark")
        await town.settle()
        await town.person("tove").react(answer, "white_check_mark")
        await town.told("tove", TEKNIK, "brug »Godkend« dér")
        assert await approved(town) == []


async def test_a_check_mark_on_the_card_approves_nothing_and_says_so(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        await town.person("tove").react(card, "white_check_mark")
        await town.told("tove", TEKNIK, "Her er ingen bemærkning at godkende.")


async def test_a_check_mark_in_another_channel_is_none_of_our_business(database_url: str) -> None:
    async with bench(database_url) as town:
        chat = await town.person("tim").say("kantine", "Kage kl. 14")
        await town.person("tim").react(chat, "white_check_mark")
        await town.settle()
        assert told(town, "tim", "kantine") == []


async def test_an_edit_after_approval_keeps_the_approved_text_and_is_told_in_the_thread(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.heard()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        assert await approved(town) == [ANSWER]
        assert standing((await remarks(town))[0]).changed
        assert len(town.ours(card, "changed")) == 1
        assert OTHER in shown(town.ours(card, "draft")[0])
        assert "Ændret efter godkendelse" in shown(card)


async def test_an_edit_before_approval_is_what_gets_approved(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, _draft = await marked(town)
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def test_a_deleted_reply_empties_its_draft_and_keeps_an_approval(database_url: str) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.heard()
        await town.person("tim").delete(answer)
        await town.settle()
        assert await approved(town) == [ANSWER]
        assert "Beskeden er slettet." in shown(town.ours(card, "draft")[0])


async def test_a_button_that_shows_an_older_text_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer, draft = await marked(town)
        old = replace(draft, blocks=[dict(each) for each in draft.blocks])
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        await town.person("tove").click(old, "approve_remark")
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        assert await approved(town) == []


async def test_a_double_click_approves_once(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        [facts] = await remarks(town)
        assert len(facts.approvals) == 1
        await town.told("tove", TEKNIK, "Bemærkningen er allerede godkendt af <@U0TOVE>.")


async def test_a_click_by_who_may_not_approve_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tim").click(draft, "approve_remark")
        await town.told("tim", TEKNIK, "Kun forvaltningens godkendere kan godkende.")
        assert await approved(town) == []


async def test_with_four_eyes_nobody_approves_their_own_words(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        own = await town.person("tove").say(TEKNIK, ANSWER, thread=card)
        await town.heard()
        await town.person("tove").shortcut(own, "approve_reply")
        await town.told("tove", TEKNIK, "at en anden end forfatteren godkender")
        assert await approved(town) == []


async def test_without_four_eyes_they_may(database_url: str) -> None:
    async with bench(database_url, wanted=replace(plan(), four_eyes=False)) as town:
        card = await town.one_card()
        own = await town.person("tove").say(TEKNIK, ANSWER, thread=card)
        await town.person("tove").shortcut(own, "approve_reply")
        await town.settle()
        assert await approved(town) == [ANSWER]


@pytest.mark.parametrize("shortcut", ["use_as_remark", "approve_reply"])
async def test_a_shortcut_outside_a_submissions_thread_is_refused(database_url: str, shortcut: str) -> None:
    async with bench(database_url) as town:
        await town.one_card()
        loose = await town.person("tim").say(TEKNIK, "Godmorgen")
        await town.person("tove").shortcut(loose, shortcut)
        await town.told("tove", TEKNIK, "Beskeden står ikke i tråden under et høringssvar.")
        assert await remarks(town) == []


async def test_two_messages_marked_make_one_remark_in_their_order(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _first, _draft = await marked(town)
        second = await town.person("tim").say(TEKNIK, OTHER, thread=card)
        await town.person("tim").shortcut(second, "use_as_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [f"{ANSWER} {OTHER}"]


async def test_what_is_said_and_never_marked_is_internal(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer = await answered(town)
        await town.settle()
        assert await remarks(town) == []
        assert "I arbejde" in shown(card)


async def test_a_remark_written_in_the_form_is_drafted_and_can_be_corrected(database_url: str) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        await tim.submit(await town.until(tim.modal), {"text": ANSWER})
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert ANSWER in shown(draft)
        await tim.click(draft, "edit_remark")
        form = await town.until(tim.modal)
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
    await tim.submit(await town.until(tim.modal), {"text": ANSWER})
    await town.settle()
    [draft] = town.ours(card, "draft")
    return card, draft


async def test_a_form_never_overwrites_what_a_colleague_saved_meanwhile(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, draft = await _drafted_in_a_form(town)
        tim, tove = town.person("tim"), town.person("tove")
        for person in (tim, tove):
            await person.click(draft, "edit_remark")
        first, second = await town.until(tim.modal), await town.until(tove.modal)
        assert (await tove.submit(second, {"text": OTHER})).errors == {}
        answer = await tim.submit(first, {"text": "Noget helt tredje."})
        assert answer.errors["body"].startswith("En kollega har gemt en nyere tekst")
        assert (await tim.submit(first, {"text": OTHER})).errors == {}
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


async def test_a_button_to_correct_a_remark_that_has_grown_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        card, draft = await _drafted_in_a_form(town)
        old = replace(draft, blocks=[dict(each) for each in draft.blocks])
        tim = town.person("tim")
        await tim.click(draft, "edit_remark")
        opened = await town.until(tim.modal)
        second = await tim.say(TEKNIK, OTHER, thread=card)
        await tim.shortcut(second, "use_as_remark")
        await town.settle()
        await town.person("tove").click(old, "edit_remark")
        await town.told("tove", TEKNIK, "Bemærkningen består nu af flere dele")
        assert town.person("tove").modal() is None
        answer = await tim.submit(opened, {"text": "Andet."})
        assert answer.errors["body"].startswith("Bemærkningen består nu af flere dele")
        assert "edit_remark" not in repr(town.ours(card, "draft")[0].blocks)


async def test_a_text_that_the_draft_cannot_show_in_full_is_sent_back(database_url: str) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        form = await town.until(tim.modal)
        answer = await tim.submit(form, {"text": "x" * 7_001})
        assert answer.errors["body"].startswith("Teksten er for lang")
        assert await remarks(town) == []
        assert (await tim.submit(form, {"text": "x" * 7_000})).errors == {}
        await town.settle()
        assert shown(town.ours(card, "draft")[0]).count("x") == 7_000


@pytest.mark.parametrize(("where", "count"), [("join", 1), ("new", 2)])
async def test_beside_a_draft_the_form_asks_whether_to_go_on_with_it(
    database_url: str, where: str, count: int
) -> None:
    async with bench(database_url) as town:
        card, _draft = await _drafted_in_a_form(town)
        tim = town.person("tim")
        await tim.click(card, "write_remark")
        form = await town.until(tim.modal)
        await tim.submit(form, {"text": OTHER, "choice": where})
        await town.settle()
        assert len(await remarks(town)) == len(town.ours(card, "draft")) == count


async def test_an_empty_form_is_sent_back_with_a_sentence(database_url: str) -> None:
    async with bench(database_url) as town:
        tim, card = town.person("tim"), await town.one_card()
        await tim.click(card, "write_remark")
        answer = await tim.submit(await town.until(tim.modal), {"text": _blank()})
        assert answer.errors == {"body": "Skriv en tekst."}
        await town.settle()
        assert await remarks(town) == []


def _blank() -> Any:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": " \n "}]}
    return {"type": "rich_text", "elements": [section]}


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


async def test_a_summary_is_prefilled_written_and_written_again(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        for before, text in (("cykelsti langs hele Skovvej", "Ønsker en sti."), ("Ønsker en sti.", "Kort.")):
            await karen.command("/hoering", "resume 1", channel=KOORD)
            form = await town.until(karen.modal)
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
        await karen.submit(await town.until(karen.modal), {"text": "Kort."})
        await town.told("karen", KOORD, "Resuméet af høringssvar nr. 1 er gemt.")


async def test_who_is_no_coordinator_any_more_is_told_so_in_the_form(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        await karen.command("/hoering", "resume 1", channel=KOORD)
        summary = await town.until(karen.modal)
        async with town.database.begin() as store:
            (await store.hearings.by_id(town.hearing.id)).coordinators = ["U0TOVE"]
        answer = await karen.submit(summary, {"text": "Kort."})
        assert answer.errors == {"body": "Det kan kun høringens koordinatorer gøre."}


async def test_a_party_without_a_name_is_sent_back(database_url: str) -> None:
    async with bench(database_url) as town:
        karen = town.person("karen")
        await town.one_card()
        await karen.command("/hoering", "part 1", channel=KOORD)
        answer = await karen.submit(await town.until(karen.modal), {("list_name", "text"): "  "})
        assert answer.errors == {"list_name": "Skriv partens navn."}


@pytest.mark.parametrize("fault", [Fault.REORDER, Fault.DUPLICATE])
async def test_events_twice_or_in_another_order_come_to_the_same(database_url: str, fault: Fault) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        town.sandbox.faults.at_rate("message", fault, rate=1.0)
        town.sandbox.faults.at_rate("reaction_added", fault, rate=1.0)
        tim, tove = town.person("tim"), town.person("tove")
        answer = await tim.say(TEKNIK, ANSWER, thread=card)
        await tim.edit(answer, OTHER)
        await next_second()
        await tove.react(answer, "white_check_mark")
        gone = await tim.say(TEKNIK, "Det var forkert.", thread=card)
        await tim.delete(gone)
        town.sandbox.faults.clear()
        await tim.say(TEKNIK, "Så er vi vist færdige.", thread=card)
        await town.settle()
        assert await approved(town) == [OTHER]
        [facts] = await remarks(town)
        assert not standing(facts).changed
        assert len(town.ours(card, "draft")) == 1
        async with town.database.begin() as store:
            last = await store.remarks.newest(facts.remark.referral_id, gone.ts)
        assert last is not None
        assert last.deleted
