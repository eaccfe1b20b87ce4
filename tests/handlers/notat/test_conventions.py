"""What a real notat does, one convention a test, told from facts in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from handlers.content import Item, Listing, Run
from handlers.notat.remarks import in_order
from handlers.notat.shape import Role, plain
from storage.asked import FollowUp, Verdict
from storage.dossier import Filed
from storage.edits import Edits
from storage.questions import Followed
from storage.words import Channel, HeadingForm, Layout, Order, PartyKind, TextName
from templates import genitive
from tests.handlers.building import NOW
from tests.handlers.notat.cases import Town, headings, told, under

RECEIVED, RESUME = "Modtagne høringssvar", "Resumé"


def _ids(*filed: Filed) -> tuple[UUID, ...]:
    return tuple(each.submission.id for each in filed)


def _listed(town: Town, *filed: Filed, edits: Edits | None = None) -> list[str]:
    return under(told(town.dossier(*filed, edits=edits)), RECEIVED).split("\n\n")[1].splitlines()


def test_a_hand_goes_before_the_rule_and_the_list_says_so() -> None:
    town = Town(order=Order.PORTAL_FIRST)
    mail, portal = town.filed("Mailens Klub", channel=Channel.MAIL), town.filed("Portalens Klub")
    assert _listed(town, mail, portal) == ["1. Portalens Klub", "1. Mailens Klub (besvaret via mail)"]
    edits = Edits(submissions=_ids(mail))
    assert _listed(town, mail, portal, edits=edits)[0] == "1. Mailens Klub (besvaret via mail)"
    lead = under(told(town.dossier(mail, portal, edits=edits)), RECEIVED)
    assert lead.startswith(
        "Der er modtaget følgende 2 høringssvar, nummereret i den rækkefølge, de er gengivet"
    )


@pytest.mark.parametrize(
    ("name", "its"),
    [
        ("Socialforvaltningen", "Socialforvaltningens"), ("Børnehus", "Børnehus’"), ("Pax", "Pax’"),
        ("Fritz", "Fritz’"), ("SOF", "SOF’s"), ("BUF", "BUF’s"), ("Børne- og Ungdomsforvaltningen", None),
        ("Dansk Idræt (DI)", "Dansk Idræt (DI)’s"), ("Havnens Klub 1924", "Havnens Klub 1924’s"),
        ("Team OS", "Team OS’s"), ("Forening A", "Forening A’s"),
    ],
)  # fmt: skip
def test_a_name_that_ends_in_s_x_z_initials_or_a_sign_takes_an_apostrophe(name: str, its: str | None) -> None:
    assert genitive(name) == (its or f"{name}s")


def test_forms_of_headings_follow_the_hearing_and_the_register() -> None:
    town = Town(form=HeadingForm.X_KOMMENTARER, departments=[("Børne- og Ungdomsforvaltningen", ())])
    filed = town.filed("Klub", town.laid("Ja.", "Ja.\n\nNej."))
    assert headings(told(town.dossier(filed)), Role.REMARK) == [
        "Børne- og Ungdomsforvaltningens kommentar", "Børne- og Ungdomsforvaltningens kommentarer",
    ]  # fmt: skip


def test_a_genitive_from_the_register_goes_before_the_rule() -> None:
    town = Town(form=HeadingForm.X_BEMAERKNINGER)
    laid = town.laid("Ja.")
    own = replace(laid, seat=replace(laid.seat, genitive="Parkens"))
    for seated, heading in ((laid, "Parkforvaltningens bemærkning"), (own, "Parkens bemærkning")):
        assert headings(told(town.dossier(town.filed("Klub", seated))), Role.REMARK) == [heading]


def test_a_department_may_come_again_in_an_order_made_by_hand() -> None:
    town = Town()
    filed = town.filed("Klub", town.laid("A.", "B."), town.laid("C.", to=1))
    ids = {
        plain_of: facts.remark.id
        for plain_of, (_, facts) in zip("ABC", in_order(filed, Edits()), strict=True)
    }
    edits = Edits(
        remarks={filed.submission.id: (ids["A"], ids["C"], ids["B"])},
        headings={ids["C"]: "Bemærkning om skolen"},
    )
    chapters = [c for c in told(town.dossier(filed, edits=edits)) if c.role == Role.REMARK]
    assert [(c.heading, plain(c.body)) for c in chapters] == [
        ("Bemærkning fra Parkforvaltningen", "A."), ("Bemærkning om skolen", "C."),
        ("Bemærkning fra Parkforvaltningen", "B."),
    ]  # fmt: skip


def test_a_remark_nobody_put_in_order_comes_after_those_that_were() -> None:
    town = Town()
    filed = town.filed("Klub", town.laid("A.", "B.", "C."))
    _, _, last = [facts.remark.id for _, facts in in_order(filed, Edits())]
    edits = Edits(remarks={filed.submission.id: (last,)})
    said = [plain(c.body) for c in told(town.dossier(filed, edits=edits)) if c.role == Role.REMARK]
    assert said == ["C.", "A.", "B."]


def test_numbers_of_groups_and_weights_are_counted_and_named_apart() -> None:
    town = Town()
    committees = [town.party(name, PartyKind.LOKALUDVALG, heard_as=n, group="Lokaludvalg i Ternevig")
                  for n, name in enumerate(("Havnen", "Mosen"))]  # fmt: skip
    schools = town.party("skolebestyrelserne", PartyKind.RAAD, heard_as=2)
    schools.weight = 12
    body = under(
        told(town.dossier(heard=[*committees, schools])), "Hørte myndigheder, organisationer og borgere"
    )
    assert body == (
        "Høringen er sendt til følgende 14 parter:\n\n"
        "Lokaludvalg i Ternevig (Havnen og Mosen) og skolebestyrelserne."
    )


def test_what_was_taken_back_or_came_too_late_is_counted_below_the_list() -> None:
    town = Town()
    gone = town.filed("Klub")
    over = FollowUp(
        hearing_id=town.hearing.id, submission_id=gone.submission.id, item_id=1, content_key="",
        message_id="", subject="", text="", rest="", flaws=[], received_at=NOW,
    )  # fmt: skip
    gone = Filed(
        gone.submission, gone.party, None, (), (), followed=(Followed(over, Verdict.WITHDRAWN, "U0KIM"),)
    )
    body = under(told(town.dossier(gone, town.filed("Anden"))), RECEIVED)
    assert body.endswith("Ét høringssvar er trukket tilbage af afsenderen og indgår ikke i notatet.")
    assert "Klub" not in body


def test_the_resume_lists_what_is_marked_as_a_change_with_the_submissions_it_comes_of() -> None:
    town = Town(texts={TextName.PURPOSE: "Formålet er træer."})
    filed = [
        town.filed(f"Klub {n}", town.laid("Ja.", change=change))
        for n, change in enumerate([("stien flyttes", True), None, ("stien flyttes", True), ("bænke", False)])
    ]
    (resume,) = [c for c in told(town.dossier(*filed)) if c.heading == RESUME]
    assert plain(resume.body).startswith("Formålet er træer. Forslaget har været i offentlig høring")
    assert resume.body[-3] == Listing((Item((Run("Stien flyttes (høringssvar 1 og 3)"),)),))
    assert plain(resume.body[-2:]) == "Desuden overvejes følgende ændring:\n\n- Bænke (høringssvar 4)"


def test_changes_in_the_words_of_a_coordinator_stand_instead_of_the_list() -> None:
    town = Town(texts={TextName.CHANGES: "Stien er flyttet."})
    resume = under(told(town.dossier(town.filed("Klub", town.laid("Ja.", change=("stien", True))))), RESUME)
    assert resume.endswith("bemærkninger til det. Stien er flyttet.")


def test_a_resume_and_an_introduction_of_the_hearings_own_are_printed_as_they_are() -> None:
    for order in Layout:
        town = Town(order, texts={TextName.RESUME: "Kort sagt.\n\nJa.", TextName.INTRO: "Til udvalget."})
        chapters = told(town.dossier(town.filed("Klub")))
        assert [(c.heading, plain(c.body)) for c in chapters[:2]] == [
            ("Indledning", "Til udvalget."), (RESUME, "Kort sagt.\n\nJa."),
        ]  # fmt: skip


def test_late_ones_are_marked_in_the_list_only() -> None:
    town = Town()
    late = town.filed("Klub", channel=Channel.MAIL, at=town.hearing.deadline + timedelta(minutes=1))
    chapters = told(town.dossier(late))
    assert _listed(town, late) == ["1. Klub (besvaret via mail, modtaget efter høringsfristen)"]
    assert headings(chapters, Role.SUBMISSION) == ["Høringssvar 1: Klub"]
