"""One content in three orders: whichever a hearing chooses, nobody is left out and nothing is said twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.content import Content, Item, Listing, Note, Para, Run
from handlers.hearing.parties import alphabet
from handlers.notat.ministry import days
from handlers.notat.shape import Role, Table, dump, plain
from storage.dossier import Filed
from storage.edits import Edits
from storage.words import Layout, PartyKind, TextName
from templates import number as figures
from tests.handlers.building import NOW
from tests.handlers.notat.cases import Town, after, headings, printed, told, under

TOPIC, MINISTRY = Layout.BY_TOPIC, Layout.MINISTRY
COMMITTEE, PERSON = PartyKind.LOKALUDVALG, PartyKind.BORGER


def _three(town: Town) -> tuple[Filed, Filed, Filed]:
    """A club, a local committee and a citizen; the first two get the same answer about trees."""
    return (
        town.filed(
            "Cykelklubben", town.laid("Der plantes lind.", about="Flere træer, tak.",
            change=("flere træer", True)),
            town.laid("Skolevejen sikres.", to=1, about="En sikker skolevej."),
            summary="Klubben ønsker træer.",
        ),
        town.filed(
            town.party("Havnens Lokaludvalg", COMMITTEE),
            town.laid("Der plantes lind.", about="Træerne bør blive.", change=("flere træer", True)),
            summary="Udvalget vil beholde træerne.",
        ),
        town.filed(
            town.party("Ane Bro", PERSON), town.laid("Bænkene prøves af.", about="Bænke ved træerne. Bænke!",
            change=("to bænke", False)),
            summary="Borgeren ønsker bænke.",
        ),
    )  # fmt: skip


def test_by_topic_a_department_has_its_topics_in_the_order_of_the_hearing_file() -> None:
    town = Town(TOPIC)
    chapters = told(town.dossier(*_three(town)))
    assert headings(chapters, Role.PART)[2:] == ["Parkforvaltningen", "Skoleforvaltningen"]
    assert headings(chapters, Role.SUBMISSION) == ["(2, O, LU) Træer", "(1) Bænke", "(1, O) Skolevej"]


def test_a_topic_names_its_submissions_then_what_they_say_the_answer_and_the_change() -> None:
    town = Town(TOPIC)
    chapters = told(town.dossier(*_three(town)))
    assert under(chapters, "(2, O, LU) Træer") == (
        "Høringssvar 1 og 2.\n\nHøringssvar 1, Cykelklubben: Klubben ønsker træer.\n\n"
        "Høringssvar 2, Havnens Lokaludvalg: Udvalget vil beholde træerne."
    )
    assert after(chapters, "(2, O, LU) Træer") == [
        ("Forvaltningens svar", "Der plantes lind."), ("Forslag til ændring", "- Flere træer"),
    ]  # fmt: skip
    assert after(chapters, "(1) Bænke")[1] == ("Forslag til ændring", "- Overvejes: to bænke")


def test_a_summary_is_told_once_and_pointed_to_after_that() -> None:
    town = Town(TOPIC)
    chapters = told(town.dossier(*_three(town)))
    assert under(chapters, "(1, O) Skolevej") == (
        "Høringssvar 1, Cykelklubben: Høringssvaret er gengivet under »Træer (Parkforvaltningen)«."
    )


def test_an_answer_to_some_of_a_topics_submissions_says_to_whom() -> None:
    town = Town(TOPIC)
    one = town.filed("Klub 1", town.laid("Ja.", about="Træer."))
    other = town.filed("Klub 2", town.laid("Nej.", "Og nej igen.", about="Træer."))
    (_, said), *_ = after(told(town.dossier(one, other)), "(2, O) Træer")
    assert said == "Til høringssvar 1:\n\nJa.\n\nTil høringssvar 2:\n\nNej.\n\nOg nej igen."


def test_a_theme_goes_before_the_topic_that_the_text_speaks_of() -> None:
    town = Town(TOPIC)
    split = town.filed("Klub", town.laid("A.", about="Træer.", theme="læ"), town.laid("B.", theme="skygge"))
    rest = town.filed("Anden", town.laid("C.", about="Træer."), town.laid("D.", about="Noget helt andet."))
    topics = headings(told(town.dossier(split, rest)), Role.SUBMISSION)
    assert topics == ["(1, O) Træer", "(1, O) Læ", "(1, O) Skygge", "(1, O) Øvrige emner"]


def test_two_remarks_of_one_department_are_told_apart_by_their_themes() -> None:
    town = Town()
    twice = town.filed(
        "Klub",
        town.laid("A.", theme="Læ"),
        town.laid("B.", to=1, theme="Vej"),
        town.laid("C.", theme="Skygge"),
    )
    once = town.filed("Anden", town.laid("D.", theme="Læ"), town.laid(theme="Skygge"))
    assert headings(told(town.dossier(twice, once)), Role.REMARK) == [
        "Bemærkning fra Parkforvaltningen (Læ)", "Bemærkning fra Skoleforvaltningen",
        "Bemærkning fra Parkforvaltningen (Skygge)", "Bemærkning fra Parkforvaltningen",
    ]  # fmt: skip
    # Where the themes are headings, they need not be said again.
    assert set(headings(told(town.dossier(twice), MINISTRY), Role.REMARK)) == {
        "Bemærkning fra Parkforvaltningen", "Bemærkning fra Skoleforvaltningen",
    }  # fmt: skip


def test_by_topic_what_was_laid_before_nobody_comes_last() -> None:
    town = Town(TOPIC)
    chapters = told(town.dossier(*_three(town), town.filed("Glemte Klub", summary="Tak.")))
    assert under(chapters, "Øvrige høringssvar") == "Høringssvar 4, Glemte Klub: Tak."


def test_ministries_see_who_was_heard_in_a_table_by_the_alphabet() -> None:
    town = Town(MINISTRY)
    parties = [
        town.party("Østbo", heard_as=0), town.party("Ålaug", heard_as=1), town.party("Klub", heard_as=2),
        town.party("havnen", COMMITTEE, heard_as=3, group="Lokaludvalg"), town.party("Ærø", heard_as=4),
    ]  # fmt: skip
    filed = (
        town.filed(parties[0], text="Vi har ingen bemærkninger til forslaget."),
        town.filed(parties[3]),
        town.filed("Uspurgte Klub"),
        town.filed(town.party("Ane Bro", PERSON)),
    )
    chapter = next(c for c in told(town.dossier(*filed, heard=parties)) if c.heading == "1.1. Hørte parter")
    table = next(block for block in chapter.body if isinstance(block, Table))
    assert table.header == (
        "Høringspart", "Har svaret", "Med bemærkninger", "Uden bemærkninger", "Har ikke svaret",
    )  # fmt: skip
    assert table.rows == (
        ("Klub", "", "", "", "X"), ("Lokaludvalg: havnen", "X", "X", "", ""), ("Ærø", "", "", "", "X"),
        ("Østbo", "X", "", "X", ""), ("Ålaug", "", "", "", "X"),
    )  # fmt: skip
    assert plain(chapter.body).endswith(
        "Uden at være hørt særskilt har også Uspurgte Klub og én privatperson svaret."
    )


def test_ministries_see_the_points_across_departments_and_the_changes_in_the_end() -> None:
    town = Town(MINISTRY)
    chapters = told(town.dossier(*_three(town)))
    assert headings(chapters, Role.SUBMISSION) == ["2.1. Træer", "2.2. Bænke", "2.3. Skolevej"]
    assert after(chapters, "2.1. Træer") == [("Bemærkning fra Parkforvaltningen", "Der plantes lind.")]
    assert under(chapters, "3. Ændringer i forhold til udkastet") == (
        "På baggrund af høringen foreslås følgende ændring:\n\n- Flere træer (høringssvar 1 og 2)\n\n"
        "Desuden overvejes følgende ændring:\n\n- To bænke (høringssvar 3)"
    )


@pytest.mark.parametrize("order", list(Layout))
@pytest.mark.parametrize("certain", [True, False])
def test_whatever_an_approver_says_may_change_is_told_in_every_order(order: Layout, certain: bool) -> None:
    town = Town(order)
    chapters = told(town.dossier(town.filed("Klub", town.laid("Ja.", change=("bænkene males", certain)))))
    said = "\n".join(plain(chapter.body) for chapter in chapters)
    assert ("ænkene males" in said, "vervejes" in said) == (True, not certain)
    assert "ikke givet anledning til ændringer" not in said


def test_without_changes_ministries_read_that_there_are_none() -> None:
    town = Town(MINISTRY)
    chapters = told(town.dossier(town.filed("Klub", town.laid("Nej."))))
    assert under(chapters, "3. Ændringer i forhold til udkastet").startswith("Høringen har ikke givet")
    town = Town(MINISTRY, texts={TextName.CHANGES: "Stien er flyttet."})
    chapters = told(town.dossier(town.filed("Klub", town.laid("Nej."))))
    assert under(chapters, "3. Ændringer i forhold til udkastet") == "Stien er flyttet."


def test_two_remarks_of_one_department_on_a_point_stand_under_one_heading() -> None:
    town = Town(MINISTRY)
    filed = [town.filed(f"Klub {word}", town.laid(word, about="Træer.")) for word in ("Ja.", "Nej.")]
    ((heading, _said),) = after(told(town.dossier(*filed)), "2.1. Træer")
    assert heading == "Bemærkninger fra Parkforvaltningen"


@pytest.mark.parametrize("order", list(Layout))
def test_a_heading_by_hand_stands_in_every_order_over_the_remark_that_it_was_given(order: Layout) -> None:
    town = Town(order)
    asked = [town.laid("A.", "B.", about="Træer."), town.laid("C.", about="Træer."), town.laid("D.", to=1)]
    filed = [town.filed(f"Klub {number}", laid) for number, laid in enumerate(asked)]
    by_hand = {
        asked[0].remarks[1].remark.id: "Om læ", asked[1].remarks[0].remark.id: "Om skygge",
        asked[2].remarks[0].remark.id: "Om vejen",
    }  # fmt: skip
    chapters = told(town.dossier(*filed, edits=Edits(headings=by_hand)))
    for heading, words in (("Om læ", "B."), ("Om skygge", "C."), ("Om vejen", "D.")):
        assert under(chapters, heading).endswith(words)
        assert headings(chapters).count(heading) == 1
    assert sum("A." in plain(chapter.body) for chapter in chapters) == 1


def test_the_days_of_a_hearing_are_counted_by_the_danish_calendar() -> None:
    town = Town(MINISTRY)
    town.hearing.opens = NOW.replace(month=1, day=31, hour=23)  # the first of February in Copenhagen
    town.hearing.deadline = NOW.replace(month=2, day=2, hour=22, minute=59)
    assert days(town.hearing) == 2
    body = under(told(town.dossier()), "1. Høringen")
    assert body == "Forslaget har været i høring i perioden 1.–2. februar 2026 (2 dage)."


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (timedelta(hours=3), "14. september 2026"), (timedelta(days=2), "14.–16. september 2026"),
        (timedelta(days=30), "14. september – 14. oktober 2026"),
        (timedelta(days=120), "14. september 2026 – 12. januar 2027"),
    ],
)  # fmt: skip
def test_a_period_names_no_day_month_or_year_twice(last: timedelta, words: str) -> None:
    town = Town(MINISTRY)
    town.hearing.opens, town.hearing.deadline = NOW, NOW + last
    assert {fact.label: fact.value for fact in printed(town.dossier()).facts}["Høringsperiode"] == words
    one_day = "har været i høring den 14. september 2026 (1 dag)." in under(
        told(town.dossier()), "1. Høringen"
    )
    assert one_day == (last < timedelta(days=1))


def test_names_are_sorted_as_in_danish() -> None:
    right = [
        "Bo",
        "Édouard og Ko",
        "Eduard",
        "Münster",
        "Mynte",
        "Zoo",
        "Ældre",
        "Ängen",
        "Øst",
        "Ålborg",
        "Aarhus",
    ]
    assert sorted(sorted(right), key=alphabet) == right


@pytest.mark.parametrize("order", list(Layout))
def test_thousands_are_counted_with_a_point(order: Layout) -> None:
    town = Town(order)
    asked = town.party("husstandene", heard_as=0)
    asked.weight = 1600
    said = "\n".join(plain(chapter.body) for chapter in told(town.dossier(town.filed("Klub"), heard=[asked])))
    assert "sendt til 1.600 høringsparter" in said
    assert (figures(999), figures(1000), figures(1234567)) == ("999", "1.000", "1.234.567")


def test_a_notat_may_be_made_in_another_order_than_its_hearings() -> None:
    town = Town(Layout.BY_SUBMISSION)
    dossier = town.dossier(*_three(town))
    assert headings(told(dossier, TOPIC)) == headings(told(town.dossier(*dossier.submissions), TOPIC))
    assert headings(told(dossier), Role.SUBMISSION)[0] == "Høringssvar 1: Cykelklubben"


@pytest.mark.parametrize("order", list(Layout))
def test_the_same_facts_give_the_same_content(order: Layout) -> None:
    town = Town(order)
    filed = _three(town)
    assert dump(printed(town.dossier(*filed))) == dump(printed(town.dossier(*filed)))


RICH: Content = (
    Para((Run("Se "), Note((Run("kortet", href="https://kort.example"),)), Run("."))),
    Listing((Item((Run("en"),)), Item((Run("to"),), 1, ordered=True))),
    Para((Run("Og så videre."),)),
)


@pytest.mark.parametrize("order", list(Layout))
def test_notes_lists_and_several_paragraphs_stand_in_every_order_as_they_were_approved(order: Layout) -> None:
    town = Town(order)
    chapters = told(town.dossier(town.filed("Klub", town.laid(RICH, about="Træer."))))
    (remark,) = [chapter for chapter in chapters if chapter.role == Role.REMARK]
    assert remark.body == RICH


WORDS = st.sampled_from(["Træer.", "Bænke.", "Skolevej.", "Andet."])
REFERRALS = st.lists(st.tuples(st.integers(0, 1), WORDS, st.sampled_from(["", "læ"])), max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(REFERRALS, max_size=5), st.sampled_from([TOPIC, MINISTRY]))
def test_in_every_order_each_submission_and_each_remark_is_told_once(
    asked: list[list[tuple[int, str, str]]], order: Layout
) -> None:
    town = Town(order)
    filed = [
        town.filed(
            f"Klub {number}",
            *(
                town.laid(f"Svar {number}-{place}.", to=to, about=about, theme=theme)
                for place, (to, about, theme) in enumerate(referrals)
            ),
            summary=f"Resumé {number}.",
        )
        for number, referrals in enumerate(asked)
    ]
    said = "\n".join(plain(chapter.body) for chapter in told(town.dossier(*filed)))
    for number, referrals in enumerate(asked):
        assert said.count(f"Resumé {number}.") == 1
        assert all(said.count(f"Svar {number}-{place}.") == 1 for place in range(len(referrals)))


def test_a_late_one_is_marked_in_the_list_of_every_order() -> None:
    for order in Layout:
        town = Town(order)
        late = town.filed("Klub", at=town.hearing.deadline + timedelta(days=1))
        listed = "\n".join(plain(chapter.body) for chapter in told(town.dossier(late, edits=Edits())))
        assert "1. Klub (modtaget efter høringsfristen)" in listed
