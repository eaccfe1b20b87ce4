"""A citizen's text goes into Slack whole, in parts that Slack takes, and as nothing but text."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block, RichTextBlock

from bot.slack.views.split import ELEMENT, MESSAGE, Split, cut, messages, short, shown, units

SENTENCE = "Vi ønsker en sti langs åen, så børnene kan cykle trygt til skole. "
SIGNS = [
    "a",
    "æ",
    "e\u0301\u0323",
    "👍🏽",
    "👩‍👩‍👧",
    "🇩🇰",
    "❤️",
    " ",
    "\n",
    "\n\n",
    ". ",
    "x" * 900,
    "👍" * 700,
]
TEXTS = st.lists(st.sampled_from(SIGNS) | st.text(max_size=30), max_size=60).map("".join)


def said(blocks: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for block in blocks for inner in block["elements"] for part in inner["elements"]]


def parts(split: Split) -> list[str]:
    return ["".join(said(blocks)) for blocks in split.messages]


@given(TEXTS, st.integers(1, 4), st.integers(1, 5))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, times: int, most: int) -> None:
    split = messages(text * times, most=most)
    assert "".join(parts(split)) + split.rest == shown(text * times)
    assert len(split.messages) <= most
    for blocks in split.messages:
        assert len(blocks) <= 50
        assert sum(map(units, said(blocks))) <= MESSAGE
        assert all(0 < units(piece) <= ELEMENT for piece in said(blocks))
        assert "".join(said(blocks)).strip()


@given(TEXTS)
def test_slacks_own_models_know_the_blocks_and_nothing_in_them_is_more_than_text(text: str) -> None:
    for blocks in messages(text).messages:
        for block in blocks:
            parsed = Block.parse(block)
            assert isinstance(parsed, RichTextBlock)
            assert parsed.to_dict() == block
            assert {part["type"] for inner in block["elements"] for part in inner["elements"]} == {"text"}


def test_a_mention_that_a_citizen_wrote_is_words() -> None:
    assert said(messages("<!channel> *fed* & <@U1>").messages[0]) == ["<!channel> *fed* & <@U1>"]


@pytest.mark.parametrize("nothing", ["", " \n\t ", "\x00\u202e"])
def test_a_text_that_says_nothing_gives_no_message(nothing: str) -> None:
    assert messages(nothing) == Split(())


def test_a_short_text_is_one_message() -> None:
    split = messages("Hej\n\nTak.\n")
    assert parts(split) == ["Hej\n\nTak."]
    assert split.rest == ""


def test_a_long_text_ends_its_messages_at_paragraphs() -> None:
    paragraph = SENTENCE * 20 + "\n\n"
    split = messages(paragraph * 15)
    assert len(split.messages) == 3
    assert all(part.endswith("\n\n") for part in parts(split)[:-1])


def test_a_long_paragraph_is_parted_after_a_sentence_and_a_long_sentence_after_a_word() -> None:
    assert parts(messages(SENTENCE * 200))[0].endswith("skole. ")
    assert parts(messages("ordet " * 2_000))[0].endswith("ordet ")


def test_what_is_over_the_last_message_remains_for_a_file() -> None:
    split = messages(SENTENCE * 2_000, most=2)
    assert len(split.messages) == 2
    assert split.rest.startswith("Vi ønsker")
    assert split.rest.endswith("skole.")


@pytest.mark.parametrize("sign", ["e\u0323\u0301", "👍🏽", "👩‍👩‍👧", "🇩🇰", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
@pytest.mark.parametrize("limit", range(20, 34))
def test_no_sign_is_cut_in_two(sign: str, limit: int) -> None:
    whole = unicodedata.normalize("NFC", sign)
    assert cut(whole * 30, limit) % len(whole) == 0


def test_a_sign_without_end_is_cut_all_the_same() -> None:
    assert cut("a" + "\u0301" * 5_000, 3_000) == 3_000


def test_a_thousand_empty_lines_are_one() -> None:
    assert parts(messages("a" + "\n" * 9_000 + "b")) == ["a\n\nb"]


def test_a_heading_is_shortened_at_a_word_and_says_so() -> None:
    assert short("Bemærkninger  fra\nBy- og Miljøforvaltningen", 30) == "Bemærkninger fra By- og…"
    assert short("Kort", 4) == "Kort"
    assert short("Kort", 3) == "Ko…"
    assert short("👍👍👍", 4) == "👍…"
    assert short("x", 1) == "x"
    assert short("xy", 1) == "…"


@given(TEXTS, st.integers(1, 200))
def test_a_shortened_text_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = short(text, limit)
    assert units(line) <= limit
    assert line == " ".join(line.split())
