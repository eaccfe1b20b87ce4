"""Laws of reading and showing: nothing fails, and what was read once is read the same again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import RichTextBlock

from handlers.content import Block, Content, Item, Listing, Note, Para, Run, dump, load
from handlers.richtext.mentions import mentioned
from handlers.richtext.rich_text import Reading, read, rich_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [f"rich_text{part}" for part in ("", "_section", "_list", "_quote", "_preformatted", "_new")]
    + ["text", "link", "user", "channel", "usergroup", "team", "emoji", "broadcast", "date", "color", "table"]
)
TYPED = st.text() | st.text(alphabet="[]fodnote: \nab*_~<>|&;@#!•1.`")
NEARLY_SLACK = st.recursive(
    JSON | TYPED,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.fixed_dictionaries(
            {"type": TYPES | inner},
            optional={
                "elements": st.lists(inner, max_size=5) | inner,
                "text": TYPED | inner,
                "style": st.fixed_dictionaries({}, optional={"bold": st.booleans(), "italic": inner}) | inner,
                "url": st.just("https://by.example") | TYPED | inner,
                "indent": inner,
                "unicode": st.just("1f44d") | inner,
                "user_id": st.just("U1") | inner,
                "fallback": inner,
                "rows": inner,
            },
        )
    ),
    max_leaves=20,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "text": TYPED | JSON,
        "blocks": NEARLY_SLACK
        | st.lists(
            st.fixed_dictionaries(
                {"type": st.just("rich_text"), "elements": st.lists(NEARLY_SLACK, max_size=4)}
            ),
            max_size=3,
        ),
        "attachments": NEARLY_SLACK,
    },
)


@given(MESSAGES | st.dictionaries(st.text(), JSON))
def test_any_message_at_all_can_be_read_and_shown_and_read_again(sent: dict[str, Any]) -> None:
    found = read(sent).content
    again = load(json.loads(json.dumps(dump(found))))
    assert read({"blocks": rich_text(again)}).content == found
    assert isinstance(mentioned(sent), frozenset)


@given(st.lists(st.tuples(TYPED, st.booleans(), st.booleans()), max_size=8))
def test_whatever_is_typed_in_a_section_reads_the_same_when_shown(
    typed: list[tuple[str, bool, bool]],
) -> None:
    elements = [
        {"type": "text", "text": words, "style": {"bold": bold, "italic": italic}}
        for words, bold, italic in typed
    ]
    section = {"type": "rich_text_section", "elements": elements}
    found = read({"blocks": [{"type": "rich_text", "elements": [section]}]}).content
    assert read({"blocks": rich_text(found)}).content == found


LOOKS = [Run(""), Run("", bold=True), Run("", italic=True, strike=True), Run("", href="https://by.example/æ")]
WORD = st.text(alphabet="abcæøåÆØÅ§.,–»«()&<>*_~@#1👍", min_size=1, max_size=8)


@st.composite
def runs(draw: st.DrawFn, *, first: int = 0) -> tuple[Run, ...]:
    """Neighbours with different looks and one space between."""
    words = draw(st.lists(WORD, min_size=1, max_size=4))
    looks = [LOOKS[(first + number) % len(LOOKS)] for number in range(len(words))]
    spaced = [word if number == 0 else f" {word}" for number, word in enumerate(words)]
    return tuple(
        Run(word, look.bold, look.italic, look.strike, look.href)
        for word, look in zip(spaced, looks, strict=True)
    )


@st.composite
def inlines(draw: st.DrawFn) -> tuple[Run | Note, ...]:
    before = draw(runs())
    if not draw(st.booleans()):
        return before
    note = Note(draw(runs(first=draw(st.integers(0, 3)))))
    after = draw(runs()) if draw(st.booleans()) else ()
    return (*before, note, *after)


PARAS = st.builds(Para, inlines(), st.booleans())
ITEMS = st.builds(Item, inlines(), st.integers(0, 8), st.booleans())
LISTINGS = st.builds(Listing, st.lists(ITEMS, min_size=1, max_size=5).map(tuple))
CONTENTS: st.SearchStrategy[tuple[Block, ...]] = st.lists(PARAS | LISTINGS, max_size=6).map(tuple)


@given(CONTENTS)
def test_content_survives_slack(content: Content) -> None:
    assert read({"blocks": rich_text(content)}) == Reading(content)


@given(CONTENTS)
def test_slacks_own_models_know_every_block_and_element(content: Content) -> None:
    for block in rich_text(content):
        parsed = SlackBlock.parse(block)
        assert isinstance(parsed, RichTextBlock)
        assert parsed.to_dict() == block
