"""What a card says of doubt, in sentences; and the lines that coordinators are told."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from bot.slack.views import cards, marks
from bot.slack.views.questions import line
from handlers.letter.shape import FlawKind
from storage.asked import About, Decision, FollowUp, Question, Verdict
from storage.dossier import Filed
from storage.ending import NoRemarks
from storage.endings import Ends
from storage.models import Hearing, Party, Submission
from storage.questions import Asked, Followed
from storage.words import Channel, HeadingForm, Order, Outcome, PartyKind, PrivatePersons, Refer
from templates import environment
from tests.handlers.building import NOW
from tests.handlers.notat.cases import Town, added
from tests.world import words

AT = datetime(2026, 10, 2, 7, 14, tzinfo=UTC)
UNKNOWN = "En del af høringssvaret kunne ikke læses, som den var ment."
HANDLERS = Path(__file__).parents[2] / "handlers"


def submission(**other: Any) -> Submission:
    plain: dict[str, Any] = {
        "hearing_id": uuid4(), "party_id": uuid4(), "number": 7, "channel": Channel.MAIL, "content_key": "k",
        "subject": "", "text": "Flere træer.", "flaws": [], "received_at": AT,
    }  # fmt: skip
    return Submission(**(plain | other))


def filed(*verdicts: str, late: str = "") -> Filed:
    """A submission with a later mail for each verdict, a minute apart; `late` is what was decided of that."""
    one = submission()
    followed = tuple(
        Followed(_later(one.id, AT + timedelta(minutes=nth)), verdict) for nth, verdict in enumerate(verdicts)
    )
    question = Question(
        key="late", hearing_id=one.hearing_id, about=About.LATE, options=[], detail={}, asked_at=AT
    )
    decision = Decision(question_id=question.id, verdict=late, decided_by="U1", decided_at=AT)
    party = Party(
        hearing_id=one.hearing_id, kind=PartyKind.BORGER, list_name="", heading_name="", short_name=""
    )
    asked = (Asked(question, decision if late else None),)
    return Filed(one, party, None, (), (), asked=asked, followed=followed)


def hearing(deadline: datetime) -> Hearing:
    """A hearing with this deadline."""
    return Hearing(
        key="plan", title="Plan", municipality="Ternevig Kommune", case_number="1", opens=AT - timedelta(9),
        deadline=deadline, answer_deadline=AT + timedelta(9), coordination_channel="C0", coordinators=[],
        four_eyes=False, refer=Refer.ASK, heading_form=HeadingForm.X_BEMAERKNINGER, order=Order.ARRIVAL,
        private_persons=PrivatePersons.ANONYMOUS, texts={}, plan={},
    )  # fmt: skip


def _later(submission_id: UUID, at: datetime) -> FollowUp:
    return FollowUp(
        hearing_id=uuid4(), submission_id=submission_id, item_id=1, content_key="", message_id="", subject="",
        text="Mere.", rest="", flaws=[], received_at=at,
    )  # fmt: skip


def told(*verdicts: str, numbers: tuple[int, ...] = ()) -> list[str]:
    return [words(each) for each in marks.lines(filed(*verdicts), numbers=numbers)]


@pytest.mark.parametrize("kind", FlawKind)
def test_every_flaw_of_a_mail_has_a_sentence_of_its_own(kind: FlawKind) -> None:
    [sentence] = marks.flaws([f"{kind}: part 1"])
    assert sentence.endswith(".")
    assert sentence != UNKNOWN
    assert "part 1" not in sentence


@pytest.mark.parametrize("outcome", [each for each in Outcome if each != Outcome.TEXT])
def test_every_file_that_gave_no_text_is_named(outcome: Outcome) -> None:
    [sentence] = marks.flaws([f"annex_{outcome}: plan.pdf"])
    assert "ilen »plan.pdf« " in sentence
    assert sentence.endswith(".")
    [several] = marks.flaws([f"annex_{outcome}: plan{number}.pdf" for number in range(5)])
    assert "ilerne »plan0.pdf«, »plan1.pdf«, »plan2.pdf« og 2 mere " in several


def test_a_flaw_that_nobody_has_named_yet_is_told_all_the_same() -> None:
    assert marks.flaws(["some_day: part 1", "another: part 2"]) == [UNKNOWN]


def test_flaws_that_mean_the_same_are_told_once() -> None:
    assert marks.flaws(["unclosed: part 1", "no_boundary: part 2", "unclosed: part 3"]) == [
        "Mailen er ikke kommet helt igennem, så noget af den kan mangle."
    ]


def test_a_file_is_named_in_one_line_however_it_is_called() -> None:
    [sentence] = marks.flaws(["annex_empty: <!channel>\n" + "x" * 300])
    assert "\n" not in sentence
    assert len(sentence) < 200


def test_a_card_says_what_is_odd_about_the_mail_in_five_points_at_the_most() -> None:
    odd = submission(
        forwarded_by="ansat@ternevig.example", authentication="fail: dmarc",
        flaws=[f"{kind}: x" for kind in FlawKind],
    )  # fmt: skip
    [block] = marks.notes(odd)
    points = [words(item) for item in block["elements"][1]["elements"]]
    assert points[:2] == [
        "Høringssvaret er videresendt til kommunen af en anden end afsenderen.",
        "Afsenderen kunne ikke bekræftes (dmarc).",
    ]
    assert len(points) == 6
    assert points[-1].startswith("Og ")
    assert "ansat@ternevig.example" not in words(block)


@pytest.mark.parametrize("authentication", ["", "pass", "none"])
def test_nothing_is_said_of_a_mail_that_is_well(authentication: str) -> None:
    assert marks.notes(submission(authentication=authentication)) == []


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["supplement"], "Suppleret den 2. oktober 2026 kl. 09.14. Se mailen i tråden."),
        (
            ["supplement", "", "nothing", "new", "replaces"],
            (
                "Suppleret den 2. oktober 2026 kl. 09.14, erstattet den 2. oktober 2026 kl. 09.18. "
                "Se mailene i tråden."
            ),
        ),
        (
            ["withdrawn"],
            "Trukket tilbage den 2. oktober 2026 kl. 09.14. Høringssvaret kommer ikke i notatet.",
        ),
    ],
)
def test_a_card_says_what_came_of_later_mails(verdicts: list[str], said: str) -> None:
    assert told(*verdicts) == [f"Siden:  {said}"]


def test_a_card_says_nothing_of_later_mails_that_are_no_part_of_it() -> None:
    assert told("new", "nothing", "") == []


def test_of_many_later_mails_the_newest_are_told() -> None:
    [said] = told(*["supplement"] * 8)
    assert said.startswith("Siden:  …, suppleret den 2. oktober 2026 kl. 09.17, ")


def test_a_campaign_is_counted_and_its_first_numbers_are_told() -> None:
    assert told(numbers=(9,)) == ["Kampagne:  Bemærkningerne gælder også ét enslydende høringssvar, nr. 9."]
    [many] = told(numbers=tuple(range(8, 40)))
    assert "32 enslydende høringssvar, nr. 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 og 22 mere." in many


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ("", ", efter høringsfristen, og det er ikke afgjort, om det tages med"),
        (Verdict.ADMITTED, ", efter høringsfristen, men taget med"),
        (Verdict.LEFT_OUT, ", efter høringsfristen og ikke taget med i notatet"),
    ],
)
def test_a_late_submission_says_whether_it_is_taken_in(decided: str, said: str) -> None:
    assert marks.late(filed(late=decided), hearing(AT - timedelta(minutes=1))) == said
    assert marks.late(filed(late=decided), hearing(AT)) == ""


def _told_phrases() -> set[str]:
    """The phrases that our steps tell coordinators."""
    calls = [
        node
        for path in HANDLERS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell"
    ]
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def test_every_line_that_is_told_has_its_danish() -> None:
    known = vars(environment().get_template("slack/lines.j2").module)
    assert _told_phrases() <= known.keys()
    assert "too_large" in _told_phrases()


def test_a_line_without_a_phrase_of_ours_is_a_fault() -> None:
    with pytest.raises(AttributeError):
        line({"phrase": "no_such_thing", "number": 7})


@pytest.mark.parametrize(("later", "says"), [(timedelta(hours=1), True), (timedelta(hours=-1), False)])
def test_a_card_asks_for_a_look_at_an_answer_from_before_a_later_mail(later: timedelta, says: bool) -> None:
    town = Town()
    none = NoRemarks(referral_id=uuid4(), said_by="U0PIA", settled=True, said_at=NOW)
    laid = replace(town.laid(), ends=Ends(declined=(none,)))
    answered = added(town.filed("Klub", laid), Verdict.REPLACES, at=NOW + later)
    shown = cards.card(cards.Card(laid, answered, "Klub", town.hearing, (), now=NOW))
    assert ("et blik på, om svaret holder" in words(shown.blocks)) == says
