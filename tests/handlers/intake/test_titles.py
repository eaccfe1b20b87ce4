from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.titles import Spoken, named

PLAN, ANNEX = "Lokalplan 412 for Ballastkajen", "Tillæg 3 til lokalplan 412 for Ballastkajen"
PARK = "Udviklingsplan for Nordre Fælled, dyrehaven, stierne og søerne"
TITLES = (PLAN, ANNEX, PARK)


def heard(text: str, *, least: int = 1) -> set[str]:
    return set(named(Spoken(text, least=least), TITLES))


def test_the_fuller_of_two_titles_is_the_one_named() -> None:
    assert heard("Svar til tillæg 3 til lokalplan 412 for Ballastkajen") == {ANNEX}


def test_the_title_that_is_whole_goes_before_one_of_which_a_part_is_missing() -> None:
    assert heard("Svar til lokalplan 412, Ballastkajen") == {PLAN}


def test_two_titles_side_by_side_are_both_named() -> None:
    assert heard(f"{PARK} og {PLAN}") == {PARK, PLAN}


def test_one_of_five_words_may_be_missing_and_no_more() -> None:
    assert heard("udviklingsplanen for Nordre Fælled med dyrehave og stier") == {PARK}
    assert heard("udviklingsplanen for Nordre Fælled og stierne") == set()


def test_a_number_may_never_be_missing() -> None:
    titles = ("Budget for børn, skoler, idræt og kultur 2027",)
    assert named(Spoken("Budget for børn, skoler, idræt og kultur", least=1), titles) == frozenset()
    assert named(Spoken("Budget: børn, skole, idræt 2027", least=1), titles) == frozenset(titles)


def test_words_far_apart_are_no_title() -> None:
    assert heard("lokalplan " + "ord " * 40 + "412 " + "ord " * 40 + "Ballastkajen") == set()


def test_a_date_is_not_what_a_plan_is_called() -> None:
    assert named(Spoken("den 4. marts 2027", least=1), ("Skybrud, revideret marts 2027",)) == frozenset()


def test_a_title_of_words_that_tell_nothing_is_named_by_all_of_them() -> None:
    assert named(Spoken("Om det nye", least=2), ("Det nye",)) == {"Det nye"}


@given(st.text(), st.lists(st.text()))
def test_only_titles_that_there_are_are_named(text: str, titles: list[str]) -> None:
    assert named(Spoken(text, least=1), titles) <= set(titles)


@given(st.lists(st.sampled_from(TITLES), min_size=1))
def test_a_title_written_out_is_named_or_outdone_by_a_fuller_one(titles: list[str]) -> None:
    assert heard("; ".join(titles)) >= set(titles) - {PLAN}
