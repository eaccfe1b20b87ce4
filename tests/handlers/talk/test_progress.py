"""How far a remark and a referral have come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from handlers.content import digest, dump, paragraphs
from handlers.talk.progress import Standing, State, approvers, standing, state
from storage.ending import NoRemarks
from storage.endings import Ends
from storage.models import How
from storage.remarks import RemarkFacts
from storage.talk import Approval, Remark, Reply
from tests.handlers.building import NOW, texts


def _facts(*said: str, approved: tuple[str, ...] = (), writers: tuple[str, ...] = ()) -> RemarkFacts:
    """A remark of messages (one that is deleted is empty), and the texts that were approved in turn."""
    remark = Remark(submission_id=uuid4(), referral_id=uuid4(), position=3, begun_by="U0SVEND", begun_at=NOW)
    parts = tuple(
        Reply(
            referral_id=remark.referral_id, message=str(number), version="1", author="U0SVEND",
            content=dump(paragraphs(text)), digest="", raw={}, deleted=not text, seen_at=NOW,
        )
        for number, text in enumerate(said)
    )  # fmt: skip
    approvals = tuple(
        Approval(
            remark_id=remark.id, content=dump(paragraphs(text)), digest=digest(paragraphs(text)),
            approver=f"U{number}", how=How.BUTTON, approved_at=NOW + timedelta(minutes=number),
        )
        for number, text in enumerate(approved)
    )  # fmt: skip
    return RemarkFacts(remark, parts, approvals, frozenset(writers))


def _stands(*said: str, approved: tuple[str, ...] = ()) -> Standing:
    return standing(_facts(*said, approved=approved))


def _reopened(said: str) -> Standing:
    """Approved once, and the approval was taken back."""
    facts = _facts(said, approved=("Ja.",))
    return standing(replace(facts, withdrawn={facts.approvals[0].id: "U0"}))


def test_a_remark_says_what_its_messages_say_in_the_order_they_were_marked() -> None:
    remark = _stands("Ja.", "", "Og nej.")
    assert texts([(block,) for block in remark.content]) == ["Ja.", "Og nej."]
    assert remark.digest == digest(paragraphs("Ja.\n\nOg nej."))
    assert remark.position == 3


def test_whoever_began_a_remark_or_wrote_in_it_is_its_author() -> None:
    assert standing(_facts("Ja.", writers=("U0PIA", "U0POUL"))).authors == {"U0SVEND", "U0PIA", "U0POUL"}


def test_the_last_approval_counts() -> None:
    remark = _stands("Ja.", approved=("Nej.", "Ja."))
    assert remark.approval is not None
    assert remark.approval.approver == "U1"
    assert not remark.changed
    assert _stands("Ja.", approved=("Ja.", "Nej.")).changed


def test_once_the_last_approval_is_taken_back_none_counts() -> None:
    facts = _facts("Ja.", approved=("Ja.", "Ja."))
    older, newest = (approval.id for approval in facts.approvals)
    assert standing(replace(facts, withdrawn={newest: "U0"})).approval is None
    assert standing(replace(facts, withdrawn={older: "U0"})).approval is not None


def test_what_stands_approved_counts_though_its_moment_is_before_that_there_are_none() -> None:
    remark, later = _stands("Ja.", approved=("Ja.",)), NOW + timedelta(minutes=9)
    none = NoRemarks(referral_id=remark.referral_id, said_by="U0PIA", settled=True, said_at=later)
    assert state([remark], talked=True, ends=Ends(declined=(none,))) == State.APPROVED
    assert state([_stands("Ja.")], talked=True, ends=Ends(declined=(none,))) == State.NO_REMARKS


def test_a_remark_is_void_only_when_nothing_is_left_that_anybody_said_yes_to() -> None:
    assert _stands("").void
    assert not _stands("Ja.").void
    assert not _stands("", approved=("Ja.",)).void
    assert _stands("", approved=("Ja.",)).changed


@pytest.mark.parametrize(
    ("remarks", "talked", "reached"),
    [
        ([], False, State.NEW),
        ([], True, State.IN_PROGRESS),
        ([_stands("")], True, State.IN_PROGRESS),
        ([_stands("Ja.")], False, State.TO_APPROVE),
        ([_stands("Ja.", approved=("Ja.",))], True, State.APPROVED),
        ([_stands("Ja.", approved=("Ja.",)), _stands("Nej.")], True, State.TO_APPROVE),
        ([_stands("Ja.", approved=("Ja.",)), _stands("")], True, State.APPROVED),
        ([_stands("Ja!", approved=("Ja.",)), _stands("Nej.")], True, State.TO_APPROVE),
        ([_stands("Ja!", approved=("Ja.",)), _stands("Nej.", approved=("Nej.",))], True, State.CHANGED),
        ([_stands("", approved=("Ja.",))], True, State.CHANGED),
        ([_reopened("Ja.")], True, State.REOPENED),
        ([_reopened("Ja."), _stands("Nej.")], True, State.REOPENED),
        ([_reopened("")], True, State.IN_PROGRESS),
    ],
)
def test_a_referral_is_as_far_as_the_remark_that_lags_behind(
    remarks: list[Standing], *, talked: bool, reached: State
) -> None:
    assert state(remarks, talked=talked) == reached


def test_approvers_are_named_once_each_in_order() -> None:
    twice = [_stands("Ja.", approved=("Ja.",)), _stands("Nej."), _stands("Ja!", approved=("Ja!",))]
    assert approvers([*twice, _stands("Jo.", approved=("Nå.", "Jo."))]) == ("U0", "U1")
