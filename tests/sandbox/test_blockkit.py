"""Which blocks and views are refused, and why."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import check_blocks, check_view, with_ids
from tests.sandbox.building import actions, button, entry, modal, options, plain, section

Json = dict[str, Any]
DIVIDER: Json = {"type": "divider"}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def menu(**more: Any) -> list[Json]:
    return actions({"type": "static_select", "action_id": "m", "options": options("a", "b"), **more})


GOOD: list[list[Json]] = [
    [DIVIDER] * 50,
    section("x" * 3000),
    [{"type": "section", "fields": [mrkdwn("a"), plain("b")], "accessory": button("b")}],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [mrkdwn("a"), plain("b")]}],
    actions(button("a", "x" * 2000), button("b")),
    menu(initial_option=options("a")[0]),
    actions({"type": "overflow", "action_id": "o", "options": options("a")}),
    actions({"type": "checkboxes", "action_id": "c", "options": options("a", "b")}),
    [{"type": "markdown", "text": "# a"}],
]


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_is_taken(blocks: list[Json]) -> None:
    assert check_blocks(blocks) == []


BAD: list[tuple[Any, str]] = [
    ("text", "must be an array"),
    ([DIVIDER] * 51, "no more than 50 items allowed"),
    ([{"type": "carousel_of_mine"}], "unsupported type"),
    (["text"], "unsupported type"),
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters"),
    ([{"type": "section"}], "missing required field: text or fields"),
    ([{"type": "section", "text": "bar tekst"}], "must be an object"),
    ([{"type": "section", "fields": [plain("a")] * 11}], "no more than 10 items allowed"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    ([{"type": "header", "text": mrkdwn("a")}], "must be a valid enum value"),
    ([{**DIVIDER, "colour": "red"}], "invalid additional property: colour"),
    ([{**DIVIDER, "block_id": "a"}] * 2, "block_id must be unique"),
    ([{**DIVIDER, "block_id": "x" * 256}], "must be less than 256 characters"),
    ([{"type": "context", "elements": [plain("a")] * 11}], "no more than 10 items allowed"),
    (actions(*[button(str(n)) for n in range(26)]), "no more than 25 items allowed"),
    (actions(button("a"), button("a")), "action_id must be unique"),
    (actions(button("x" * 256)), "must be less than 256 characters"),
    (actions(button("a", "x" * 2001)), "must be less than 2001 characters"),
    (actions({**button("a"), "text": plain("x" * 76)}), "must be less than 76 characters"),
    (actions({**button("a"), "style": "blue"}), "must be a valid enum value"),
    (actions({"type": "plain_text_input", "action_id": "a"}), "not allowed in actions"),
    (menu(options=options(*(f"v{n}" for n in range(101)))), "no more than 100 items allowed"),
    (menu(initial_option=options("c")[0]), "initial option must match"),
    (menu(options=options("x" * 151)), "must be less than 151 characters"),
    (
        actions({"type": "radio_buttons", "action_id": "r", "options": options(*"abcdefghijk")}),
        "no more than 10",
    ),
    ([entry("b", {"type": "plain_text_input", "max_length": 3001})], "must be between 1 and 3000"),
    ([{"type": "rich_text", "elements": [{"type": "rich_text_table", "elements": []}]}], "unsupported type"),
    (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
            }
        ],
        "must be more than 0 characters",
    ),
]


@pytest.mark.parametrize(("blocks", "complaint"), BAD)
def test_what_slack_refuses_is_refused_with_its_place(blocks: Any, complaint: str) -> None:
    assert any(complaint in each for each in check_blocks(blocks))


BAD_VIEWS: list[tuple[Json, str]] = [
    (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
    (modal(callback_id="x" * 256), "must be less than 256 characters"),
    (modal(*[DIVIDER] * 101), "no more than 100 items allowed"),
    ({"type": "modal", "blocks": []}, "missing required field: title"),
    (modal(colour="red"), "invalid additional property: colour"),
    ({"type": "home", "blocks": []}, "must be a valid enum value"),
    (
        {"type": "modal", "title": plain("a"), "blocks": [entry("b", {"type": "plain_text_input"})]},
        "missing required field: submit",
    ),
]


@pytest.mark.parametrize(("view", "complaint"), BAD_VIEWS)
def test_views_that_slack_refuses_are_refused(view: Json, complaint: str) -> None:
    assert any(complaint in each for each in check_view(view, kind="modal"))


def test_blocks_and_elements_without_ids_are_given_some() -> None:
    element = button("a")
    del element["action_id"]
    fresh = iter("xyz")
    assert with_ids(actions(element), lambda: next(fresh)) == [
        {"type": "actions", "block_id": "x", "elements": [{**element, "action_id": "y"}]}
    ]
