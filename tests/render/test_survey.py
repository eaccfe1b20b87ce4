"""What a municipality is told of its own template before it is used."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from handlers.render.default_template import default_template
from handlers.render.docx import docx
from handlers.render.package import packed
from handlers.render.survey import survey
from handlers.render.template import TemplateError, Unusable, usable
from tests.render import readers
from tests.render.readers import W
from tests.render.sample import FINAL
from tests.render.test_word_template import danish, ours

LABELS = ("Dato", "Sagsnummer")
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:docPr id="1" name="Logo"/></wp:inline></w:drawing></w:r></w:p>'
)


def test_our_own_template_lacks_nothing() -> None:
    found = survey(default_template(), labels=LABELS)
    assert (found.unknown, found.crowded, found.added_styles, found.added_parts) == ((), (), (), ())
    assert found.has_place
    assert found.marks_drafts
    assert found.numbers_pages


def test_what_a_template_has_is_told_and_what_will_be_added() -> None:
    body = "".join(
        f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"
        for words in ("{{ sagsnummer }} {{ Titel }}", "{{ inhold }}", "Se {{ indhold }}")
    )
    found = survey(danish(body + PICTURE), labels=LABELS)
    assert (found.fields, found.facts, found.unknown) == (
        ("indhold", "kort_titel", "sag", "titel", "udkast"), ("sagsnummer",), ("inhold",)
    )  # fmt: skip
    assert (found.crowded, found.has_place, found.marks_drafts) == (("indhold",), False, False)
    assert (found.styles["title"], found.styles["part"]) == ("Titel", "Overskrift 1")
    assert {"Høringssvar", "List Paragraph", "footnote text", "Hyperlink"} <= set(found.added_styles)
    assert found.added_parts == ("numbering", "footnotes")
    assert found.undescribed == 1


def _lying() -> bytes:
    """A zip whose picture unpacks to more than it says."""
    bomb = packed(ours() | {"word/media/image1.png": bytes(3_000_000)})
    size, small = (3_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    return bomb.replace(size, small)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (packed(ours() | {"word/document.xml": b"<w>" + b" " * 20_000_001}), Unusable.TOO_LARGE),
        (_lying(), Unusable.NOT_WORD),
        (packed(ours() | {"[Content_Types].xml": b"macroEnabled.12"}), Unusable.MACROS),
    ],
    ids=["too much to parse", "a lie", "docm"],
)
def test_what_would_harm_is_refused(template: bytes, reason: Unusable) -> None:
    with pytest.raises(TemplateError) as refused:
        usable(template)
    assert refused.value.reason is reason


def _asking() -> bytes:
    """A template that would have Word ask, look elsewhere and check English spelling."""
    files = ours()
    settings = files["word/settings.xml"].decode()
    settings = settings.replace("<w:zoom", '<w:attachedTemplate r:id="rId1"/><w:updateFields/><w:zoom', 1)
    styles = files["word/styles.xml"].decode()
    styles = re.sub(
        r'(<w:name w:val="heading 1"/>.*?<w:rPr>.*?)</w:rPr>', r'\1<w:lang w:val="en-US"/></w:rPr>', styles,
        count=1, flags=re.DOTALL,
    )  # fmt: skip
    footer = files["word/footer1.xml"].replace(b"<w:fldSimple ", b'<w:fldSimple w:dirty="true" ', 1)
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" '
        'Target="file:///N:/skabelon.dotm" TargetMode="External"/></Relationships>'
    )
    return packed(
        files | {"word/settings.xml": settings.encode(), "word/styles.xml": styles.encode(),
                 "word/footer1.xml": footer, "word/_rels/settings.xml.rels": relations.encode()}
    )  # fmt: skip


def test_word_asks_nothing_when_it_opens_a_notat_whatever_the_template_wanted() -> None:
    file = docx(FINAL, template=_asking())
    settings = readers.word_part(file, "word/settings.xml")
    assert settings.find(f"{W}updateFields") is None
    assert settings.find(f"{W}attachedTemplate") is None
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        assert not any(b"skabelon.dotm" in package.read(name) for name in package.namelist())
        assert b"w:dirty" not in package.read("word/footer1.xml")


def test_a_heading_is_danish_whatever_language_the_template_gave_it() -> None:
    styles = readers.word_part(docx(FINAL, template=_asking()), "word/styles.xml")
    assert {language.get(f"{W}val") for language in styles.iter(f"{W}lang")} == {"da-DK"}
