"""PDFs: text, filled forms and notes are read, words come whole, and pages without end are not begun."""

from __future__ import annotations

import zlib

import pytest
import typst

from handlers.annex.reading import extracted
from storage.words import Outcome
from tests.handlers import papers
from tests.handlers.papers import PDF, TREES


def read(payload: bytes) -> str:
    return extracted(payload, content_type=PDF).text


def test_words_that_were_divided_at_line_ends_come_whole() -> None:
    source = """#set page(width: 150pt, height: 300pt)
#set text(lang: "da", hyphenate: true)
#set par(justify: true)
Bevaringsværdige bygningsfacader langs havnepromenaden skal opretholdes uanset støjbelastningen og e-mail."""
    text = " ".join(read(typst.compile(source.encode())).split())
    assert text.startswith("Bevaringsværdige bygningsfacader langs havnepromenaden skal opretholdes")
    assert "e-mail" in text


def test_each_line_and_page_is_its_own() -> None:
    assert read(papers.pdf(papers.lines("Første", "Anden"), pages=2)) == "Første\nAnden\n\nFørste\nAnden"


def test_what_is_typed_into_a_form_is_read() -> None:
    assert read(papers.annotated(Widget=TREES)) == TREES


@pytest.mark.parametrize("kind", ["FreeText", "Text"])
def test_what_is_written_on_top_of_a_page_is_read(kind: str) -> None:
    assert read(papers.annotated(**{kind: TREES})) == TREES


def test_where_a_link_leads_is_no_text() -> None:
    assert extracted(papers.annotated(Link="x"), content_type=PDF).outcome == Outcome.EMPTY


def test_a_stream_that_is_packed_twice_is_read() -> None:
    twice = zlib.compress(zlib.compress(papers.lines(TREES)))
    assert read(papers.pdf(twice, packing="/FlateDecode/FlateDecode")) == TREES


def test_more_pages_than_anyone_reads_are_too_large() -> None:
    found = extracted(papers.pdf(papers.lines("Hej"), pages=5_001), content_type=PDF)
    assert found.outcome == Outcome.TOO_LARGE


def test_a_page_tree_that_holds_itself_ends() -> None:
    ring = papers.pdf(papers.lines(TREES)).replace(b"/Kids[5 0 R]", b"/Kids[2 0 R]")
    assert extracted(ring, content_type=PDF).outcome in {Outcome.DAMAGED, Outcome.EMPTY}
