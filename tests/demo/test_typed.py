"""What the demo's people type comes out whole at the other end of Slack."""

import re

import pytest

from bot.demo.shapes import Material
from bot.sandbox.writing import compose
from handlers.content import Block, Content, Listing, Note, Para, plain
from handlers.richtext.rich_text import read


@pytest.fixture(scope="session")
def typed(played: Material) -> tuple[Content, ...]:
    texts = (act.text for scene in played.scenes for act in scene.acts)
    readings = [read({"blocks": blocks, "text": text}) for blocks, text in map(compose, texts)]
    assert not [reading.unknown for reading in readings if reading.unknown]
    return tuple(reading.content for reading in readings)


def blocks(typed: tuple[Content, ...]) -> list[Block]:
    return [block for content in typed for block in content]


def test_every_paragraph_typed_is_one_block(played: Material, typed: tuple[Content, ...]) -> None:
    texts = [act.text for scene in played.scenes for act in scene.acts]
    assert [len(content) for content in typed] == [len(text.split("\n\n")) for text in texts]


def test_bullet_lists_and_numbered_lists_are_lists(typed: tuple[Content, ...]) -> None:
    lists = [block for block in blocks(typed) if isinstance(block, Listing)]
    assert sorted(listing.items[0].ordered for listing in lists) == [False] * 3 + [True] * 2
    assert all(len(listing.items) >= 3 for listing in lists)


def test_footnotes_carry_their_links(typed: tuple[Content, ...]) -> None:
    paragraphs = [block for block in blocks(typed) if isinstance(block, Para)]
    notes = [part for block in paragraphs for part in block.runs if isinstance(part, Note)]
    assert [any(run.href.startswith("https://") for run in note.runs) for note in notes] == [True, True]


def test_a_quotation_stands_apart(typed: tuple[Content, ...]) -> None:
    assert [block.quote for block in blocks(typed) if isinstance(block, Para)].count(True) == 1


def test_no_signs_of_typing_are_left(typed: tuple[Content, ...]) -> None:
    assert not [content for content in typed if re.search(r"[*_<>]|fodnote", plain(content))]
