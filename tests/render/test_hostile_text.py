"""Text that wants to be more than text, or is in no alphabet of ours, is printed as text by every format."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

from handlers.content import Item, Listing, Note, Para, Run, clean
from handlers.notat.shape import Chapter, Fact, Notat, Role, Table
from handlers.render.docx import docx
from handlers.render.fonts import readable
from handlers.render.html import html
from handlers.render.pdf import pdf
from storage.words import Edition
from tests.handlers.appendix import sample
from tests.handlers.appendix.made import compiled, texts
from tests.render import readers
from tests.render.sample import AT, DRAFT

TEXTS = {
    "placeholder": "{{ titel }} {{ indhold }} {% raw %} {{ 7 * 7 }}",
    "markup": "<script>alert(1)</script> <!-- ]]> &amp; <w:p/>",
    "typst": '#import "x.typ" #panic() *a* _b_ $x$ @c \\ // /* ``` #sys.inputs',
    "surrogate": "før \ud800 efter \udfff slut",
    "bidi": "svar \u202egnp.exe\u202c og \u2066skjult\u2069",
    "emoji": "ja tak 😀 👍🏽 👨‍👩‍👧 🇩🇰 ✓ ☐ ★ →",
    "arabic": "السلام عليكم og tak",
    "nothing": "a\x00b\x0bc\ufffed",
}
HOSTILE: Notat = replace(
    DRAFT,
    title=" ".join(TEXTS.values()),
    owner=TEXTS["markup"],
    facts=(Fact(TEXTS["placeholder"], TEXTS["typst"]),),
    chapters=tuple(
        Chapter(Role.PART, f"Tekst {text}", (
            Para((Run(text), Run(text, bold=True), Note((Run(text),)))),
            Listing((Item((Run(text, italic=True),)),)),
            Table(text, ("Part", text), ((text, "X"),)),
        ))
        for text in TEXTS.values()
    ),
)  # fmt: skip


def _shown(text: str) -> str:
    return readers.squeezed(clean(text))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_appendix_prints_it_as_text(text: str, tmp_path: Path) -> None:
    raw = sample.scanned()
    whole = sample.appendix({f"{text[:20]}.pdf".replace("/", ""): raw}, edition=Edition.INTERNAL)
    entries = [
        replace(
            entry, name=f"Part {text}",
            messages=tuple(replace(m, text=text, facts=(Fact("Emne", text),)) for m in entry.messages),
        )
        for entry in whole.entries
    ]  # fmt: skip
    made = compiled(replace(whole, title=f"Bilag {text}", entries=tuple(entries)), {"a.pdf": raw}, tmp_path)
    said = readers.squeezed(" ".join(texts(made)))
    if text != TEXTS["arabic"]:  # a reader of pages gives its letters in the shapes they are drawn with
        assert said.count(readers.squeezed(readable(clean(text)))) >= 3
    assert "gnp.exe" not in said or "\u202e" not in said


def test_every_format_of_the_notat_prints_it_as_text(tmp_path: Path) -> None:
    file = docx(HOSTILE, at=AT)
    (tmp_path / "notat.docx").write_bytes(file)
    assert [str(error) for error in OpenXmlValidator().validate(tmp_path / "notat.docx").errors] == []
    printed = readers.of_docx(file)
    assert readers.of_html(html(HOSTILE)) == printed
    said = [text for _, text in printed]
    for text in TEXTS.values():
        assert said.count(_shown(text)) == 5  # point, caption, head, cell, note
    in_pdf = [(kind, _unordered(text)) for kind, text in readers.of_pdf(pdf(HOSTILE, at=AT))]
    assert in_pdf == [(kind, _unordered(readers.squeezed(readable(text)))) for kind, text in printed]


def _unordered(text: str) -> str:
    """Without the order of Arabic letters, which a PDF has as drawn, and joiners between described signs."""
    joined = text.replace("\N{ZERO WIDTH JOINER}", "")
    return re.sub("[\u0600-\u06ff]+", lambda found: "".join(sorted(found[0])), joined)


def test_two_megabytes_without_an_end_are_one_paragraph() -> None:
    # How long they take as a PDF is for the benchmark to say.
    text = "ordet går videre " * 120_000
    notat = replace(DRAFT, chapters=(Chapter(Role.PART, "Langt", (Para((Run(text),)),)),))
    file = docx(notat)
    assert zipfile.ZipFile(BytesIO(file)).testzip() is None
    assert readers.of_docx(file)[-1] == readers.of_html(html(notat))[-1] == ("p", readers.squeezed(text))
