"""What is said in a thread, what of it becomes a remark, and who says yes to which exact text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from handlers.content import load, paragraphs
from handlers.notat.layout import notat
from handlers.notat.shape import Role, plain
from handlers.rules import Refusal, Why
from handlers.talk.approve import approve
from handlers.talk.collect import Said
from storage.database import Database
from storage.journal import JournalEntry
from storage.models import How, PostKind
from storage.talk import Approval, Reply
from tests.handlers.building import NOW, PARK, PLAN, Thread, known, threads

_WITH_DEPUTY = replace(PLAN, departments=(replace(PARK, deputies=("U0STINE",)), *PLAN.departments[1:]))


@pytest.fixture
async def park(database: Database) -> Thread:
    """The thread of one submission in the park department."""
    return (await threads(database))["park"]


async def _now(thread: Thread, message: str = "1.0") -> Reply:
    async with thread.database.begin() as store:
        newest = await store.remarks.newest(thread.referral_id, message)
    assert newest is not None
    return newest


async def _says(thread: Thread) -> list[str]:
    return [plain(remark.content) for remark in await thread.remarks()]


async def _printed(thread: Thread, key: str = "plan") -> list[str]:
    laid_out = notat(await known(thread.database, key), version=1, at=NOW)
    return [plain(chapter.body) for chapter in laid_out.chapters if chapter.role == Role.REMARK]


async def _posts(thread: Thread, kind: PostKind) -> int:
    async with thread.database.engine.connect() as connection:
        found = text("SELECT count(*) FROM slack_post WHERE kind = :kind")
        return int((await connection.execute(found, {"kind": kind.value})).scalar_one())


def _approved(outcome: Approval | Refusal) -> str:
    assert isinstance(outcome, Approval), outcome
    return plain(load(outcome.content))


# What is said


async def test_an_edit_is_a_new_version_and_the_old_one_stays(park: Thread) -> None:
    first = await park.say(park.said("1.0", "Ja."))
    second = await park.say(park.said("1.0", "Nej.", version="2.0"))
    assert (await _now(park)).id == second.id != first.id
    async with park.database.begin() as store:
        assert (await store.session.get_one(Reply, first.id)).content == first.content


async def test_an_older_version_never_replaces_a_newer_one(park: Thread) -> None:
    newer = await park.say(park.said("1.0", "Nej.", version="2.0"))
    assert (await park.say(park.said("1.0", "Ja."))).id == newer.id


async def test_words_that_come_back_count_even_when_what_was_between_is_told_last(park: Thread) -> None:
    await park.say(park.said("1.0", "Ja."))
    await park.say(park.said("1.0", "Ja.", version="3.0"))
    await park.say(park.said("1.0", "Nej.", version="2.0"))
    assert plain(load((await _now(park)).content)) == "Ja."


async def test_two_edits_in_one_second_may_be_told_again(park: Thread) -> None:
    for words in ("Ja.", "Nej.", "Ja.", "Nej."):
        await park.say(park.said("1.0", words, version="2.0"))
    assert plain(load((await _now(park)).content)) == "Nej."


async def test_nothing_brings_a_deleted_message_back(park: Thread) -> None:
    await park.say(park.said("1.0", "", version="2.0", deleted=True))
    for version in ("1.0", "2.0", "3.0"):
        await park.say(park.said("1.0", "Ja.", version=version))
    assert (await _now(park)).deleted
    await park.say(park.said("1.0", "", version="4.0", deleted=True))
    assert (await _now(park)).version == "2.0"


async def test_a_link_that_unfolds_changes_nothing(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Se planen."))
    await park.approve(remark)
    before, notices = await _now(park), await _posts(park, PostKind.NOTICE)
    unfolded = replace(park.said("1.0", "Se planen."), raw={"attachments": [{"title": "Planen"}]})
    assert (await park.say(unfolded)).id == before.id
    assert await _posts(park, PostKind.NOTICE) == notices == 0


async def test_who_is_mentioned_may_change_their_name_and_nothing_was_edited(park: Thread) -> None:
    said = replace(park.said("1.0", "Spørg Ida Bo."), raw={"text": "Spørg <@U0IDA>."})
    renamed = replace(said, content=paragraphs("Spørg Ida Holm."))
    remark = await park.mark(said)
    await park.say(renamed)
    assert _approved(await park.tick(renamed)) == "Spørg Ida Bo."
    await park.say(renamed)
    assert not (await park.remark(remark)).changed
    await park.say(replace(renamed, version="2.0"))
    assert (await park.remark(remark)).changed


async def test_the_card_is_drawn_again_when_somebody_writes(park: Thread) -> None:
    await park.say(park.said("1.0", "Ja."))
    async with park.database.begin() as store:
        card = await store.posts.card(park.referral_id)
    assert card is not None
    async with park.database.engine.connect() as connection:
        jobs = text("SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'refresh'")
        assert (await connection.execute(jobs)).scalars().all() == [f"refresh:{card.id}"]


# What of it is meant for the notat


async def test_talk_is_no_remark(park: Thread) -> None:
    await park.say(park.said("1.0", "Hvad siger I?"))
    assert await park.remarks() == []


async def test_a_marked_message_joins_the_remark_that_nobody_has_approved(park: Thread) -> None:
    first = await park.mark(park.said("1.0", "For det første."))
    assert await park.mark(park.said("2.0", "For det andet.")) == first
    assert await park.mark(park.said("1.0", "For det første.")) == first
    assert await _says(park) == ["For det første.\n\nFor det andet."]


async def test_after_an_approval_a_new_remark_begins(park: Thread) -> None:
    first = await park.mark(park.said("1.0", "Ja."))
    await park.approve(first)
    second = await park.mark(park.said("2.0", "Og mere."))
    assert second != first
    assert [remark.position for remark in await park.remarks()] == [1, 2]


async def test_a_message_alone_begins_a_remark_of_its_own(park: Thread) -> None:
    first = await park.mark(park.said("1.0", "Ja."))
    assert await park.mark(park.said("2.0", "Nej."), alone=True) != first
    assert await _says(park) == ["Ja.", "Nej."]


async def test_remarks_of_all_departments_have_places_of_their_own(database: Database) -> None:
    asked = await threads(database, "Vi ønsker flere træer. Vi ønsker en sikker skolevej.")
    both = [asked["park"], asked["skole"]]
    await asyncio.gather(*(thread.mark(thread.said("1.0", "Ja."), alone=True) for thread in both))
    positions = [remark.position for thread in both for remark in await thread.remarks()]
    assert sorted(positions) == [1, 2]


async def test_a_remark_follows_its_messages_until_it_is_approved(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    await park.say(park.said("1.0", "Nej.", version="2.0"))
    await park.mark(park.said("3.0", "Måske."))
    await park.say(park.said("3.0", "", version="4.0", deleted=True))
    assert plain((await park.remark(remark)).content) == "Nej."


@pytest.mark.parametrize("deleted", [True, False])
async def test_nothing_is_no_remark(park: Thread, *, deleted: bool) -> None:
    said = park.said("1.0", "", deleted=deleted)
    assert await park.try_mark(said) == Refusal(Why.EMPTY_REMARK)
    assert await park.tick(said) == Refusal(Why.EMPTY_REMARK)
    assert await park.remarks() == []


async def test_what_was_deleted_meanwhile_cannot_be_marked(park: Thread) -> None:
    await park.say(park.said("1.0", "", version="2.0", deleted=True))
    assert await park.try_mark(park.said("1.0", "Ja.")) == Refusal(Why.EMPTY_REMARK)


async def test_a_draft_of_each_remark_is_posted_once(park: Thread) -> None:
    await park.mark(park.said("1.0", "Ja."))
    await park.mark(park.said("2.0", "Nej."))
    await park.say(park.said("2.0", "Måske.", version="3.0"))
    await park.tick(park.said("4.0", "Alene."))
    assert await _posts(park, PostKind.DRAFT) == 2


async def test_two_who_mark_at_once_make_one_remark(park: Thread) -> None:
    marks = [park.mark(park.said(f"{number}.0", f"Nr. {number}.")) for number in range(1, 5)]
    assert len(set(await asyncio.gather(*marks))) == 1
    (said,) = await _says(park)
    assert sorted(said.split("\n\n")) == ["Nr. 1.", "Nr. 2.", "Nr. 3.", "Nr. 4."]


# Who says yes


async def test_an_approval_is_a_copy_of_one_exact_text(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Vi planter lind."))
    approval = await park.approve(remark)
    assert _approved(approval) == "Vi planter lind."
    assert isinstance(approval, Approval)
    assert (approval.approver, approval.how, approval.message) == ("U0PIA", How.BUTTON, "")
    await park.say(park.said("1.0", "Vi planter eg.", version="2.0"))
    stands = await park.remark(remark)
    assert stands.changed
    assert stands.approval is not None
    assert plain(load(stands.approval.content)) == "Vi planter lind."
    assert await _printed(park) == ["Vi planter lind."]


async def test_the_new_text_counts_when_it_too_is_approved(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Lind."))
    await park.approve(remark)
    await park.say(park.said("1.0", "Eg.", version="2.0"))
    assert _approved(await park.approve(remark, by="U0POUL")) == "Eg."
    assert await _printed(park) == ["Eg."]


async def test_every_change_after_approval_is_said_once_in_the_thread(park: Thread) -> None:
    await park.approve(await park.mark(park.said("1.0", "Lind.")))
    for _ in range(2):
        await park.say(park.said("1.0", "Eg.", version="2.0"))
    await park.say(park.said("1.0", "Bøg.", version="3.0"))
    assert await _posts(park, PostKind.NOTICE) == 2
    await park.say(park.said("1.0", "Lind.", version="4.0"))
    assert await _posts(park, PostKind.NOTICE) == 2
    assert not (await park.remarks())[0].changed


@pytest.mark.parametrize("person", ["U0SVEND", "U0SIF", "U0KIM"])
async def test_only_the_departments_approvers_approve(park: Thread, person: str) -> None:
    remark = await park.mark(park.said("1.0", "Ja.", by="U0SVEND"))
    assert await park.approve(remark, by=person) == Refusal(Why.NOT_AN_APPROVER)
    assert await park.tick(park.said("2.0", "Nej."), by=person) == Refusal(Why.NOT_AN_APPROVER)
    assert await _says(park) == ["Ja."]


async def test_nobody_approves_their_own_remark(park: Thread) -> None:
    own = await park.mark(park.said("1.0", "Ja.", by="U0PIA"))
    assert await park.approve(own) == Refusal(Why.OWN_REMARK)
    assert await park.tick(park.said("2.0", "Nej.", by="U0PIA")) == Refusal(Why.OWN_REMARK)
    assert _approved(await park.approve(own, by="U0POUL")) == "Ja."


async def test_nobody_approves_what_holds_a_message_of_theirs(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    await park.mark(park.said("2.0", "Og mere.", by="U0PIA"))
    assert await park.approve(remark) == Refusal(Why.OWN_REMARK)


@pytest.mark.parametrize("how", [How.REACTION, How.SHORTCUT])
async def test_one_message_of_several_does_not_approve_the_others(park: Thread, how: How) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    await park.mark(park.said("2.0", "Og mere."))
    assert await park.tick(park.said("1.0", "Ja."), how=how) == Refusal(Why.ONE_OF_SEVERAL)
    assert await _printed(park) == []
    assert _approved(await park.approve(remark)) == "Ja.\n\nOg mere."


async def test_a_message_is_the_whole_remark_again_when_the_others_are_deleted(park: Thread) -> None:
    await park.mark(park.said("1.0", "Ja."))
    await park.mark(park.said("2.0", "Og mere."))
    await park.say(park.said("2.0", "", version="3.0", deleted=True))
    assert _approved(await park.tick(park.said("1.0", "Ja."))) == "Ja."


async def test_nobody_approves_what_they_once_edited(park: Thread) -> None:
    form = "modal:V1"
    remark = await park.mark(park.said(form, "Ja.", version="1"))
    await park.say(park.said(form, "Ja, tak.", by="U0PIA", version="2"))
    await park.say(park.said(form, "Ja, mange tak.", by="U0POUL", version="3"))
    assert await park.approve(remark) == Refusal(Why.OWN_REMARK)
    assert await park.approve(remark, by="U0POUL") == Refusal(Why.OWN_REMARK)


async def test_without_four_eyes_an_approver_may_approve_their_own(database: Database) -> None:
    thread = (await threads(database, plan=replace(PLAN, four_eyes=False)))["park"]
    assert _approved(await thread.tick(thread.said("1.0", "Ja.", by="U0PIA"))) == "Ja."


async def test_whoever_marks_somebody_elses_words_is_not_their_author(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."), by="U0PIA")
    assert _approved(await park.approve(remark)) == "Ja."


async def test_what_changed_meanwhile_is_not_approved(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    seen = (await park.remark(remark)).digest
    await park.say(park.said("1.0", "Nej.", version="2.0"))
    assert await park.approve(remark, shown=seen) == Refusal(Why.CHANGED_MEANWHILE)
    assert await park.tick(park.said("1.0", "Ja.")) == Refusal(Why.CHANGED_MEANWHILE)
    assert await _printed(park) == []


async def test_what_is_approved_already_says_by_whom(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    await park.approve(remark)
    assert await park.approve(remark, by="U0POUL") == Refusal(Why.ALREADY_APPROVED, by="U0PIA")
    assert await park.tick(park.said("1.0", "Ja."), by="U0POUL") == Refusal(Why.ALREADY_APPROVED, by="U0PIA")


async def test_a_remark_whose_messages_are_gone_cannot_be_approved(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Ja."))
    await park.say(park.said("1.0", "", version="2.0", deleted=True))
    assert await park.approve(remark) == Refusal(Why.EMPTY_REMARK)


async def test_a_remark_that_never_was_cannot_be_approved(park: Thread) -> None:
    async with park.database.begin() as store:
        outcome = await approve(uuid4(), by="U0PIA", how=How.BUTTON, shown="", store=store, now=NOW)
    assert outcome == Refusal(Why.NOTHING_TO_APPROVE)


async def test_a_tick_marks_and_approves_in_one(park: Thread) -> None:
    approval = await park.tick(park.said("1.0", "Ja."))
    assert isinstance(approval, Approval)
    assert (approval.how, approval.message) == (How.REACTION, "1.0")
    assert await _printed(park) == ["Ja."]


@pytest.mark.parametrize("way", ["button", "tick"])
async def test_two_clicks_at_once_approve_once(park: Thread, way: str) -> None:
    said = park.said("1.0", "Ja.")
    remark = await park.mark(said)
    shown = (await park.remark(remark)).digest
    people = ("U0PIA", "U0POUL", "U0PIA")
    clicks = [
        park.approve(remark, by=person, shown=shown) if way == "button" else park.tick(said, by=person)
        for person in people
    ]
    outcomes = await asyncio.gather(*clicks)
    assert sum(isinstance(outcome, Approval) for outcome in outcomes) == 1
    assert {o.why for o in outcomes if isinstance(o, Refusal)} == {Why.ALREADY_APPROVED}


async def test_a_tick_while_the_message_is_edited_never_approves_unseen_words(park: Thread) -> None:
    said, edited = park.said("1.0", "Ja."), park.said("1.0", "Nej.", version="2.0")
    await park.say(said)
    outcome, _ = await asyncio.gather(park.tick(said), park.say(edited))
    assert outcome == Refusal(Why.CHANGED_MEANWHILE) or _approved(outcome) == "Ja."
    assert plain(load((await _now(park)).content)) == "Nej."


# Taking a yes back


async def test_taking_the_tick_away_takes_the_yes_back(park: Thread) -> None:
    await park.tick(park.said("1.0", "Ja."))
    assert [approval.message for approval in await park.untick("1.0")] == ["1.0"]
    assert await _printed(park) == []
    assert await park.untick("1.0") == []
    assert _approved(await park.tick(park.said("1.0", "Ja."))) == "Ja."


async def test_nobody_takes_back_what_another_approved(park: Thread) -> None:
    await park.tick(park.said("1.0", "Ja."))
    assert await park.untick("1.0", by="U0POUL") == []
    assert await park.untick("2.0") == []
    assert await _printed(park) == ["Ja."]


async def test_taking_a_tick_away_leaves_what_the_button_approved(park: Thread) -> None:
    await park.approve(await park.mark(park.said("1.0", "Ja.")))
    assert await park.untick("1.0") == []
    assert await _printed(park) == ["Ja."]


async def test_when_the_newest_yes_is_taken_back_no_older_one_comes_back(park: Thread) -> None:
    await park.approve(await park.mark(park.said("1.0", "Lind.")))
    await park.tick(park.said("1.0", "Eg.", version="2.0"), by="U0POUL")
    assert await _printed(park) == ["Eg."]
    assert len(await park.untick("1.0", by="U0POUL")) == 1
    assert await _printed(park) == []
    assert (await park.remarks())[0].approval is None


async def test_taking_back_a_yes_that_a_newer_one_replaced_changes_nothing(park: Thread) -> None:
    await park.tick(park.said("1.0", "Lind."))
    await park.say(park.said("1.0", "Eg.", version="2.0"))
    [remark] = await park.remarks()
    await park.approve(remark.remark_id, by="U0POUL")
    assert await park.untick("1.0") == []
    assert await _printed(park) == ["Eg."]


@pytest.mark.parametrize("person", ["U0PIA", "U0POUL", "U0STINE", "U0KIM"])
async def test_approver_other_approvers_their_deputies_and_coordinators_take_a_yes_back(
    database: Database, person: str
) -> None:
    park = (await threads(database, plan=_WITH_DEPUTY))["park"]
    remark = await park.mark(park.said("1.0", "Ja."))
    approval = await park.approve(remark)
    assert isinstance(approval, Approval)
    assert await park.withdraw(approval.id, by="U0SVEND") == Refusal(Why.MAY_NOT_WITHDRAW)
    assert isinstance(await park.withdraw(approval.id, by=person), Approval)
    assert await _printed(park) == []
    assert (await park.remark(remark)).taken_back_by == person
    assert await park.withdraw(approval.id) == Refusal(Why.NOT_STANDING)
    assert _approved(await park.approve(remark, by="U0STINE")) == "Ja."


async def test_a_click_that_is_read_after_the_yes_was_taken_back_approves_nothing(park: Thread) -> None:
    remark = await park.mark(park.said("1.1", "Vi er enige."))
    approval = await park.approve(remark)
    assert isinstance(approval, Approval)
    clicked_at = park.at
    await park.withdraw(approval.id)
    assert await park.approve(remark, clicked_at=clicked_at) == Refusal(Why.OVERTAKEN)
    assert isinstance(await park.approve(remark), Approval)


async def test_a_button_takes_back_the_yes_it_stood_under_and_no_newer_one(park: Thread) -> None:
    remark = await park.mark(park.said("1.0", "Lind."))
    older = await park.approve(remark)
    assert isinstance(older, Approval)
    await park.say(park.said("1.0", "Eg.", version="2.0"))
    await park.approve(remark, by="U0POUL")
    assert await park.withdraw(older.id) == Refusal(Why.NOT_STANDING)
    assert await _printed(park) == ["Eg."]


async def test_a_tick_told_of_late_does_not_say_again_what_was_taken_back_with_the_button(
    park: Thread,
) -> None:
    said, put = park.said("1.0", "Ja."), park.at + timedelta(seconds=30)
    found = await park.tick(said, at=park.at)
    assert isinstance(found, Approval)
    await park.withdraw(found.id)
    assert await park.tick(said, at=put) == Refusal(Why.TAKEN_BACK, by="U0PIA")
    assert await _printed(park) == []
    assert _approved(await park.tick(said)) == "Ja."


async def test_a_tick_that_was_taken_away_is_void_even_when_we_hear_of_it_last(park: Thread) -> None:
    put = NOW + timedelta(hours=1)
    assert await park.untick("1.0", at=put + timedelta(seconds=2)) == []
    assert await park.tick(park.said("1.0", "Ja."), at=put) == Refusal(Why.TAKEN_BACK)
    assert await park.remarks() == []
    assert _approved(await park.tick(park.said("1.0", "Ja."), at=put + timedelta(seconds=3))) == "Ja."


async def test_only_ones_own_later_removal_from_the_same_message_voids_a_tick(park: Thread) -> None:
    put = NOW + timedelta(hours=1)
    await park.untick("1.0", by="U0POUL", at=put + timedelta(seconds=2))
    await park.untick("2.0", at=put + timedelta(seconds=2))
    await park.untick("1.0", at=put - timedelta(seconds=2))
    assert _approved(await park.tick(park.said("1.0", "Ja."), at=put)) == "Ja."


async def test_a_removal_told_late_leaves_the_tick_that_was_put_after_it(park: Thread) -> None:
    put = NOW + timedelta(hours=1)
    await park.tick(park.said("1.0", "Ja."), at=put)
    assert await park.untick("1.0", at=put - timedelta(seconds=2)) == []
    assert await _printed(park) == ["Ja."]


@pytest.mark.parametrize(("edited", "counts"), [(-1, True), (0, False), (1, False)])
async def test_a_tick_approves_only_what_stood_when_it_was_put(
    park: Thread, *, edited: int, counts: bool
) -> None:
    put = NOW + timedelta(milliseconds=700)
    said = park.said("1.0", "Ja.", version=f"{int(NOW.timestamp()) + edited}.000000")
    outcome = await park.tick(said, at=put)
    assert isinstance(outcome, Approval) if counts else outcome == Refusal(Why.CHANGED_MEANWHILE)
    assert len(await park.remarks()) == int(counts)


async def test_a_shortcut_approves_the_message_as_it_carries_it_whenever_it_was_edited(park: Thread) -> None:
    said = park.said("1.0", "Ja.", version=f"{int(NOW.timestamp()) + 3600}.000000")
    assert _approved(await park.tick(said, how=How.SHORTCUT)) == "Ja."


async def test_a_remark_whose_yes_was_taken_back_is_joined_again(park: Thread) -> None:
    await park.tick(park.said("1.0", "Ja."))
    await park.untick("1.0")
    await park.mark(park.said("2.0", "Og mere."))
    assert await _says(park) == ["Ja.\n\nOg mere."]


async def test_the_journal_tells_who_did_what_and_never_what_was_said(park: Thread) -> None:
    await park.tick(park.said("1.0", "Hemmeligt."))
    await park.say(park.said("1.0", "Hemmeligere.", version="2.0"))
    await park.untick("1.0")
    async with park.database.begin() as store:
        entries = (await store.session.execute(select(JournalEntry).order_by("id"))).scalars().all()
    assert [(entry.act, entry.actor) for entry in entries][-4:] == [
        ("marked", "U0PIA"), ("approved", "U0PIA"), ("changed_after_approval", "U0SVEND"),
        ("approval_withdrawn", "U0PIA"),
    ]  # fmt: skip
    assert "emmelig" not in repr(entries)


# Events in any order


@dataclass(frozen=True)
class Told:
    """Something Slack tells of the thread, at any time and perhaps twice."""

    message: str
    version: str
    words: str
    deleted: bool = False


HISTORY = (
    Told("1.0", "1.0", "Ja."),
    Told("1.0", "3.0", "Nej."),
    Told("1.0", "5.0", "Ja."),
    Told("2.0", "2.0", "Og lind."),
    Told("2.0", "6.0", "Og eg."),
    Told("3.0", "3.0", "Glem det."),
    Told("3.0", "7.0", "", deleted=True),
    Told("4.0", "4.0", "Blot tale."),
)
_keys = (f"plan{number}" for number in count())


def _said(thread: Thread, told: Told) -> Said:
    return thread.said(told.message, told.words, version=told.version, deleted=told.deleted)


async def _heard_in(order: Sequence[Told], database: Database) -> tuple[list[str], list[str]]:
    """What the remark says, and what is printed, when things are told in this order."""
    key = next(_keys)
    plan = replace(PLAN, key=key, addresses=(f"{key}@ternevig.example",))
    thread = (await threads(database, plan=plan))["park"]
    marks = (HISTORY[0], HISTORY[3])
    for told in marks:
        remark = await thread.mark(_said(thread, told))
    await thread.approve(remark)
    for told in order:
        await thread.say(_said(thread, told))
    return await _says(thread), await _printed(thread, key)


@given(order=st.permutations(HISTORY), again=st.lists(st.sampled_from(HISTORY), max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_events_in_any_order_and_told_again_give_the_same_notat(
    database: Database, order: list[Told], again: list[Told]
) -> None:
    told = await _heard_in([*order, *again], database)
    assert told == (["Ja.\n\nOg eg."], ["Ja.\n\nOg lind."])
