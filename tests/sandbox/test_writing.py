"""What a person types, and what Slack's client makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit import check_blocks
from bot.sandbox.writing import compose

Json = dict[str, Any]


def parts(typed: str) -> list[Json]:
    blocks, _text = compose(typed)
    elements: list[Json] = blocks[0]["elements"]
    return elements


def test_paragraphs_stay_in_one_section_with_their_line_breaks() -> None:
    assert parts("Første.\n\nAndet.") == [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Første.\n\nAndet."}]}
    ]


def test_a_list_within_a_list_is_a_new_list_with_more_indent() -> None:
    found = parts("Vi mener:\n- et\n  - to\n- tre\n1. fire")
    assert [(each.get("style"), each.get("indent")) for each in found] == [
        (None, None),
        ("bullet", 0),
        ("bullet", 1),
        ("bullet", 0),
        ("ordered", 0),
    ]
    assert found[0]["elements"][0]["text"] == "Vi mener:\n"


def test_quotes_and_code_are_parts_of_their_own() -> None:
    assert [each["type"] for each in parts("> citat\n```\nkode\n```\nslut")] == [
        "rich_text_quote",
        "rich_text_preformatted",
        "rich_text_section",
    ]


@pytest.mark.parametrize(
    ("typed", "element"),
    [
        ("*fed*", {"type": "text", "text": "fed", "style": {"bold": True}}),
        ("_skrå_", {"type": "text", "text": "skrå", "style": {"italic": True}}),
        ("~væk~", {"type": "text", "text": "væk", "style": {"strike": True}}),
        ("*_begge_*", {"type": "text", "text": "begge", "style": {"bold": True, "italic": True}}),
        ("`kode`", {"type": "text", "text": "kode", "style": {"code": True}}),
        ("<https://a.example|her>", {"type": "link", "url": "https://a.example", "text": "her"}),
        ("https://a.example/b", {"type": "link", "url": "https://a.example/b"}),
        ("<@U1ANNA>", {"type": "user", "user_id": "U1ANNA"}),
        (":eyes:", {"type": "emoji", "name": "eyes"}),
        ("2 * 3 * 4", {"type": "text", "text": "2 * 3 * 4"}),
        ("snake_case_navn", {"type": "text", "text": "snake_case_navn"}),
        ("kl. 10:30:00", {"type": "text", "text": "kl. 10:30:00"}),
    ],
)
def test_signs_become_elements(typed: str, element: Json) -> None:
    assert parts(typed)[0]["elements"] == [element]


def test_a_full_stop_after_a_link_is_not_part_of_it() -> None:
    assert parts("Se https://a.example.")[0]["elements"][1:] == [
        {"type": "link", "url": "https://a.example"},
        {"type": "text", "text": "."},
    ]


def test_the_text_is_escaped_and_flattened_but_the_blocks_are_not() -> None:
    blocks, text = compose("a < b & c\n- punkt\n1. tal\n> citat <https://a.example|her>")
    assert text == "a &lt; b &amp; c\n• punkt\n1. tal\n&gt; citat <https://a.example|her>"
    assert blocks[0]["elements"][0]["elements"][0]["text"] == "a < b & c\n"


def test_nothing_typed_is_nothing_said() -> None:
    assert compose(" \n ") == ([], " \n ")


@given(st.text(alphabet=st.sampled_from("ab *_~`<>|@#-1. \n:/&")))
def test_whatever_is_typed_slack_takes_the_blocks(typed: str) -> None:
    blocks, _text = compose(typed)
    assert check_blocks(blocks) == []
