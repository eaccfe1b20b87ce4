"""Messages that have only a text: bots, integrations, old messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.content import Content, Item, Listing, Note, Para, Run
from handlers.richtext.mentions import Names
from handlers.richtext.mrkdwn import content

NAMES = Names({"U1": "Anne Holm", "C1": "teknik", "S1": "Planteamet"}, "en kollega", "en kanal", "en gruppe")


def read(text: str) -> Content:
    return content(text, names=NAMES)


def only(text: str) -> Any:
    (paragraph,) = read(text)
    assert isinstance(paragraph, Para)
    return paragraph.runs


def point(words: str, level: int = 0, *, ordered: bool = False) -> Item:
    return Item((Run(words),), level=level, ordered=ordered)


def test_looks_are_read_and_may_stand_within_each_other() -> None:
    assert only("*fed* og _skrå *begge*_ og ~væk~, `kode *x*`") == (
        Run("fed", bold=True),
        Run(" og "),
        Run("skrå ", italic=True),
        Run("begge", bold=True, italic=True),
        Run(" og "),
        Run("væk", strike=True),
        Run(", kode *x*"),
    )


@pytest.mark.parametrize(
    "text", ["3 * 4 * 5", "fil_navn_her", "*åben", "lukket*", "**", "_ _", "~", "2*3*4", "a `", "a < b", "<"]
)
def test_signs_that_set_no_look_stay(text: str) -> None:
    assert only(text) == (Run(text),)


def test_the_three_escapes_are_undone_once() -> None:
    assert only("&lt;b&gt; &amp;amp; &amp;lt; &quot;") == (Run("<b> &amp; &lt; &quot;"),)


def test_links_keep_their_words_or_show_their_address() -> None:
    assert only("<https://by.example/?a=1&amp;b=2|planen>, <https://by.example>, <mailto:a@by.example>") == (
        Run("planen", href="https://by.example/?a=1&b=2"),
        Run(", "),
        Run("https://by.example", href="https://by.example"),
        Run(", "),
        Run("a@by.example", href="mailto:a@by.example"),
    )
    assert only("<javascript:x|her> <tag>") == (Run("her <tag>"),)


def test_mentions_become_names_and_an_id_is_never_shown() -> None:
    assert only("<@U1> <@U9> <@U9|bo> <#C1|x> <#C9|drift> <#C9> <!subteam^S1> <!subteam^S9>") == (
        Run("Anne Holm en kollega bo #teknik #drift en kanal Planteamet en gruppe"),
    )
    assert only("<!here> <!channel> <!here|@here> <!date^1720710212^{date}|11. juli 2024>") == (
        Run("@here @channel @here 11. juli 2024"),
    )


def test_lists_as_slack_flattens_them_are_one_list() -> None:
    assert read("Vi foreslår:\n• stier\n    ◦ smalle\n        ▪︎ *grus*\n• bænke\nTak.") == (
        Para((Run("Vi foreslår:"),)),
        Listing(
            (
                point("stier"),
                point("smalle", 1),
                Item((Run("grus", bold=True),), level=2),
                point("bænke"),
            )
        ),
        Para((Run("Tak."),)),
    )


def test_lines_that_count_up_are_a_list() -> None:
    assert read("1. a\n    • x\n2. b\n\n3. c") == (
        Listing(
            (point("a", ordered=True), point("x", 1), point("b", ordered=True), point("c", ordered=True)),
        ),
    )


@pytest.mark.parametrize(
    "text", ["15. juni holdes møde.", "1. juni holdes møde.", "2. a\n3. b", "1. a\n1. b"]
)
def test_a_number_that_does_not_count_stays_in_the_text(text: str) -> None:
    assert read(text) == tuple(Para((Run(line),)) for line in text.split("\n"))


def test_quoted_lines_are_quotes() -> None:
    assert read("&gt; Parten *skriver*\n> to linjer\nVi svarer") == (
        Para((Run("Parten "), Run("skriver", bold=True)), quote=True),
        Para((Run("to linjer"),), quote=True),
        Para((Run("Vi svarer"),)),
    )
    assert read("a\n&gt;&gt;&gt; b\nc") == (
        Para((Run("a"),)),
        Para((Run("b"),), quote=True),
        Para((Run("c"),), quote=True),
    )


def test_preformatted_text_is_plain_lines() -> None:
    assert read("før ```• *a*\n&lt;b&gt;``` efter") == tuple(
        Para((Run(line),)) for line in ("før", "• *a*", "<b>", "efter")
    )
    assert read("``` uden ende") == (Para((Run("``` uden ende"),)),)


def test_a_footnote_with_a_link_is_a_note() -> None:
    assert only("Ja [fodnote: se <https://by.example|planen>].") == (
        Run("Ja"),
        Note((Run("se "), Run("planen", href="https://by.example"))),
        Run("."),
    )


@given(st.text() | st.text(alphabet="*_~`<>|&;@#!•◦-1.)( \t\nab[]fodnote:"))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read(text), tuple)


@pytest.mark.parametrize("hostile", ["*a ", "<", "`", "[fodnote: ", "]", "_*~a", "• ", "1. a\n", "> ", "```"])
@pytest.mark.timeout(10)
def test_forty_thousand_signs_of_anything_are_read_in_good_time(hostile: str) -> None:
    assert read(hostile * (40_000 // len(hostile))) is not None
