"""A hearing becomes what its file says, however often it is applied and whatever moved in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import select

from handlers.hearing.apply import apply, shared_addresses, shared_names
from handlers.hearing.parties import fold
from handlers.hearing.plan import DepartmentPlan, Difference, HearingPlan, restored
from storage.database import Database
from storage.hearings import Seat
from storage.models import Hearing, PostKind
from storage.talk import SlackPost
from storage.words import HeadingForm, PartyKind, Refer
from tests.handlers.building import (
    ADDRESS,
    MONEY,
    NOW,
    PARK,
    PLAN,
    SCHOOL,
    applied,
    heard,
    keys,
    known,
    letter,
    mailed,
    received,
)

_TABLES = ("hearing", "hearing_address", "department", "hearing_department", "party", "party_alias")


async def _rows(database: Database) -> dict[str, list[str]]:
    async with database.engine.connect() as connection:
        return {
            table: sorted(row[0] for row in await connection.execute(text(f"SELECT t::text FROM {table} t")))  # noqa: S608
            for table in _TABLES
        }


async def _seats(database: Database) -> dict[str, Seat]:
    async with database.begin() as store:
        hearing = await store.hearings.by_key("plan")
        assert hearing is not None
        return {seat.key: seat for seat in await store.hearings.seats(hearing.id)}


async def _heard(database: Database) -> list[str]:
    return [party.list_name for party in (await known(database)).heard]


async def _answers(database: Database, name: str, address: str) -> str:
    """The party that a mail under this name and from this address is by."""
    before = {filed.submission.id for filed in (await known(database)).submissions}
    raw = letter(f"Træer til {name} fra {address}.", From=f"{name} <{address}>")
    await received(database, mailed(raw, sender=address))
    (new,) = [each for each in (await known(database)).submissions if each.submission.id not in before]
    return new.party.list_name


def _with(*departments: DepartmentPlan, owner: str = "park") -> HearingPlan:
    return replace(PLAN, departments=departments, owner=owner)


async def test_the_same_file_applied_again_changes_nothing(database: Database) -> None:
    plan = replace(PLAN, heard=(heard("Politiet", aliases=("Ternevig Politi",), mail=("p@politi.example",)),))
    await applied(database, plan)
    before = await _rows(database)
    await applied(database, plan)
    assert await _rows(database) == before
    assert all(before.values())


async def test_a_hearing_is_all_that_its_plan_says(database: Database) -> None:
    await applied(database)
    changed = replace(
        PLAN, title="En anden plan", four_eyes=False, heading_form=HeadingForm.X_KOMMENTARER,
        coordinators=("U0KAJ",), texts={"purpose": "Ro."}, addresses=("ny@ternevig.example",),
    )  # fmt: skip
    hearing = await applied(database, changed)
    assert restored(hearing.plan) == changed
    read = (await known(database)).hearing
    assert (read.title, read.four_eyes, read.coordinators) == ("En anden plan", False, ["U0KAJ"])
    assert (read.heading_form, read.texts) == (HeadingForm.X_KOMMENTARER, {"purpose": "Ro."})
    async with database.begin() as store:
        assert await store.hearings.addresses() == {"ny@ternevig.example": {hearing.id}}


async def test_numbers_go_on_when_a_hearing_is_applied_again(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter("Træer.")))
    await applied(database, replace(PLAN, title="Nyt navn"))
    await received(database, mailed(letter("Bænke.")))
    assert [filed.submission.number for filed in (await known(database)).submissions] == [1, 2]


async def test_departments_may_swap_channels_in_one_file(database: Database) -> None:
    await applied(database)
    swapped = _with(replace(PARK, channel="C0SKOLE"), replace(SCHOOL, channel="C0PARK"))
    await applied(database, swapped)
    seats = await _seats(database)
    assert (seats["park"].channel, seats["skole"].channel) == ("C0SKOLE", "C0PARK")


async def test_ownership_may_move_between_departments(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, owner="penge"))
    assert [seat.key for seat in (await _seats(database)).values() if seat.owner] == ["penge"]


async def test_departments_stand_in_the_order_of_the_file(database: Database) -> None:
    await applied(database)
    await applied(database, _with(MONEY, SCHOOL, PARK))
    assert [key for key, seat in (await _seats(database)).items() if not seat.retired] == [
        "penge", "skole", "park",
    ]  # fmt: skip


async def test_a_department_that_left_is_asked_no_more_until_it_returns(database: Database) -> None:
    await applied(database)
    before = (await _seats(database))["skole"]
    await applied(database, _with(PARK))
    assert (await _seats(database))["skole"].retired
    await received(database, mailed(letter("En sikker skolevej og flere træer.")))
    await applied(database, _with(PARK, replace(SCHOOL, approvers=("U0NY",))))
    back = (await _seats(database))["skole"]
    assert (back.id, back.retired, back.channel) == (before.id, False, "C0SKOLE")
    assert back.approvers == {"U0NY"}
    await received(database, mailed(letter("Skolevejen og træerne.")))
    assert [keys(filed) for filed in (await known(database)).submissions] == [["park"], ["park", "skole"]]


async def test_a_departments_channel_may_be_taken_over_when_it_leaves(database: Database) -> None:
    await applied(database)
    await applied(database, _with(replace(PARK, channel="C0SKOLE")))
    assert (await _seats(database))["park"].channel == "C0SKOLE"


async def test_hearings_may_share_an_address_and_that_is_shown(database: Database) -> None:
    first = await applied(database)
    other = replace(PLAN, key="anden", title="Anden", addresses=("fri@ternevig.example", ADDRESS))
    async with database.begin() as store:
        (shared,) = await shared_addresses(other, store=store)
        assert (shared.path, shared.after) == ("addresses", f"{ADDRESS} (shared with plan)")
        second = await apply(other, by="test", store=store, now=NOW)
        assert (await store.hearings.addresses())[ADDRESS] == {first.id, second.id}
    await applied(database, replace(other, addresses=("fri@ternevig.example",)))
    async with database.begin() as store:
        assert (await store.hearings.addresses())[ADDRESS] == {first.id}


async def test_an_address_that_one_hearing_gave_up_is_free_for_another(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, addresses=("ny@ternevig.example",)))
    other = await applied(database, replace(PLAN, key="anden"))
    async with database.begin() as store:
        assert (await store.hearings.addresses())[ADDRESS] == {other.id}


async def test_two_hearings_share_departments_and_channels(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",)))
    assert len((await _rows(database))["department"]) == 4
    assert len((await _rows(database))["hearing_department"]) == 8


async def _apply_heard(database: Database, *parties: Sequence[object]) -> Hearing:
    """Each party is given as its name, its aliases and its addresses."""
    plans = tuple(
        heard(str(name), aliases=tuple(aliases), mail=tuple(mail))  # type: ignore[arg-type]  # texts
        for name, aliases, mail in parties
    )
    return await applied(database, replace(PLAN, heard=plans))


async def test_a_heard_party_is_known_by_its_names_and_addresses(database: Database) -> None:
    await _apply_heard(database, ("Ternen", ("Ternen Nord",), ("post@ternen.example",)))
    assert await _answers(database, "Bo Å", "post@ternen.example") == "Ternen"
    assert await _answers(database, "ternen nord.", "nord@ternen.example") == "Ternen"
    assert await _answers(database, "Bo Å", "bo@borger.example") == "Bo Å"


async def test_a_heard_party_that_was_renamed_is_the_same_party(database: Database) -> None:
    await _apply_heard(database, ("Ternen", (), ("post@ternen.example",)))
    (before,) = (await known(database)).heard
    await _apply_heard(database, ("Foreningen Ternen", ("Ternen",), ()))
    (after,) = (await known(database)).heard
    assert (after.id, after.list_name) == (before.id, "Foreningen Ternen")


async def test_a_party_that_answered_before_it_was_heard_is_the_same_party(database: Database) -> None:
    await applied(database)
    assert await _answers(database, "Bo Å", "post@ternen.example") == "Bo Å"
    await _apply_heard(database, ("Ternen", (), ("post@ternen.example",)))
    (filed,) = (await known(database)).submissions
    assert (filed.party.list_name, filed.party.kind) == ("Ternen", PartyKind.FORENING)
    assert filed.party.heard_as == 0


async def test_a_party_that_left_the_file_is_no_longer_heard_and_keeps_its_answer(database: Database) -> None:
    await _apply_heard(database, ("Ternen", (), ("post@ternen.example",)), ("Lygten", (), ()))
    await _answers(database, "Ternen", "post@ternen.example")
    await _apply_heard(database, ("Lygten", (), ()))
    assert await _heard(database) == ["Lygten"]
    assert [filed.party.list_name for filed in (await known(database)).submissions] == ["Ternen"]


async def test_heard_parties_stand_in_the_order_of_the_file(database: Database) -> None:
    await _apply_heard(database, ("Ternen", (), ()), ("Lygten", (), ()), ("Broen", (), ()))
    await _apply_heard(database, ("Broen", (), ()), ("Ternen", (), ()), ("Lygten", (), ()))
    assert await _heard(database) == ["Broen", "Ternen", "Lygten"]


async def test_an_address_that_moves_to_another_party_moves_nobody_else(database: Database) -> None:
    mail = ("post@ternen.example",)
    await _apply_heard(database, ("Ternen", (), mail))
    for parties in ([("Ternen", (), ()), ("Lygten", (), mail)], [("Lygten", (), mail), ("Ternen", (), ())]):
        await _apply_heard(database, *parties)
        assert sorted(await _heard(database)) == ["Lygten", "Ternen"]
    assert await _answers(database, "Bo Å", "post@ternen.example") == "Lygten"


async def test_an_alias_may_become_a_party_of_its_own(database: Database) -> None:
    await _apply_heard(database, ("Ternen", ("Ternen Nord",), ()))
    (before,) = (await known(database)).heard
    await _apply_heard(database, ("Ternen Nord", (), ()), ("Ternen", (), ()))
    north, ternen = (await known(database)).heard
    assert (north.list_name, ternen.list_name, ternen.id) == ("Ternen Nord", "Ternen", before.id)
    assert await _answers(database, "Ternen Nord", "nord@ternen.example") == "Ternen Nord"


async def test_a_hearing_knows_its_own_parties_only(database: Database) -> None:
    await _apply_heard(database, ("Ternen", (), ("post@ternen.example",)))
    other = heard("Andre", mail=("post@ternen.example",))
    await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",), heard=(other,)))
    assert await _heard(database) == ["Ternen"]
    assert fold((await known(database, "anden")).heard[0].list_name) == "andre"


async def test_a_name_alone_does_not_make_a_sender_the_party_that_is_heard(database: Database) -> None:
    await applied(database)
    assert await _answers(database, "Ternens Boldklub", "ukendt@andet.example") == "Ternens Boldklub"
    await _apply_heard(database, ("Ternens Boldklub", (), ()))
    (filed,) = (await known(database)).submissions
    assert (filed.party.heard_as, filed.party.confirmed) == (None, False)
    assert (await known(database)).heard[0].confirmed


async def _posts(database: Database) -> dict[PostKind, SlackPost]:
    async with database.begin() as store:
        return {post.kind: post for post in (await store.session.execute(select(SlackPost))).scalars()}


async def _channels_to_post_in(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        wanted = text("SELECT args->>'channel' FROM procrastinate_jobs WHERE task_name = 'post'")
        return set((await connection.execute(wanted)).scalars())


async def _tell(database: Database, kind: PostKind, **facts: object) -> None:
    """What became of the post of a kind."""
    async with database.begin() as store:
        found = select(SlackPost).where(SlackPost.kind == kind)
        post = (await store.session.execute(found)).scalar_one()
        for name, value in facts.items():
            setattr(post, name, value)


async def test_what_is_owed_to_a_department_follows_it_to_its_corrected_channel(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter("Flere træer.")))
    await applied(database, _with(replace(PARK, channel="C0RET"), replace(MONEY, channel="C0PARK")))
    assert (await _posts(database))[PostKind.CARD].channel == "C0RET"
    assert "C0RET" in await _channels_to_post_in(database)


async def test_what_slack_refused_for_its_channel_is_owed_again_in_the_corrected_one(
    database: Database,
) -> None:
    await applied(database)
    await received(database, mailed(letter("Flere træer.")))
    await _tell(database, PostKind.CARD, refusal="not_in_channel", tried_at=NOW, tries=3)
    await applied(database, _with(replace(PARK, channel="C0RET")))
    card = (await _posts(database))[PostKind.CARD]
    assert (card.channel, card.refusal, card.tried_at, card.tries) == ("C0RET", "", None, 0)


@pytest.mark.parametrize(
    "facts",
    [{"tried_at": NOW}, {"tried_at": NOW, "ts": "1.2"}, {"refusal": "msg_too_long"}, {"dismissed_at": NOW}],
)
async def test_what_may_stand_in_the_old_channel_or_will_never_stand_stays(
    database: Database, facts: dict[str, object]
) -> None:
    await applied(database)
    await received(database, mailed(letter("Flere træer.")))
    await _tell(database, PostKind.CARD, **facts)
    await applied(database, _with(replace(PARK, channel="C0RET")))
    assert (await _posts(database))[PostKind.CARD].channel == "C0PARK"


async def test_questions_to_the_coordinators_follow_them_to_their_corrected_channel(
    database: Database,
) -> None:
    ask = replace(PLAN, refer=Refer.ASK)
    await applied(database, ask)
    await received(database, mailed(letter("Flere træer.")))
    await applied(database, replace(ask, coordination_channel="C0RET"))
    assert (await _posts(database))[PostKind.PLACEMENT].channel == "C0RET"
    assert "C0RET" in await _channels_to_post_in(database)


async def test_what_a_file_changes_in_other_hearings_too_is_told(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, key="anden", addresses=("fri@ternevig.example",)))
    renamed = _with(replace(PARK, name="Park og Natur", topics=("natur",)))
    async with database.begin() as store:
        assert await shared_names(PLAN, store=store) == ()
        told = await shared_names(renamed, store=store)
    assert told == (Difference("departments[park].name in anden", "Parkforvaltningen", "Park og Natur"),)
