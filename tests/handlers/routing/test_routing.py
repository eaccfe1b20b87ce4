from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.routing.sentences import sentences
from handlers.routing.suggest import Matcher, Routing, matcher, suggest

TOPICS = {
    "by": ["byrum", "gadeplan", "offentlige toiletter", "by", "parkering", "cykelstier"],
    "skole": ["skole", "børneliv", "ungeliv", "dagtilbud", "legepladser"],
    "kultur": ["biblioteker", "idræt", "foreningsliv", "park", "sti", "natur"],
    "sikker": ["tryghed", "havn", "UU-vejledning"],
    "omsorg": ["ældre", "sundhed", "livsmuligheder"],
}


def route(text: str) -> Routing:
    return suggest(text, TOPICS, owner="by")


def found(text: str) -> dict[str, float]:
    return {each.department: each.score for each in route(text).suggestions if each.score}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der mangler lys på skolen.", {"skole": 1.0}),
        ("Legepladserne er slidte.", {"skole": 1.0}),
        ("Folkeskolernes haller er lukkede.", {"skole": 1.0}),
        ("Der er hul i skolevejen.", {"skole": 0.5}),
        ("Vi savner cykelparkering.", {"by": 1.0}),
        ("Vi savner cykel-parkering.", {"by": 1.0}),
        ("Byens puls er god, og byen vokser.", {"by": 1.0}),
        ("Foreningen byder sig til.", {}),
        ("De offentlige\ntoiletter er lukkede.", {"by": 1.0}),
        ("Det offentlige må finde nye toiletter.", {}),
        ("Tænk på børne- og ungelivet.", {"skole": 2.0}),
        ("Tænk på foreningslivet og -idrætten.", {"kultur": 2.0}),
        ("Vi taler om livsvilkår og -muligheder.", {"omsorg": 1.0}),
        ("Idraetten og boernelivet lider.", {"kultur": 1.0, "skole": 1.0}),
        ("Lege-\npladserne er slidte.", {"skole": 1.0}),
        ("Lege\u00adpladserne er slidte.", {"skole": 1.0}),
        ("Bo\u0308rn og bo\u00f8rn.", {}),
        ("Folk føler sig utrygge, og utrygheden vokser.", {"sikker": 1.0}),
        ("UU vejledningen og UU-vejledningen", {"sikker": 1.0}),
        ("Naturstien er våd.", {"kultur": 1.0}),
    ],
)
def test_a_topic_is_heard_in_inflections_compounds_and_broken_words(
    text: str, expected: dict[str, float]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bilerne parkerer på fortovet i København.",
        "Forældrene skriver naturligvis under med signatur.",
        "Øresund er koldt, og det er naturlige sager.",
        "Vi overvejer det.",
    ],
)
def test_a_topic_is_not_heard_in_other_words_that_happen_to_hold_it(text: str) -> None:
    assert found(text) == {}


def test_the_last_part_of_a_compound_says_more_than_the_first() -> None:
    assert found("Vi savner en parkeringskælder.") == {"by": 0.5}
    assert found("Vi savner kælderparkering.") == {"by": 1.0}


def test_the_department_that_the_text_says_most_about_comes_first() -> None:
    text = "Skolen er god. Dagtilbuddet er godt. Biblioteket er lukket."
    assert [each.department for each in route(text).suggestions] == ["skole", "kultur"]


def test_a_topic_that_comes_again_weighs_a_little_more_but_not_without_end() -> None:
    assert found("Skolen er god. Skolen er stor.") == {"skole": 1.25}
    assert found("Skolen er god. " * 50) == {"skole": 2.0}


def test_each_suggestion_shows_the_partys_own_words() -> None:
    text = "Kære alle. Vi bor på Kgs. Torv, jf. Kortet. Der er intet bibliotek, mv. Skolen er fin! Hilsen os."
    kultur, skole = route(text).suggestions
    assert kultur.passages == ("Der er intet bibliotek, mv.",)
    assert skole.passages == ("Skolen er fin!",)


def test_a_long_sentence_is_cut_around_the_word_that_speaks() -> None:
    text = "ord " * 200 + "biblioteket " + "ord " * 200
    (passage,) = route(text).suggestions[0].passages
    assert len(passage) <= 300
    assert passage.startswith("… ord")
    assert passage.endswith("ord …")
    assert " biblioteket " in passage


def test_there_are_at_most_four_passages_and_each_new_topic_comes_before_more_of_the_same() -> None:
    text = "".join(f"Skolen er nummer {n}. " for n in range(9)) + "Et dagtilbud lukker. Se legepladsen!"
    passages = route(text).suggestions[0].passages
    assert len(passages) == 4
    assert passages[-2:] == ("Et dagtilbud lukker.", "Se legepladsen!")


def test_nothing_found_goes_to_the_owner_and_a_person_looks() -> None:
    routing = route("Det er en skam.")
    assert [each.department for each in routing.suggestions] == ["by"]
    assert not routing.sure


def test_what_is_named_as_such_is_sure_and_a_mere_touch_is_not() -> None:
    assert route("Skolen bør have et bibliotek.").sure
    assert not route("Skolen ligger ved biblioteksgangen.").sure


def test_a_topic_that_two_departments_share_is_not_sure_by_itself() -> None:
    shared = {"by": ["torv", "gade"], "kultur": ["torv"]}
    assert not suggest("Torvet er smukt.", shared, owner="by").sure
    assert suggest("Gaden er smuk.", shared, owner="by").sure


@pytest.mark.parametrize(
    "text",
    [
        "Lokaludvalget har ingen bemærkninger til planen for byrum og skoler.",
        "Vi skal hermed meddele, at vi ikke har bemærkninger til forslaget.\n\nVenlig hilsen\nHavnerådet",
        "Forslaget giver ikke anledning til bemærkninger.",
        "Vi har læst om skolen, men har ingen kommentarer.",
    ],
)
def test_a_party_with_nothing_to_remark_is_answered_by_the_owner(text: str) -> None:
    routing = route(text)
    assert [each.department for each in routing.suggestions] == ["by"]
    assert routing.suggestions[0].passages
    assert routing.sure


@pytest.mark.parametrize(
    "text",
    [
        "Vi har ingen bemærkninger til kortet, men skolen ligger forkert.",
        "Skolen ligger forkert. Vi har ellers ingen bemærkninger.",
        "Ingen bemærkninger, ud over at skolen ligger forkert.",
        "Vi har ingen bemærkninger til kortet. " + "Skolen ligger forkert. " * 30,
    ],
)
def test_a_remark_is_not_lost_because_the_party_has_no_others(text: str) -> None:
    assert "skole" in found(text)


def test_sentences_end_where_danes_end_them() -> None:
    text = (
        "Vi bor i Kgs. Lyngmose, bl.a. Anna og P. Hansen. Mødet er den 5. September kl. 12. "
        "Det koster 5 mio. kr. Men hvem betaler (mon)? ”Ingen.” Det var i 2026. Slut …\n"
        "Punkter:\n- lys\n- luft\n\nHilsen"
    )
    assert [" ".join(words) for words in sentences(text)] == [
        "Vi bor i Kgs. Lyngmose, bl.a. Anna og P. Hansen.",
        "Mødet er den 5. September kl. 12.",
        "Det koster 5 mio. kr.",
        "Men hvem betaler (mon)?",
        "”Ingen.”",
        "Det var i 2026.",
        "Slut …",
        "Punkter:",
        "- lys",
        "- luft",
        "Hilsen",
    ]


@pytest.mark.timeout(30)  # it would take minutes if it took longer for each sign
def test_a_megabyte_of_text_is_routed_while_one_waits() -> None:
    ready = matcher(TOPICS)
    text = "Skolevejen ved biblioteket mangler cykelparkering, og byrummet er utrygt for de ældre. " * 12_000
    assert suggest(text, ready, owner="by").suggestions


alphabet = st.sampled_from(
    [
        "skole",
        "vej",
        "børne",
        "- ",
        "og ",
        "-",
        " ",
        "bibliotek",
        "er",
        "ne",
        ". ",
        "\n",
        "tryg",
        "hed",
        "ø",
        "by",
        "park",
    ]
)
danish = st.lists(alphabet, max_size=60).map("".join)
topics = st.dictionaries(
    st.sampled_from("abc"), st.lists(danish | st.text(max_size=8), max_size=4), max_size=3
)


@given(st.text() | danish, topics)
def test_any_text_and_any_topics_give_a_routing(text: str, by_department: dict[str, list[str]]) -> None:
    routing = suggest(text, by_department, owner="ejer")
    assert routing.suggestions
    assert {each.department for each in routing.suggestions} <= {*by_department, "ejer"}
    assert all(len(passage) <= 300 for each in routing.suggestions for passage in each.passages)
    assert all(len(each.passages) <= 4 for each in routing.suggestions)


@given(danish, topics, st.randoms(use_true_random=False))
def test_the_order_of_topics_makes_no_difference(
    text: str, by_department: dict[str, list[str]], chance: Random
) -> None:
    keys = sorted(by_department)
    chance.shuffle(keys)
    shuffled = {key: chance.sample(by_department[key], len(by_department[key])) for key in keys}
    assert suggest(text, shuffled, owner="ejer") == suggest(text, by_department, owner="ejer")


@given(st.lists(danish, max_size=4))
def test_a_matcher_that_has_met_many_words_answers_as_a_new_one(texts: list[str]) -> None:
    ready: Matcher = matcher(TOPICS)
    for text in texts:
        assert suggest(text, ready, owner="by") == suggest(text, TOPICS, owner="by")
