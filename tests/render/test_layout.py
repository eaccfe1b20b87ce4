from __future__ import annotations

from dataclasses import replace

from handlers.content import Item, Listing, Note, Para, Run
from handlers.notat.shape import Body, Chapter, Fact, Role, Table
from handlers.render.layout import Grid, Paragraph, Points, layout
from tests.render.sample import DRAFT, FINAL


def test_a_level_is_never_skipped() -> None:
    chapters = (Chapter(Role.REMARK, "a"), Chapter(Role.REMARK, "b"), Chapter(Role.PART, "c"))
    assert [part.level for part in layout(replace(FINAL, chapters=chapters)).sections] == [1, 2, 1]


def test_a_text_without_a_heading_is_kept_and_opens_no_level() -> None:
    words = (Para((Run("tekst"),)),)
    chapters = (Chapter(Role.PART, " \n", words), Chapter(Role.SECTION, "b"), Chapter(Role.PART, "", ()))
    sections = layout(replace(FINAL, chapters=chapters)).sections
    assert [(part.heading, part.level, len(part.body)) for part in sections] == [("", 1, 1), ("b", 1, 0)]


def test_what_is_empty_is_not_printed() -> None:
    body = (
        Para((Run(" "), Run("\n"))),
        Para((Note((Run(""),)),)),
        Listing((Item((Run(""),)), Item(()))),
        Para((Run("  to "), Run(" ord\n\n her \t nu "))),
    )
    (part,) = layout(replace(FINAL, chapters=(Chapter(Role.PART, "a", body),))).sections
    assert part.body == (Paragraph((Run("to "), Run("ord\nher nu")), quote=False),)


def test_a_list_steps_one_level_at_a_time_and_parts_where_its_kind_changes() -> None:
    items = (Item((Run("a"),), 4), Item((Run("b"),), 9, ordered=True), Item((Run("c"),), 0, ordered=True))
    (part,) = layout(replace(FINAL, chapters=(Chapter(Role.PART, "a", (Listing(items),)),))).sections
    bullets, numbers = part.body
    assert isinstance(bullets, Points)
    assert isinstance(numbers, Points)
    assert (bullets.ordered, numbers.ordered) == (False, True)
    assert (bullets.points[0].lists[0].ordered, bullets.points[0].lists[0].level) == (True, 1)
    assert numbers.points[0].runs == (Run("c"),)


def test_notes_are_numbered_through_the_whole_notat() -> None:
    note = Para((Run("a"), Note((Run("b"),))))
    chapters = (
        Chapter(Role.PART, "a", (note, Listing((Item(note.runs),)))),
        Chapter(Role.PART, "b", (note,)),
    )
    printed = layout(replace(DRAFT, findings=(note,), chapters=chapters))
    assert [mark.number for mark in printed.notes] == [1, 2, 3, 4]


def test_only_a_draft_prints_its_findings() -> None:
    assert layout(replace(DRAFT, draft="")).findings is None
    assert layout(replace(DRAFT, findings=())).findings is None
    assert layout(DRAFT).findings is not None


def test_a_draft_with_nothing_missing_still_begins_at_the_first_level() -> None:
    printed = layout(replace(DRAFT, findings=(), chapters=(Chapter(Role.SECTION, "a"),)))
    assert [part.level for part in printed.sections] == [1]


def test_one_line_pieces_are_one_clean_line() -> None:
    printed = layout(replace(FINAL, title=" a\n b\u202e\ud800 ", facts=(Fact("x\ny", " z "), Fact("", ""))))
    assert printed.title == "a b"
    assert printed.facts == (Fact("x y", "z"),)


def test_a_notat_without_a_title_is_called_what_it_is() -> None:
    assert layout(replace(FINAL, title=" ")).title == "Høringsnotat"


def _printed(*body: Para | Listing | Table) -> tuple[Paragraph | Points | Grid, ...]:
    given: Body = body
    (part,) = layout(replace(FINAL, chapters=(Chapter(Role.PART, "a", given),))).sections
    return part.body


def test_what_only_says_what_comes_stays_with_it() -> None:
    first, lead, words, to_list, points, last = _printed(
        Para((Run("Høringssvar 2 og 5."),)), Para((Run("Til høringssvar 2:", bold=True),)),
        Para((Run("Ja."),)), Para((Run("Disse " * 20),)), Listing((Item((Run("b"),)),)), Para((Run("Og:"),)),
    )  # fmt: skip
    leads = [block.leads for block in (first, lead, words, to_list, last) if isinstance(block, Paragraph)]
    assert leads == [True, True, False, True, False]
    assert isinstance(points, Points)


def test_columns_of_marks_leave_the_room_to_the_names() -> None:
    header = ("Høringspart", "Har svaret", "Med bemærkninger")
    (ticks,) = _printed(Table("Parter", header, (("Havnens Lokaludvalg", "X", ""),)))
    (words,) = _printed(Table("Parter", header, (("Havnens Lokaludvalg", "Ja, til dels", ""),)))
    assert isinstance(ticks, Grid)
    assert isinstance(words, Grid)
    assert (ticks.widths, words.widths) == ((73, 9, 18), (30, 35, 35))


def test_no_line_parts_a_submission_from_the_heading_that_it_stands_directly_below() -> None:
    chapters = (
        Chapter(Role.PART, "Parkforvaltningen"), Chapter(Role.SUBMISSION, "Træer", (Para((Run("Ja."),)),)),
        Chapter(Role.SUBMISSION, "Bænke"),
    )  # fmt: skip
    ruled = [part.ruled for part in layout(replace(FINAL, chapters=chapters)).sections]
    assert ruled == [False, False, True]
