"""Every question has its words for every answer, and Slack takes it whatever a citizen wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.blockkit.blocks import MOST_IN_MESSAGE, check_blocks
from bot.sandbox.blockkit.views import check_view
from bot.slack.api.board import Picture
from bot.slack.views.questions import Doubt, question, rest_view
from handlers.intake.kinship import Why
from handlers.mail import Kind
from handlers.referral.refer import BOT
from storage.asked import About, Verdict
from tests.world import words

AT = datetime(2026, 10, 2, 7, 14, tzinfo=UTC)
OPTIONS = {
    About.FOLLOW_UP: (
        Verdict.SUPPLEMENT, Verdict.REPLACES, Verdict.NEW, Verdict.WITHDRAWN, Verdict.NOTHING,
    ),
    About.HEARING: ("havn", "skov", Verdict.NOTHING),
    About.AUTHOR: (Verdict.ORIGINAL, Verdict.FORWARDER),
    About.LATE: (Verdict.ADMITTED, Verdict.LEFT_OUT),
    About.KIND: (Verdict.SUBMISSION, Verdict.NO_SUBMISSION),
    About.CAMPAIGN: (Verdict.TOGETHER, Verdict.APART),
}  # fmt: skip
LONG = "Å" * 5_000


def doubt(about: About, **other: Any) -> Doubt:
    plain = Doubt(
        id="0" * 36, about=about, came_at=AT, deadline=AT - timedelta(days=1), open=OPTIONS[about], number=7,
        numbers=(7, 9), party="Lygtevejens Cykelklub", original="Skolen", forwarder="Privatperson",
        subject="Stien", text="Vi vil have en sti.", is_late=True,
        titles={"havn": "Plan for havnen", "skov": "Plan for skoven"},
    )  # fmt: skip
    return replace(plain, **other)


def complaints(picture: Picture) -> list[str]:
    """What Slack would say against it."""
    return check_blocks(list(picture.blocks), most=MOST_IN_MESSAGE)


def labels(picture: Picture) -> list[str]:
    return [
        element["text"]["text"]
        for block in picture.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize("about", About)
def test_every_answer_has_a_button_and_a_sentence_for_what_it_decides(about: About) -> None:
    asked = question(doubt(about))
    assert complaints(asked) == []
    assert len(set(labels(asked))) == len(OPTIONS[about])
    outcomes = [question(doubt(about, verdict=verdict, by="U0KAREN", open=())) for verdict in OPTIONS[about]]
    told = [words(picture.blocks[-1]).strip() for picture in outcomes]
    assert len(set(told)) == len(OPTIONS[about])
    assert all(each.endswith(". Afgjort af") for each in told)
    assert [complaints(each) for each in outcomes] == [[]] * len(outcomes)


@pytest.mark.parametrize("about", About)
def test_what_the_bot_decides_is_worded_as_its_own(about: About) -> None:
    for verdict in OPTIONS[about]:
        said = words(question(doubt(about, verdict=verdict, by=BOT)).blocks)
        assert "Afgjort af" not in said


@pytest.mark.parametrize("why", Why)
def test_every_reason_to_join_a_mail_has_its_sentence(why: Why) -> None:
    known = words(question(doubt(About.FOLLOW_UP, why=why.value)).blocks)
    assert known != words(question(doubt(About.FOLLOW_UP, why="some day")).blocks)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.SUBMISSION])
def test_every_kind_of_mail_that_may_be_one_has_its_sentence(kind: Kind) -> None:
    known = words(question(doubt(About.KIND, why=kind.value)).blocks)
    assert known != words(question(doubt(About.KIND, why="some day")).blocks)


def test_an_answer_from_another_address_is_likeliest_a_new_one() -> None:
    def likely(why: Why) -> list[str]:
        rows = question(doubt(About.FOLLOW_UP, why=why.value)).blocks[-1]["elements"]
        return [each["action_id"] for each in rows if each.get("style") == "primary"]

    assert likely(Why.ANSWERS_AS_OTHER) == ["decide:new"]
    assert likely(Why.SAME_PARTY) == ["decide:supplement"]


@pytest.mark.parametrize("about", About)
def test_slack_takes_a_question_however_long_its_words_are(about: About) -> None:
    extreme = doubt(
        about, party=LONG, original=LONG, forwarder=LONG, subject=LONG, text=LONG * 20, files=(LONG,) * 300,
        numbers=tuple(range(7, 3_000)), rest_of="0" * 36, titles={"havn": LONG, "skov": LONG},
    )  # fmt: skip
    picture = question(extreme)
    assert complaints(picture) == []
    assert len(words(picture.blocks)) < 9_000


def test_as_many_hearings_as_share_an_address_can_be_chosen() -> None:
    keys = [f"hearing-{number}" for number in range(60)]
    picture = question(doubt(About.HEARING, open=tuple(keys), titles={key: key for key in keys}))
    assert complaints(picture) == []
    assert labels(picture) == keys


def test_an_unknown_author_can_be_named_by_a_command() -> None:
    said = words(question(doubt(About.AUTHOR, original="", open=(Verdict.FORWARDER,))).blocks)
    assert "Mailen er videresendt af en privatperson, og det fremgår ikke, hvem der har skrevet den." in said
    assert "/hoering part 7" in said


@pytest.mark.parametrize("rest", ["> Tak for høringssvaret.", LONG * 50])
def test_slack_takes_what_was_cut_however_long_it_is(rest: str) -> None:
    view = rest_view(rest)
    assert check_view(view, kind="modal") == []
    assert ("Her er der ikke plads til mere." in words(view["blocks"])) == (len(rest) > 100_000)


@pytest.mark.parametrize(
    ("seems", "offered"),
    [
        (Verdict.WITHDRAWN, Verdict.WITHDRAWN),
        (Verdict.REPLACES, Verdict.REPLACES),
        (Verdict.NEW, Verdict.SUPPLEMENT),
    ],
)
def test_what_a_later_mail_speaks_for_is_offered_first_unless_it_cannot_be_taken_back(
    seems: Verdict, offered: Verdict
) -> None:
    shown = question(doubt(About.FOLLOW_UP, why=Why.SAME_PARTY.value, seems=seems.value))
    rows = [block["elements"] for block in shown.blocks if block["type"] == "actions"]
    primary = [button["action_id"] for row in rows for button in row if button.get("style") == "primary"]
    assert primary == [f"decide:{offered.value}"]
