from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.acknowledge import RECEIPT
from handlers.intake.kinship import Earlier, Relation, Why, numbers_in, receipts_in, relation
from templates import say

FOURTH, SIXTH, OTHERS = (UUID(int=number) for number in (4, 6, 99))
OWN = {4: FOURTH, 6: SIXTH}


def receipt(submission_id: UUID) -> str:
    return f"<{RECEIPT}{submission_id}@hoering.solvig.example>"


def judged(earlier: Earlier, *references: str, subject: str = "Havnen") -> Relation | None:
    return relation(earlier, subject=subject, references=references)


def test_the_first_mail_of_a_sender_belongs_to_nothing() -> None:
    assert judged(Earlier(), "<en@mail.example>", subject="SV: høringssvar nr. 6") is None


def test_an_answer_to_our_receipt_belongs_to_the_submission_it_confirmed() -> None:
    earlier = Earlier(own=OWN, receipts=frozenset({FOURTH}))
    assert judged(earlier, "<x@mail.example>", receipt(FOURTH)) == Relation(FOURTH, Why.ANSWERS)


def test_an_answer_to_their_own_earlier_mail_belongs_where_that_one_does() -> None:
    earlier = Earlier(own=OWN, mails={"<en@mail.example>": FOURTH})
    assert judged(earlier, "<en@mail.example>") == Relation(FOURTH, Why.ANSWERS)


def test_of_two_submissions_answered_the_first_reference_tells() -> None:
    earlier = Earlier(own=OWN, receipts=frozenset({FOURTH, SIXTH}))
    assert judged(earlier, receipt(SIXTH), receipt(FOURTH)) == Relation(SIXTH, Why.ANSWERS)


def test_a_neighbour_who_answers_a_forwarded_receipt_is_not_taken_for_the_party() -> None:
    earlier = Earlier(receipts=frozenset({OTHERS}))
    assert judged(earlier, receipt(OTHERS)) == Relation(OTHERS, Why.ANSWERS_AS_OTHER)


def test_what_the_sender_has_themselves_counts_before_what_another_has() -> None:
    earlier = Earlier(own=OWN, receipts=frozenset({OTHERS, FOURTH}))
    assert judged(earlier, receipt(OTHERS), receipt(FOURTH)) == Relation(FOURTH, Why.ANSWERS)


def test_a_receipt_of_a_submission_that_is_not_here_says_nothing() -> None:
    assert judged(Earlier(), receipt(uuid4())) is None


def test_a_reply_that_lost_its_references_is_known_by_our_receipts_subject() -> None:
    ours = say(
        "mail/submission.txt.j2",
        "subject",
        number=4,
        size=0,
        title="Forslag til lokalplan nr. 6, Havnegade 12",
    )
    assert judged(Earlier(own=OWN), subject=f"SV: {ours}") == Relation(FOURTH, Why.NUMBER)


def test_nobody_reaches_anothers_submission_by_its_number() -> None:
    assert judged(Earlier(), subject="SV: Kvittering: høringssvar nr. 6 – Havnen") is None


def test_a_new_mail_from_a_party_is_asked_about_by_its_newest_submission() -> None:
    assert judged(Earlier(own=OWN)) == Relation(SIXTH, Why.SAME_PARTY)


def test_a_new_mail_that_names_a_number_is_asked_about_by_that_submission() -> None:
    subject = "Tilføjelse til høringssvar nr. 4"
    assert judged(Earlier(own=OWN), subject=subject) == Relation(FOURTH, Why.SAME_PARTY)


@pytest.mark.parametrize(
    ("why", "sure"),
    [(Why.ANSWERS, True), (Why.NUMBER, True), (Why.ANSWERS_AS_OTHER, False), (Why.SAME_PARTY, False)],
)
def test_people_are_asked_unless_the_party_itself_answered(why: Why, *, sure: bool) -> None:
    assert Relation(SIXTH, why).is_sure is sure


@pytest.mark.parametrize(
    "subject",
    [
        "SV: Kvittering: høringssvar nr. 6 – Forslag til lokalplan nr. 607, Havnegade nr. 12",
        "Re: høringssvar nr 6",
        "Sv: nr. 6",
        "SV: #6",
        "SV: Høringssvar #6",
        "RE: Hoeringssvar nr.6",
        "SV: Kvittering (høringssvar nr. 6)",
        "SV: Bilag til nr. 6",
        "VS: SV: Kvittering: høringssvar nr. 6 – Havnen",
        "Re[2]: Kvittering: høringssvar nr. 6",
        "[EKSTERN] SV: Kvittering: høringssvar nr. 6",
        "AW: Kvittering: høringssvar\r\n nr. 6 – Havnen",
    ],
)
def test_the_number_is_read_in_the_subject_of_a_reply(subject: str) -> None:
    assert numbers_in(subject) == (6,)


@pytest.mark.parametrize(
    "subject",
    [
        "Kvittering: høringssvar nr. 6 – Havnen",
        "VS: Kvittering: høringssvar nr. 6 – Havnen",
        "Sverige: høringssvar nr. 6",
        "SV: Lokalplan nr. 6",
        "SV: Havnegade nr. 6",
        "SV: Havnegade 6",
        "SV: Høringssvar nr. 6A",
        "SV: Matr. nr. 6",
        "SV: matr.nr. 6",
        "SV: Sagsnr. 6",
        "SV: Sags-nr. 6",
        "SV: Sag nr. 2026-0123456",
        "SV: Høringssvar nr. 2026-0123456",
        "SV: Høringssvar 2026",
        "SV: Høring 6. marts",
        "SV: Høringssvar nr. 6.2",
        "SV: Høringssvar nr. 0",
        "SV: Høringssvar nr. 12345678",
        "SV: &#6;",
        "SV: Havnegade, nr. 6",
        "",
    ],
)
def test_no_other_number_is_taken_for_a_submissions(subject: str) -> None:
    assert numbers_in(subject) == ()


def test_several_numbers_come_in_their_order_and_once() -> None:
    assert numbers_in("SV: høringssvar nr. 7 og høringssvar nr. 3, svar på nr. 7") == (7, 3)


def test_receipts_are_known_among_other_references() -> None:
    references = ["<en@mail.example>", receipt(SIXTH), receipt(FOURTH).upper(), receipt(SIXTH)]
    assert receipts_in(references) == (SIXTH, FOURTH)


@pytest.mark.parametrize(
    "reference",
    [
        "<kvittering.6@hoering.solvig.example>",
        f"<kvittering.{FOURTH}>",
        f"kvittering.{FOURTH}@hoering.solvig.example",
        f"<x.kvittering.{FOURTH}@hoering.solvig.example>",
        f"<kvittering.{FOURTH}@a@b.example>",
    ],
)
def test_what_only_looks_like_a_receipt_is_none(reference: str) -> None:
    assert receipts_in([reference]) == ()


@given(st.text(), st.lists(st.text()))
def test_any_subject_and_references_are_read(subject: str, references: list[str]) -> None:
    assert all(number > 0 for number in numbers_in(f"SV: {subject}"))
    assert receipts_in(references) == ()
    assert judged(Earlier(), *references, subject=subject) is None


@pytest.mark.timeout(10)  # it would take minutes if it took longer for each sign
@pytest.mark.parametrize("piece", ["SV:", "[", "[a] ", "nr. ", "nr 1 ", "#", " ", "høringssvar ", "9"])
def test_an_endless_subject_costs_nothing(piece: str) -> None:
    numbers_in("SV: " + piece * 300_000)
    numbers_in(piece * 300_000)
