"""What people write in Slack reaches the notat as they meant it, and can be shown to them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from handlers.content import Content, Item, Listing, Note, Para, Run, clean, plain
from handlers.richtext.mentions import Names, mentioned
from handlers.richtext.rich_text import Reading, read, rich_text

NAMES = Names({"U1": "Anne Holm", "C1": "teknik", "S1": "Planteamet"}, "en kollega", "en kanal", "en gruppe")


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def points(*words: str, indent: int = 0, style: str = "bullet", **more: Any) -> dict[str, Any]:
    elements = [section(text(word)) for word in words]
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements} | more


def message(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"blocks": [{"type": "rich_text", "block_id": "ezJ", "elements": list(elements)}]} | more


def reading(*elements: Any) -> Reading:
    return read(message(*elements), names=NAMES)


def only(*inline: Any) -> Sequence[Any]:
    """The inlines of the one paragraph that these elements give."""
    (paragraph,) = reading(section(*inline)).content
    assert isinstance(paragraph, Para)
    return paragraph.runs


def test_a_message_as_slack_sends_it_is_read_from_its_blocks() -> None:
    sent = {
        "client_msg_id": "a8744611-0210-4f85-9f15-5faf7fb225c8",
        "type": "message",
        "text": "Tak for svaret &amp; god dag",
        "user": "W111",
        "ts": "1596183880.004200",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "ezJ",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "Tak for svaret & god dag"}],
                    }
                ],
            }
        ],
    }
    assert read(sent) == Reading((Para((Run("Tak for svaret & god dag"),)),))


def test_every_line_end_begins_a_paragraph_and_empty_lines_are_not_kept() -> None:
    found = reading(section(text("Første.\nAndet.\n\n \n"), text("Tredje", bold=True), text(".\n"))).content
    assert found == (
        Para((Run("Første."),)),
        Para((Run("Andet."),)),
        Para((Run("Tredje", bold=True), Run("."))),
    )


def test_looks_are_kept_and_code_and_underline_are_only_words() -> None:
    assert only(
        text("fed", bold=True),
        text(" "),
        text("kursiv", italic=True),
        text(" "),
        text("væk", strike=True),
        text(" kode", code=True),
        text(" streg", underline=True),
    ) == (
        Run("fed", bold=True),
        Run(" "),
        Run("kursiv", italic=True),
        Run(" "),
        Run("væk", strike=True),
        Run(" kode streg"),
    )


def test_nested_and_mixed_lists_are_one_list() -> None:
    assert reading(
        section(text("Vi foreslår:")),
        points("stier", "cykler"),
        points("først", "siden", indent=1, style="ordered"),
        points("bænke"),
    ).content == (
        Para((Run("Vi foreslår:"),)),
        Listing(
            (
                Item((Run("stier"),)),
                Item((Run("cykler"),)),
                Item((Run("først"),), level=1, ordered=True),
                Item((Run("siden"),), level=1, ordered=True),
                Item((Run("bænke"),)),
            )
        ),
    )


def test_lists_parted_by_an_empty_line_stay_two() -> None:
    found = reading(points("a", style="ordered"), section(text("\n")), points("b", style="ordered")).content
    assert found == (Listing((Item((Run("a"),), ordered=True),)), Listing((Item((Run("b"),), ordered=True),)))


def test_a_line_end_inside_a_point_is_a_space_and_an_empty_point_is_none() -> None:
    assert reading(points("ny\nvej", "  ")).content == (Listing((Item((Run("ny vej"),)),)),)


@pytest.mark.parametrize(("indent", "level"), [(-1, 0), (99, 8), ("2", 0), (None, 0), (1.5, 0)])
def test_a_level_that_slack_never_sends_is_brought_within_bounds(indent: Any, level: int) -> None:
    assert reading(points("a") | {"indent": indent}).content == (Listing((Item((Run("a"),), level=level),)),)


def test_quotes_and_preformatted_text_are_paragraphs() -> None:
    quote = {"type": "rich_text_quote", "elements": [text("Parten skriver\nto linjer")]}
    code = {"type": "rich_text_preformatted", "elements": [text("§ 1\n  § 2")], "border": 0}
    assert reading(quote, code).content == (
        Para((Run("Parten skriver"),), quote=True),
        Para((Run("to linjer"),), quote=True),
        Para((Run("§ 1"),)),
        Para((Run("§ 2"),)),
    )


def test_a_link_keeps_its_words_or_shows_its_address() -> None:
    assert only(
        {"type": "link", "url": "https://plan.example/1", "text": "planen", "style": {"bold": True}},
        text(", "),
        {"type": "link", "url": "https://plan.example/2"},
        text(", "),
        {"type": "link", "url": "mailto:plan@by.example"},
    ) == (
        Run("planen", bold=True, href="https://plan.example/1"),
        Run(", "),
        Run("https://plan.example/2", href="https://plan.example/2"),
        Run(", "),
        Run("plan@by.example", href="mailto:plan@by.example"),
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tel:+4511111111", "file:///etc/passwd", "slack://x"])
def test_an_address_that_a_reader_may_not_follow_is_only_words(url: str) -> None:
    assert only({"type": "link", "url": url, "text": "her"}) == (Run("her"),)
    assert only({"type": "link", "url": url}) == (Run(url),)


def test_mentions_become_names() -> None:
    assert only(
        {"type": "user", "user_id": "U1"},
        text(" i "),
        {"type": "channel", "channel_id": "C1"},
        text(" fra "),
        {"type": "usergroup", "usergroup_id": "S1"},
        text(" til "),
        {"type": "broadcast", "range": "here"},
    ) == (Run("Anne Holm i #teknik fra Planteamet til @here"),)


def test_an_id_that_nobody_knows_is_never_shown() -> None:
    unknown = (
        {"type": "user", "user_id": "U9"},
        text(" "),
        {"type": "channel", "channel_id": "C9"},
        text(" "),
        {"type": "usergroup", "usergroup_id": "S9"},
        text(" "),
        {"type": "team", "team_id": "T9"},
    )
    assert only(*unknown) == (Run("en kollega en kanal en gruppe en gruppe"),)
    bare = read(message(section(*unknown))).content
    assert bare == (Para((Run("@… #… @… @…"),)),)


def test_emoji_are_signs_and_those_of_the_house_are_named() -> None:
    assert only(
        {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fd", "skin_tone": 4},
        {"type": "emoji", "name": "hjerte", "unicode": "2764-fe0f"},
        {"type": "emoji", "name": "byvaaben"},
        {"type": "emoji", "name": "odd", "unicode": "ffffff"},
    ) == (Run("👍🏽❤️:byvaaben::odd:"),)


def test_dates_and_colours_are_their_words() -> None:
    date = {"type": "date", "timestamp": 1720710212, "format": "{date}", "fallback": "11. juli 2024"}
    assert only(date, text(" "), {"type": "color", "value": "#AA00BB"}) == (Run("11. juli 2024 #AA00BB"),)


def test_a_date_without_its_words_is_the_day() -> None:
    assert only({"type": "date", "timestamp": 1720710212, "format": "{date}"}) == (Run("11. juli 2024"),)
    found = reading(section(text("Den "), {"type": "date", "timestamp": 10**20, "format": "{date}"}))
    assert found == Reading((Para((Run("Den"),)),), ("date",))


def test_what_is_unknown_gives_its_words_and_names_its_type() -> None:
    found = reading(
        section(text("Se "), {"type": "canvas", "fallback": "lærredet"}, {"type": 7}, {"no": "type"}),
        {"type": "rich_text_poll", "elements": [section(text("ja")), {"action_id": "x", "text": "Stem"}]},
    )
    assert found.content == (Para((Run("Se lærredet"),)), Para((Run("ja"),)))
    assert found.unknown == ("?", "canvas", "rich_text_poll")


def test_a_pasted_table_gives_a_paragraph_for_each_row() -> None:
    cell = {"type": "rich_text", "elements": [section(text("1"), text("2", bold=True))]}
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "Vej"}, cell]]}
    sent = message(section(text("Tabel:")), attachments=[{"blocks": [table]}, {"text": "et udfoldet link"}])
    assert read(sent) == Reading((Para((Run("Tabel:"),)), Para((Run("Vej | 12"),))), ("table",))


def test_a_footnote_stands_where_it_was_typed() -> None:
    assert only(text("Planen [fodnote: Vedtaget 1. maj.] gælder.")) == (
        Run("Planen"),
        Note((Run("Vedtaget 1. maj."),)),
        Run(" gælder."),
    )


def test_a_footnote_may_hold_links_and_looks() -> None:
    assert only(
        text("Planen", bold=True),
        text("[FODNOTE:"),
        text(" Se ", italic=True),
        {"type": "link", "url": "https://plan.example/[::1]", "text": "planen ] her"},
        text(" ]", bold=True),
        text("."),
    ) == (
        Run("Planen", bold=True),
        Note((Run("Se ", italic=True), Run("planen ] her", href="https://plan.example/[::1]"))),
        Run("."),
    )


def test_a_footnote_that_ends_in_a_bare_address_still_ends() -> None:
    swallowed = {"type": "link", "url": "https://plan.example/1]."}
    assert only(text("Ja [fodnote: "), swallowed) == (
        Run("Ja"),
        Note((Run("https://plan.example/1", href="https://plan.example/1"),)),
        Run("."),
    )


@pytest.mark.parametrize(
    "words",
    ["Ja [fodnote: uden ende", "Ja [fodnote: ]", "Ja [fodnote uden kolon]", "Ja [note: x]", "] [ [x]"],
)
def test_brackets_that_are_no_footnote_stay_text(words: str) -> None:
    assert only(text(words)) == (Run(words),)


def test_brackets_inside_a_footnote_stay_text_in_it() -> None:
    assert only(text("Ja [fodnote: jf. [1] og [fodnote: to]]!")) == (
        Run("Ja"),
        Note((Run("jf. [1] og [fodnote: to]"),)),
        Run("!"),
    )


def test_a_footnote_may_stand_alone_in_quotes_and_in_points() -> None:
    quote = {"type": "rich_text_quote", "elements": [text("[Fodnote: a]")]}
    assert reading(quote, points("b [fodnote:c]")).content == (
        Para((Note((Run("a"),)),), quote=True),
        Listing((Item((Run("b"), Note((Run("c"),)))),)),
    )


def test_a_message_without_rich_text_is_read_from_its_text() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "andet"}}]
    assert read({"text": "*hej*", "blocks": blocks}).content == (Para((Run("hej", bold=True),)),)
    assert read({"text": "hej", "blocks": []}).content == (Para((Run("hej"),)),)
    assert read({"text": "hej", "blocks": [{"type": "rich_text"}]}).content == (Para((Run("hej"),)),)
    assert read({}) == Reading(())


def test_text_in_blocks_is_not_unescaped() -> None:
    assert only(text("&amp; <@U1> *ikke fed*")) == (Run("&amp; <@U1> *ikke fed*"),)


def test_everything_is_cleaned_on_its_way_in() -> None:
    assert only(text("A\u202ebc\x00"), text("e"), text("\u0301 \t x\ud800")) == (Run("Abc\u00e9 x"),)


def test_the_ids_a_message_points_at_are_known_before_it_is_read() -> None:
    user, channel = {"type": "user", "user_id": "U1"}, {"type": "channel", "channel_id": "C1"}
    nested = points() | {"elements": [section({"type": "usergroup", "usergroup_id": "S1"})]}
    sent = message(section(user, channel), nested, text="<@W2|x> <#C2|y> <!subteam^S2> <!here> <https://U3>")
    assert mentioned(sent) == {"U1", "C1", "S1", "W2", "C2", "S2"}
    assert mentioned({}) == frozenset()


def test_a_draft_is_shown_with_its_notes_typed_back() -> None:
    content: Content = (
        Para((Run("Et", bold=True), Note((Run("to"),)), Run("."))),
        Para((Run("Sagt"),), quote=True),
        Listing((Item((Run("a"),)), Item((Run("x"),), level=1))),
    )
    bold = {"type": "text", "text": "Et", "style": {"bold": True}}
    assert rich_text(content) == [
        {
            "type": "rich_text",
            "elements": [
                section(bold, text(" [fodnote: to].")),
                {"type": "rich_text_quote", "elements": [text("Sagt")]},
                points("a"),
                points("x", indent=1),
            ],
        }
    ]


def test_a_count_goes_on_after_a_list_within_a_list() -> None:
    listing = Listing(
        (
            Item((Run("a"),), ordered=True),
            Item((Run("x"),), level=1, ordered=True),
            Item((Run("b"),), ordered=True),
            Item((Run("y"),), level=1, ordered=True),
        )
    )
    (block,) = rich_text((listing,))
    assert [part.get("offset", 0) for part in block["elements"]] == [0, 0, 1, 0]


def test_a_long_paragraph_is_shown_in_pieces_that_slack_takes_and_read_as_one() -> None:
    content: Content = (Para((Run("Ordet 👍 e\u0323\u0301 " * 500 + "."),)),)
    (block,) = rich_text(content)
    pieces = [part["text"] for part in block["elements"][0]["elements"]]
    assert len(pieces) > 1
    assert all(len(piece.encode("utf-16-le")) <= 6_000 for piece in pieces)
    assert read({"blocks": [block]}).content == (Para((Run(clean(plain(content))),)),)


def test_no_content_gives_no_blocks() -> None:
    assert rich_text(()) == []
