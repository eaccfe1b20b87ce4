"""The content of a notat as JSON, which others may write."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.notat import published
from handlers.notat.shape import Chapter, Notat, Role, Table, dump
from tests.render.sample import DRAFT
from tests.render.test_formats_agree import notats

BODY = DRAFT.chapters.index(next(chapter for chapter in DRAFT.chapters if chapter.body))


@given(notats())
def test_what_is_written_is_read_as_it_was(notat: Notat) -> None:
    assert published.read(json.dumps(dump(notat)).encode()) == notat


@given(st.binary(max_size=40))
def test_any_bytes_at_all_can_be_read(text: bytes) -> None:
    read = published.read(text)
    assert isinstance(read, Notat) or all(read)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b'{\n "title": }', "line 2, column 11: Expecting value"),
        (b"\xff\xff", "byte 0: the text is not UTF-8"),
        (b"[]", "the whole: Input should be an object"),
        (b"[" * 100_000, "the values are nested too deep"),
    ],
)
def test_what_is_no_content_is_told_with_its_place(text: bytes, told: str) -> None:
    assert published.read(text) == (told,)


def _broken(*path: str | int, value: Any = None) -> bytes:
    """The sample with another value in one place, or with nothing there."""
    values: Any = deepcopy(dump(DRAFT))
    within = values
    for step in path[:-1]:
        within = within[step]
    if value is None:
        del within[path[-1]]
    else:
        within[path[-1]] = value
    return json.dumps(values).encode()


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (_broken("title"), "title", "required"),
        (_broken("chapters", BODY, "role", value="kapitel"), f"chapters[{BODY}].role", "'submission'"),
        (_broken("chapters", BODY, "bdy", value=[]), f"chapters[{BODY}].bdy", "Unexpected"),
        (_broken("chapters", BODY, "body", 0, "kind"), f"chapters[{BODY}].body[0]", "kind"),
        (
            _broken("chapters", BODY, "body", 0, "runs", 0, "text", value=5),
            f"chapters[{BODY}].body[0].runs[0].text",
            "string",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_without_the_text(text: bytes, place: str, said: str) -> None:
    read = published.read(text)
    assert not isinstance(read, Notat)
    (told,) = read
    assert told.startswith(f"{place}: ")
    assert said in told


def _table(*rows: tuple[str, ...]) -> bytes:
    broken = replace(DRAFT, chapters=(Chapter(Role.PART, "a", (Table("Titel", ("a", "b"), rows),)),))
    return json.dumps(dump(broken)).encode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_table(("1", "2"), ("1",)), "chapters[0].body[0].rows[1]: 1 cells, where the header has 2"),
        (_table(("1", "2", "3")), "chapters[0].body[0].rows[0]: 3 cells, where the header has 2"),
        (_table(), "chapters[0].body[0].rows: a table must have a row with something in it"),
        (_table(("", " ")), "chapters[0].body[0].rows: a table must have a row with something in it"),
        (_broken("draft", value=" "), "findings: only a draft has them, and draft is empty"),
    ],
)
def test_what_would_be_left_out_without_a_word_is_refused(text: bytes, told: str) -> None:
    assert published.read(text) == (told,)


def test_half_a_sign_does_not_stop_the_rest() -> None:
    read = published.read(_broken("title", value="a\ud800b"))
    assert isinstance(read, Notat)
    assert read.title == "ab"


def test_the_schema_tells_what_must_be_there_and_what_kinds_there_are() -> None:
    drawn = published.schema()
    assert set(drawn["required"]) == set(dump(DRAFT))
    assert drawn["$defs"]["Para"]["required"] == ["kind", "runs"]
    assert drawn["$defs"]["Chapter"]["properties"]["body"]["items"]["discriminator"]["mapping"].keys() == {
        "para", "list", "table",
    }  # fmt: skip
