"""The order of a remark's parts, and those that are taken out again."""

from __future__ import annotations

import pytest

from handlers.content import plain
from handlers.rules import Refusal, Why
from handlers.talk.mark import MOST_PARTS
from handlers.talk.sequence import OUT, sequence
from storage.database import Database
from storage.talk import Approval
from tests.handlers.building import Thread, known, threads


@pytest.mark.parametrize(
    ("places", "ordered"),
    [
        ({}, "abcd"),
        ({"d": 1}, "dabc"),
        ({"a": 4}, "bcda"),
        ({"a": 2, "b": 1}, "bacd"),
        ({"a": 3}, "bcad"),
        ({"b": OUT}, "acd"),
        ({"a": OUT, "d": 1}, "dbc"),
        ({"a": OUT, "b": OUT, "c": OUT, "d": OUT}, ""),
        ({"a": 2, "c": 2}, "bcad"),
        ({"z": 1}, "abcd"),
        ({"a": 20}, "bcda"),
    ],
)
def test_what_moves_stands_at_its_place_and_the_rest_around_it(places: dict[str, int], ordered: str) -> None:
    assert "".join(sequence("abcd", places)) == ordered


@pytest.fixture
async def park(database: Database) -> Thread:
    return (await threads(database))["park"]


async def _three(park: Thread) -> list[str]:
    """Three messages of one remark, by Svend, Pia and Svend."""
    for message, by in (("1.0", "U0SVEND"), ("2.0", "U0PIA"), ("3.0", "U0SVEND")):
        await park.mark(park.said(message, f"Del {message[0]}.", by=by))
    return ["1.0", "2.0", "3.0"]


async def _says(park: Thread) -> list[str]:
    return [plain(remark.content).replace("\n\n", " ") for remark in await park.remarks()]


async def test_parts_stand_in_the_order_they_were_given_and_later_ones_follow(park: Thread) -> None:
    await _three(park)
    [remark] = await park.remarks()
    await park.arrange(remark.remark_id, {"3.0": 1})
    await park.mark(park.said("4.0", "Del 4."))
    assert await _says(park) == ["Del 3. Del 1. Del 2. Del 4."]


async def test_a_part_taken_out_says_nothing_any_more_and_its_writer_may_approve(park: Thread) -> None:
    await _three(park)
    [remark] = await park.remarks()
    assert await park.approve(remark.remark_id) == Refusal(Why.OWN_REMARK)
    await park.arrange(remark.remark_id, {"2.0": OUT})
    assert await _says(park) == ["Del 1. Del 3."]
    assert isinstance(await park.approve(remark.remark_id), Approval)


async def test_a_part_taken_out_is_marked_again_as_the_last_or_alone(park: Thread) -> None:
    await _three(park)
    [remark] = await park.remarks()
    await park.arrange(remark.remark_id, {"1.0": OUT, "2.0": OUT})
    await park.mark(park.said("1.0", "Del 1."))
    await park.mark(park.said("2.0", "Del 2."), alone=True)
    assert await _says(park) == ["Del 3. Del 1.", "Del 2."]


async def test_another_order_after_approval_asks_again_and_the_notat_keeps_what_was_approved(
    park: Thread,
) -> None:
    await _three(park)
    [remark] = await park.remarks()
    await park.approve(remark.remark_id, by="U0POUL")
    await park.arrange(remark.remark_id, {"1.0": 3})
    await park.arrange(remark.remark_id, {"1.0": 3})
    [remark] = await park.remarks()
    assert remark.changed
    async with park.database.begin() as store:
        keys = await store.posts.keys_under(park.referral_id)
    assert sum(key.startswith("changed:") for key in keys) == 1
    [filed] = (await known(park.database)).submissions
    [laid] = [each for each in filed.referrals if each.referral.id == park.referral_id]
    assert len(laid.remarks[0].approvals) == 1
    await park.arrange(remark.remark_id, {"1.0": 1})
    assert not (await park.remarks())[0].changed


async def test_a_remark_with_as_many_parts_as_a_form_can_show_takes_no_more(park: Thread) -> None:
    for number in range(MOST_PARTS):
        await park.mark(park.said(f"{number}.5", f"Del {number}."))
    assert await park.try_mark(park.said("99.0", "En til.")) == Refusal(Why.TOO_MANY_PARTS)
