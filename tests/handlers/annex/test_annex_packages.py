"""Word processors' packages: what stands in them is read, what was struck out or stands twice is not."""

from __future__ import annotations

import pytest

from handlers.annex.packages import MAX_UNPACKED, MAX_XML
from handlers.annex.reading import extracted
from handlers.annex.shape import MAX_TEXT
from storage.words import Outcome
from tests.handlers import papers
from tests.handlers.papers import DOCX, ODT

HELD = "<w:r><w:t>{}</w:t></w:r>"


def word(body: str, **parts: str) -> str:
    return extracted(papers.word(body, **parts), content_type=DOCX).text


def writer(body: str) -> str:
    return extracted(papers.writer(body), content_type=ODT).text


def test_signs_that_xml_writes_in_a_roundabout_way_are_kept() -> None:
    assert word("<w:p><w:r><w:t>Støj &lt; 55 dB &amp; lys &#230; &quot;nat&quot;</w:t></w:r></w:p>") == (
        'Støj < 55 dB & lys æ "nat"'
    )
    assert writer("<text:p>Støj &lt; 55 dB &amp; lys</text:p>") == "Støj < 55 dB & lys"


def test_a_word_that_is_split_over_runs_is_one_word() -> None:
    assert word(
        f"<w:p>{HELD.format('Bal')}<w:proofErr/>{HELD.format('last')}{HELD.format('kajen')}</w:p>"
    ) == ("Ballastkajen")


def test_tabs_breaks_and_hard_hyphens_are_signs() -> None:
    run = "<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t>"
    assert word(f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>{run}</w:r></w:p>") == "a\tb\nc-d"


def test_what_was_struck_out_is_not_read_and_what_was_put_in_is() -> None:
    struck = "<w:del><w:r><w:delText>gammel</w:delText><w:t>gammel</w:t></w:r></w:del>"
    assert word(f"<w:p>{struck}<w:ins>{HELD.format('ny')}</w:ins></w:p>") == "ny"
    assert writer(
        "<text:tracked-changes><text:p>gammel</text:p></text:tracked-changes><text:p>ny</text:p>"
    ) == ("ny")


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boks</w:t></w:r></w:p></w:txbxContent>"
    both = f"<a:Choice xmlns:a='a'>{box}</a:Choice><a:Fallback xmlns:a='a'>{box}</a:Fallback>"
    assert word(f"<w:p><w:r>{both}</w:r></w:p>").split() == ["Boks"]


def test_tables_forms_notes_and_comments_are_read() -> None:
    body = (
        f"<w:tbl><w:tr><w:tc><w:p>{HELD.format('Navn')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent><w:p>{HELD.format('Svar')}</w:p></w:sdtContent></w:sdt>"
    )
    notes = {
        "footnotes": f"<w:footnote><w:p>{HELD.format('Note')}</w:p></w:footnote>",
        "comments": f"<w:comment><w:p>{HELD.format('Kommentar')}</w:p></w:comment>",
    }
    assert word(body, **notes).split() == ["Navn", "Svar", "Kommentar", "Note"]


def test_fields_are_read_as_they_show_and_not_as_they_are_made() -> None:
    field = "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>" + HELD.format("her")
    assert word(f"<w:p>{field}</w:p>") == "her"


def test_any_prefix_of_the_name_space_will_do() -> None:
    main = '<x:document xmlns:x="w"><x:body><x:p><x:r><x:t>Hej</x:t></x:r></x:p></x:body></x:document>'
    renamed = papers.packed({"[Content_Types].xml": "<Types/>", "word/document2.xml": main})
    assert extracted(renamed, content_type=DOCX).text == "Hej"


def test_blanks_in_open_document_count_as_they_say() -> None:
    assert writer('<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d\n   e</text:p>') == (
        "a  b\tc\nd e"
    )


def test_notes_and_comments_in_open_document_are_read_without_their_numbers_and_names() -> None:
    note = "<text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p></text:note-body>"
    said = "<office:annotation><dc:creator>Ida</dc:creator><text:p>Kommentar</text:p></office:annotation>"
    assert writer(f"<text:p>Svar <text:note>{note}</text:note>{said}</text:p>").split() == [
        "Svar",
        "Note",
        "Kommentar",
    ]


def test_a_text_longer_than_is_kept_ends_the_reading() -> None:
    body = f"<w:p>{HELD.format('ord ' * 50)}</w:p>" * 8_000
    found = extracted(papers.word(body + "<w:p>"), content_type=DOCX)
    assert (found.outcome, len(found.text) > 0.9 * MAX_TEXT) == (Outcome.TEXT, True)
    assert found.is_cut


@pytest.mark.parametrize(
    "members",
    [
        {"word/document.xml": [b" " * 1_000_000] * (MAX_XML // 1_000_000 + 1)},
        {
            "word/document.xml": b"<a/>",
            "word/media/x.bmp": [bytes(10_000_000)] * (MAX_UNPACKED // 10_000_000 + 1),
        },
        {"word/document.xml": b"<a/>"} | {f"{number}": b"" for number in range(20_000)},
    ],
    ids=["one large member", "all together", "many members"],
)
def test_a_package_that_would_unpack_to_too_much_is_not_unpacked(
    members: dict[str, bytes | list[bytes]],
) -> None:
    assert extracted(papers.packed(members), content_type=DOCX).outcome == Outcome.TOO_LARGE


def test_a_directory_that_lies_about_a_size_does_not_help() -> None:
    lying = bytearray(papers.word(f"<w:p>{HELD.format('ord ' * 100_000)}</w:p>"))
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (500).to_bytes(4, "little")
    assert extracted(bytes(lying), content_type=DOCX).outcome == Outcome.DAMAGED


def test_a_packing_that_the_standards_do_not_know_is_damage() -> None:
    odd = bytearray(papers.word())
    for at in (odd.find(b"PK\x03\x04", 10) + 8, odd.rfind(b"PK\x01\x02") + 10):
        odd[at] = 12
    assert extracted(bytes(odd), content_type=DOCX).outcome == Outcome.DAMAGED
