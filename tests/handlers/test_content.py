"""The document tree: what goes in comes out, and nothing gets in that a format could not hold."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.content import (
    Content,
    Item,
    Listing,
    Note,
    Para,
    Run,
    clean,
    count_paragraphs,
    digest,
    dump,
    link,
    load,
    paragraphs,
    plain,
)

RUNS = st.builds(
    Run, st.text(max_size=5), st.booleans(), st.booleans(), st.booleans(),
    st.sampled_from(["", "https://ternevig.example/a?b=ø"]),
)  # fmt: skip
NOTES = st.lists(RUNS, max_size=2).map(lambda runs: Note(tuple(runs)))
INLINES = st.lists(RUNS | NOTES, max_size=3).map(tuple)
ITEMS = st.builds(Item, INLINES, st.integers(0, 3), st.booleans())
CONTENTS: st.SearchStrategy[Content] = st.lists(
    st.builds(Para, INLINES, st.booleans()) | st.lists(ITEMS, max_size=3).map(lambda i: Listing(tuple(i))),
    max_size=3,
).map(tuple)


@given(CONTENTS)
def test_content_survives_being_remembered(content: Content) -> None:
    assert load(json.loads(json.dumps(dump(content)))) == content


@given(CONTENTS, CONTENTS)
def test_two_texts_have_one_digest_only_when_they_are_the_same(one: Content, other: Content) -> None:
    assert (digest(one) == digest(other)) == (one == other)
    assert digest(load(dump(one))) == digest(one)


def test_a_digest_is_the_same_on_every_machine_and_in_every_version() -> None:
    said = (Para((Run("Træer", bold=True), Note((Run("§ 3"),)))), Listing((Item((Run("lind"),), 1),)))
    assert digest(said) == "68340d1e7083d85027a4332b734261d89cc9dd44eb0e3e7d82f701f024352edc"


@given(st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Mn"])))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("nul\x00, klokke\x07, flugt\x1b[31m", "nul, klokke, flugt[31m"),
        ("halv \ud83c og \udfff", "halv  og "),
        ("vendt \u202eom\u202c og \u2066skjult\u2069", "vendt om og skjult"),
        ("bla\u030a", "blå"),
        ("tabulator\tog 👩\u200d🌾 og blødt\u00adskel", "tabulator\tog 👩\u200d🌾 og blødt\u00adskel"),
    ],
)
def test_what_a_format_cannot_hold_is_taken_out(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned


def test_a_blank_line_parts_two_paragraphs_and_a_line_end_none() -> None:
    both = (Para((Run("En linje."),)), Para((Run("To ord."),)))
    assert paragraphs("En\nlinje.\n \t\n\n\nTo   ord.\n") == both
    assert paragraphs(" \n\n\t") == ()


@pytest.mark.parametrize("address", ["https://by.example/a", "HTTP://BY.example", "mailto:plan@by.example"])
def test_a_reader_may_follow_a_link_to_the_web_or_to_an_address(address: str) -> None:
    assert link(f" {address}\n") == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "https://", "https:///a", "by.example", "", "a b"],
)
def test_nobody_follows_any_other_link(address: str) -> None:
    assert link(address) == ""


def test_a_list_belongs_to_the_paragraph_before_it() -> None:
    point, said = Listing((Item((Run("lind"),)), Item((Run("eg"),)))), Para((Run("Vi planter:"),))
    bodies: list[Content] = [(), (said,), (said, point), (point,), (said, point, said)]
    assert [count_paragraphs(body) for body in bodies] == [0, 1, 1, 1, 2]


def test_plain_text_shows_points_and_notes() -> None:
    points = Listing((Item((Run("lind"),)), Item((Run("lille"), Note((Run("se § 3"),))), 1, ordered=True)))
    assert plain((Para((Run("Vi "), Run("planter", bold=True))), points)) == (
        "Vi planter\n\n- lind\n  1. lille [se § 3]"
    )
