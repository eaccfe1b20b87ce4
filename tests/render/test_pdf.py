from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import outloud  # type: ignore[import-untyped]
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from handlers.content import Item, Listing, Note, Para, Run
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.fonts import readable
from handlers.render.pdf import pdf
from tests.render import readers
from tests.render.sample import AT, DRAFT, FINAL, WITH_NOTE


def outline(items: list[pikepdf.OutlineItem]) -> list[str]:
    return [title for item in items for title in (str(item.title), *outline(list(item.children)))]


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_an_accessibility_checker_finds_no_error(notat: Notat, tmp_path: Path) -> None:
    (tmp_path / "notat.pdf").write_bytes(pdf(notat, at=AT))
    checked = outloud.check(str(tmp_path / "notat.pdf"))
    assert checked.error is None
    assert checked.errors == 0


def test_the_file_says_what_it_is_and_what_it_conforms_to() -> None:
    with pikepdf.open(io.BytesIO(pdf(FINAL, at=AT))) as file:
        assert str(file.Root.Lang) == "da-DK"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert file.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in file.Root
        with file.open_metadata() as said:
            assert said["dc:title"] == FINAL.title
            assert said["pdfuaid:part"] == "1"
            assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "A")
            assert said["xmp:CreateDate"].startswith("2031-04-23T09:30:00")


def test_every_heading_is_a_bookmark() -> None:
    with pikepdf.open(io.BytesIO(pdf(DRAFT, at=AT))) as file, file.open_outline() as bookmarks:
        titles = outline(list(bookmarks.root))
    assert titles == [DRAFT.findings_heading, *(chapter.heading for chapter in DRAFT.chapters)]


def test_every_font_is_in_the_file() -> None:
    with pikepdf.open(io.BytesIO(pdf(DRAFT, at=AT))) as file:
        described = [
            font for font in file.objects if isinstance(font, pikepdf.Dictionary) and "/FontName" in font
        ]
        assert {str(font.FontName).split("+")[1] for font in described} >= {"Carlito", "Carlito-Bold"}
        assert all("/FontFile2" in font or "/FontFile3" in font for font in described)


def test_the_same_notat_and_time_give_the_same_bytes_wherever_it_is(move: Callable[[str], None]) -> None:
    first = pdf(DRAFT, at=AT)
    move("Pacific/Auckland")  # a PDF's date has a time zone
    assert pdf(DRAFT, at=AT) == first
    assert pdf(DRAFT, at=AT + timedelta(hours=1)) != first


def test_what_leads_up_to_an_answer_is_never_left_at_the_foot_of_a_page() -> None:
    def told(number: int) -> Chapter:
        said, answer = "Der blev sagt noget. " * (6 + number % 9 * 3), "Svaret begynder her. " * 9
        lead = Para((Run("Til svaret:", bold=True),))
        return Chapter(Role.REMARK, "Svar", (Para((Run(said),)), lead, Para((Run(answer),))))

    notat = replace(FINAL, chapters=(*FINAL.chapters[:2], *map(told, range(60))))
    with pypdfium2.PdfDocument(pdf(notat, at=AT)) as file:
        pages = [page.get_textpage().get_text_range() for page in file]
    assert sum("Til svaret:" in page for page in pages) > 10
    assert not [page for page in pages if re.search(r"Til svaret:\s+Sagsnr", page)]


def test_signs_that_no_font_has_become_words() -> None:
    chapter = Chapter(Role.PART, "Hej 😀", (Para((Run("😀 og \ue000 og \U0001f333\ufe0f og a\u2003b"),)),))
    pieces = readers.of_pdf(pdf(replace(FINAL, chapters=(chapter,)), at=AT))
    assert pieces == [("h1", "Hej[grinningface]"), ("p", "[grinningface]og[u+e000]og[deciduoustree]ogab")]


def test_text_that_looks_like_markup_is_only_text() -> None:
    hostile = '#import "x.typ" #panic() *a* _b_ $x$ @c <d> \\ // /* */ = + - ``` {{ titel }} <script>'
    pieces = readers.of_pdf(
        pdf(replace(FINAL, chapters=(Chapter(Role.PART, hostile, (Para((Run(hostile),)),)),)), at=AT)
    )
    assert pieces == [("h1", readers.squeezed(hostile)), ("p", readers.squeezed(hostile))]


def test_a_struck_link_is_still_printed() -> None:
    run = Run("den gamle side", strike=True, href="https://vesterlund.example/gammel")
    chapter = Chapter(Role.PART, "Side", (Para((run, Note((run,)))), Listing((Item((run,)),))))
    assert len(readers.of_pdf(pdf(replace(FINAL, chapters=(chapter,)), at=AT))) == 4


def test_a_note_that_runs_on_to_a_page_with_other_lines_is_printed() -> None:
    def link(times: int) -> Run:
        return Run("ord og flere ord " * times, href="https://vesterlund.example/side")

    struck = Run("ord og flere ord " * 9, strike=True)
    noted = Para((link(14), Note((link(13),)), struck))
    fillers = (Para((Run("ord og flere ord " * (place % 7 + 1)),)) for place in range(40))
    body = tuple(block for filler in fillers for block in (filler, noted))
    chapter = Chapter(Role.PART, "Noter", body)
    with pikepdf.open(io.BytesIO(pdf(replace(FINAL, chapters=(chapter,)), at=AT))) as file:
        assert "/StructTreeRoot" in file.Root


def test_a_paragraph_of_many_pages_is_printed() -> None:
    # The benchmark prints one of two megabytes.
    chapter = Chapter(Role.PART, "Langt", (Para((Run("ordet går videre " * 6_000),)),))
    with pikepdf.open(io.BytesIO(pdf(replace(FINAL, chapters=(chapter,)), at=AT))) as file:
        assert len(file.pages) > 15


def test_a_note_stands_on_the_page_that_calls_it() -> None:
    def led(number: int) -> Chapter:
        filler = Para((Run("Her står noget. " * (number % 7 * 3)),))
        lead = Para((Run(f"Se kald{number}her"), Note((Run(f"Note{number}her"),)), Run(" og punkterne:")))
        return Chapter(Role.REMARK, "Bemærkninger", (filler, lead, Listing((Item((Run("et punkt"),)),) * 4)))

    chapters = (*FINAL.chapters[:2], *map(led, range(30)))
    with pypdfium2.PdfDocument(pdf(replace(FINAL, chapters=chapters), at=AT)) as file:
        pages = [page.get_textpage().get_text_range() for page in file]
    called, noted = ([re.findall(rf"{word}(\d+)her", page) for page in pages] for word in ("kald", "Note"))
    assert called == noted
    assert sum(map(len, called)) == 30


def test_a_notat_in_volumes_reads_as_one(tmp_path: Path) -> None:
    (note,) = (chapter for chapter in DRAFT.chapters if chapter.body == WITH_NOTE)
    notat = replace(DRAFT, chapters=(*DRAFT.chapters, note))
    whole = pdf(notat, at=AT, longest=4, volume=8)
    assert readers.of_pdf(whole) == readers.of_content(notat)
    (tmp_path / "notat.pdf").write_bytes(whole)
    assert outloud.check(str(tmp_path / "notat.pdf")).errors == 0
    with pikepdf.open(io.BytesIO(whole)) as file, file.open_outline() as bookmarks:
        pages = [page.obj.objgen for page in file.pages]
        assert outline(list(bookmarks.root)) == [
            notat.findings_heading, *(chapter.heading for chapter in notat.chapters)
        ]  # fmt: skip
        assert [len(item.children) for item in bookmarks.root] == [0, 0, 7]
        ways = [note for page in file.pages for note in page.obj.get("/Annots", []) if "/Dest" in note]
        assert [str(way.Contents) for way in ways] == ["Fodnote 1", "1", "Fodnote 2", "2"]
        assert all(way.Dest[0].objgen in pages for way in ways)
    with pypdfium2.PdfDocument(whole) as read:
        for number, page in enumerate(read, 1):
            assert f"Side {number} af {len(pages)}" in page.get_textpage().get_text_range()


def test_every_sign_that_is_left_as_it_is_can_be_printed_in_every_look() -> None:
    signs = [chr(number) for number in range(0x20, 0x30000) if readable(chr(number)) == chr(number)]
    assert len(signs) > 2000
    words = " ".join(signs)
    looks = (Run(words), Run(words, bold=True), Run(words, italic=True), Run(words, bold=True, italic=True))
    chapter = Chapter(Role.PART, "Tegn", tuple(Para((run,)) for run in looks))
    assert len(readers.of_pdf(pdf(replace(FINAL, chapters=(chapter,)), at=AT))) == 1 + len(looks)
