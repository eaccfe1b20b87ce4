"""A municipality's own template: other names, other parts, cut-up placeholders."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import docx as python_docx
import pytest
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

from handlers.notat.shape import Fact
from handlers.render.default_template import default_template
from handlers.render.docx import docx
from handlers.render.package import packed, unpacked
from handlers.render.template import TemplateError, Unusable
from tests.render import readers
from tests.render.readers import W
from tests.render.sample import DRAFT, FINAL

DOCUMENT = b"wordprocessingml.document.main+xml"
CUT_UP = (
    "<w:p><w:r><w:t>Sag: {</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{ sa</w:t></w:r>"
    "<w:r><w:t>g }} hos {{ejer}}</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>{{ sagsnummer }} og {{ ukendt }}</w:t></w:r></w:p>"
)


def ours() -> dict[str, bytes]:
    return unpacked(default_template(), largest=10_000_000)


def danish(body: str, *, header: str = "") -> bytes:
    """As Danish Word might save it: Danish style names, none of ours, no lists, no notes."""
    files = ours()
    styles = files["word/styles.xml"].decode()
    for english, local in (("heading ", "Overskrift "), ("Title", "Titel"), ("Quote", "Citat")):
        styles = styles.replace(f'w:name w:val="{english}', f'w:name w:val="{local}')
    for gone in ("Hringssvar", "Mangler", "Udkast", "Listeafsnit", "Fodnotetekst", "Hyperlink"):
        styles = re.sub(rf'  <w:style [^>]*w:styleId="{gone}">.*?</w:style>\n', "", styles, flags=re.DOTALL)
    files["word/styles.xml"] = styles.replace('w:val="Udkast"', 'w:val="Normal"').encode()
    files["word/settings.xml"] = re.sub(rb"<w:footnotePr>.*</w:footnotePr>", b"", files["word/settings.xml"])
    for name in ("numbering", "footnotes"):
        del files[f"word/{name}.xml"]
        for index in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
            files[index] = re.sub(rf"<\w+ [^>]*{name}.xml[^>]*/>".encode(), b"", files[index])
    return _with(files, body=body, header=header)


def word_2010() -> bytes:
    """As Word 2010 saved it, with a second copy of its styles."""
    old, saved = python_docx.Document(), io.BytesIO()
    old.sections[0].header.paragraphs[0].text = "{{ titel }}"
    for text in ("{{ sagsblok }}", "{{ indhold }}", "Venlig hilsen"):
        old.add_paragraph(text)
    old.save(saved)
    return saved.getvalue()


def _with(files: Mapping[str, bytes], *, body: str, header: str = "") -> bytes:
    changed = dict(files)
    document = changed["word/document.xml"].decode()
    document = re.sub(r"<w:body>.*?<w:sectPr>", f"<w:body>{body}<w:sectPr>", document, flags=re.DOTALL)
    changed["word/document.xml"] = document.encode()
    if header:
        root = changed["word/header1.xml"].decode()
        changed["word/header1.xml"] = re.sub(r"<w:p>.*</w:p>", header, root, flags=re.DOTALL).encode()
    return packed(changed)


def words(file: bytes, name: str = "document") -> str:
    return readers.word_text(readers.word_part(file, f"word/{name}.xml"))


def test_a_placeholder_is_filled_though_word_cut_it_up_and_an_unknown_one_stays() -> None:
    file = docx(FINAL, template=danish(CUT_UP + "<w:p><w:r><w:t>{{ indhold }}</w:t></w:r></w:p>"))
    start = readers.squeezed(
        f"Sag: {FINAL.case_label} hos {FINAL.owner} 2031-0004321 og {{{{ ukendt }}}} Resume"
    )
    assert words(file).startswith(start)


def test_a_placeholder_in_a_header_is_filled() -> None:
    header = "<w:p><w:r><w:t>{{ titel</w:t></w:r><w:r><w:t> }} – {{ udkast }}</w:t></w:r></w:p>"
    file = docx(DRAFT, template=danish("<w:p/>", header=header))
    assert words(file, "header1") == readers.squeezed(f"{DRAFT.title} – Udkast")


def test_danish_style_names_are_found_and_missing_styles_are_brought_along() -> None:
    file = docx(DRAFT, template=danish(""))
    styles = readers.word_part(file, "word/styles.xml")
    names = [style.find(f"{W}name").get(f"{W}val") for style in styles.iter(f"{W}style")]
    assert "heading 1" not in names
    assert sum(name == "Overskrift 2" for name in names) == 1
    assert {"Høringssvar", "Mangler", "Udkast", "List Paragraph", "footnote text", "Hyperlink"} <= set(names)
    ids = [style.get(f"{W}styleId") for style in styles.iter(f"{W}style")]
    assert len(ids) == len(set(ids))
    assert {base.get(f"{W}val") for base in styles.iter(f"{W}basedOn")} <= set(ids)


def test_a_template_without_lists_and_notes_gets_them(tmp_path: Path) -> None:
    file = docx(DRAFT, template=danish(""))
    (tmp_path / "notat.docx").write_bytes(file)
    assert [str(error) for error in OpenXmlValidator().validate(tmp_path / "notat.docx").errors] == []
    pieces = {kind for kind, _ in readers.of_docx(file)}
    assert {"ol0", "ol1", "ul2", "note"} <= pieces


def test_a_draft_is_marked_even_where_the_template_forgot_it() -> None:
    file = docx(DRAFT, template=danish("", header="<w:p/>"))
    assert words(file).startswith("Udkast")
    assert words(file, "header1") == "Udkast"


def test_the_text_comes_last_where_the_template_has_no_place_for_it() -> None:
    file = docx(FINAL, template=danish("<w:p><w:r><w:t>Forord</w:t></w:r></w:p>"))
    assert words(file).startswith("ForordResume")


def test_a_notat_can_be_the_template_of_the_next_one() -> None:
    once = docx(FINAL)
    twice = docx(FINAL, template=once)
    assert readers.of_docx(twice)[: len(readers.of_docx(once)) - 1] == readers.of_docx(once)[:-1]
    assert len(readers.word_part(twice, "word/numbering.xml").findall(f"{W}abstractNum")) == 2


def test_a_dotx_will_do() -> None:
    files = ours()
    types = files["[Content_Types].xml"].replace(DOCUMENT, b"wordprocessingml.template.main+xml")
    made = docx(FINAL, template=packed(files | {"[Content_Types].xml": types}))
    assert DOCUMENT in zipfile.ZipFile(io.BytesIO(made)).read("[Content_Types].xml")
    assert made == docx(FINAL)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (b"", Unusable.NOT_WORD),
        (b"PK\x03\x04 but no zip", Unusable.NOT_WORD),
        (packed({"hello.txt": b"hello"}), Unusable.NOT_WORD),
        (packed(ours() | {"word/document.xml": b"<no"}), Unusable.NOT_WORD),
        (packed(ours() | {"word/vbaProject.bin": b"\x00"}), Unusable.MACROS),
        (packed(ours() | {"word/media/image1.png": bytes(100_000_001)}), Unusable.TOO_LARGE),
    ],
    ids=["nothing", "cut off", "another zip", "broken xml", "macros", "zip bomb"],
)
def test_what_is_no_template_is_refused_with_its_reason(template: bytes, reason: Unusable) -> None:
    with pytest.raises(TemplateError) as refused:
        docx(FINAL, template=template)
    assert refused.value.reason is reason


def test_a_fact_does_not_take_the_place_of_the_text() -> None:
    notat = replace(FINAL, facts=(Fact("Indhold", "fire bilag"), Fact("Udkast", "nr. 2")))
    assert readers.of_docx(docx(notat)) == readers.of_content(notat)


def test_an_old_template_from_word_2010_will_do(tmp_path: Path) -> None:
    file = docx(FINAL, template=word_2010())
    (tmp_path / "notat.docx").write_bytes(file)
    assert [str(error) for error in OpenXmlValidator().validate(tmp_path / "notat.docx").errors] == []
    assert words(file).endswith("Venlighilsen")
