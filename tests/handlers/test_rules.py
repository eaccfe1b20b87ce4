"""Who may do what: approvers approve, four eyes see, coordinators coordinate."""

from __future__ import annotations

import pytest

from handlers.rules import Refusal, Why, may_approve, may_coordinate, may_withdraw, people
from templates import say


@pytest.mark.parametrize(
    ("person", "authors", "four_eyes", "answer"),
    [
        ("U0PIA", {"U0SVEND"}, True, None),
        ("U0PIA", {"U0PIA"}, False, None),
        ("U0PIA", {"U0SVEND", "U0PIA"}, True, Refusal(Why.OWN_REMARK)),
        ("U0SVEND", {"U0PIA"}, True, Refusal(Why.NOT_AN_APPROVER)),
        ("U0SVEND", {"U0SVEND"}, False, Refusal(Why.NOT_AN_APPROVER)),
        ("", set(), False, Refusal(Why.NOT_AN_APPROVER)),
    ],
)
def test_an_approver_says_yes_and_with_four_eyes_to_what_others_wrote(
    person: str, authors: set[str], *, four_eyes: bool, answer: Refusal | None
) -> None:
    assert may_approve(person, approvers={"U0PIA"}, authors=authors, four_eyes=four_eyes) == answer


def test_only_a_hearings_coordinators_coordinate_it() -> None:
    assert may_coordinate("U0KIM", ["U0KIM", "U0KAJ"]) is None
    assert may_coordinate("U0PIA", ["U0KIM"]) == Refusal(Why.NOT_A_COORDINATOR)


@pytest.mark.parametrize(
    ("person", "may"), [("U0PIA", True), ("U0POUL", True), ("U0KIM", True), ("U0SVEND", False)]
)
def test_who_said_yes_or_may_say_it_or_coordinates_takes_it_back(person: str, *, may: bool) -> None:
    found = may_withdraw(person, approver="U0PIA", approvers={"U0POUL"}, coordinators=["U0KIM"])
    assert found == (None if may else Refusal(Why.MAY_NOT_WITHDRAW))


def test_a_group_stands_for_its_members_and_an_unknown_one_for_nobody() -> None:
    groups = {"S0PARK": ["U0PIA", "U0POUL"], "S0TOM": []}
    assert people(["U0SIF", "S0PARK", "S0TOM"], groups) == {"U0SIF", "U0PIA", "U0POUL"}


@pytest.mark.parametrize("why", Why)
def test_every_no_has_a_danish_sentence(why: Why) -> None:
    sentence = say("slack/refusals.j2", why, refusal=Refusal(why, by="U0PIA", number=7))
    assert sentence.endswith(".")
    assert "\n" not in sentence
