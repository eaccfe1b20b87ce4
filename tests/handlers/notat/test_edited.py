"""What somebody changed by hand in a Word file is found paragraph by paragraph."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from uuid import uuid4
from xml.sax.saxutils import escape

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from handlers.content import Note, Para, Run, clean
from handlers.notat.changed import How, What
from handlers.notat.edited import edited
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.docx import docx
from handlers.render.lines import Line, lines, origin
from handlers.render.origin import Origin, told
from handlers.render.package import packed, unpacked
from handlers.render.template import TemplateError
from handlers.talk.difference import Fate
from tests.handlers.building import NOW

_NOTAT = Notat("Notat", "Park", (), "", "", (), (), "Notat", "2026-17")


def _made(*texts: str, note: str = "") -> bytes:
    last = Para((Run("Se her."), Note((Run(note),)))) if note else Para((Run("Slut."),))
    body = (*(Para((Run(text),)) for text in texts), last)
    return docx(replace(_NOTAT, chapters=(Chapter(Role.SECTION, "Høringssvar 1: Klubben", body),)), at=NOW)


def _in_document(file: bytes, old: str, new: str) -> bytes:
    parts = unpacked(file, largest=10**8)
    name = "word/document.xml"
    assert old.encode() in parts[name]
    return packed({**parts, name: parts[name].replace(old.encode(), new.encode())})


def _told(was: bytes, is_: bytes) -> list[tuple[What, How, str, str]]:
    return [
        (
            each.what,
            each.how,
            each.name,
            "".join(part.text for part in each.stretches if part.fate == Fate.NEW),
        )
        for each in edited(lines(was), lines(is_))
    ]


def test_each_paragraph_is_told_with_the_heading_it_stands_under() -> None:
    was = _made("Vejen er smal og mørk.", "Vi planter ti træer.", "Stien bliver.", note="Fra 2020.")
    is_ = _made("Helt nyt her.", "Vejen er bred og mørk.", "Vi planter ti træer.", note="Fra 2021.")
    heading = "Høringssvar 1: Klubben"
    assert _told(was, is_) == [
        (What.PARAGRAPH, How.NEW, heading, "Helt nyt her."),
        (What.PARAGRAPH, How.CHANGED, heading, "bred "),
        (What.PARAGRAPH, How.GONE, heading, ""),
        (What.NOTE, How.CHANGED, "", "2021."),
    ]
    assert _told(was, was) == []


def test_a_file_saved_again_by_another_program_says_the_same() -> None:
    was, saved = _made("Vejen er smal.", note="Fra 2020."), io.BytesIO()
    Document(io.BytesIO(was)).save(saved)
    assert _told(was, saved.getvalue()) == []


def test_of_tracked_changes_what_was_put_in_counts_and_what_was_taken_out_does_not() -> None:
    was = _made("Vejen er smal.")
    tracked = (
        '<w:del w:id="1" w:author="x"><w:r><w:delText>smal</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="2" w:author="x"><w:r><w:t>flyttet</w:t></w:r></w:moveFrom>'
        '<w:ins w:id="3" w:author="x"><w:r><w:t>bred</w:t></w:r></w:ins>'
    )
    is_ = _in_document(was, "Vejen er smal.</w:t></w:r>", f"Vejen er </w:t></w:r>{tracked}")
    assert [each.text for each in lines(is_) if "Vejen" in each.text] == ["Vejen er bred"]


@pytest.mark.parametrize(
    "file", [b"", b"PK", b"Hej.", packed({"a.txt": b"b"}), packed({"[Content_Types].xml": b"<"})]
)
def test_what_is_no_word_file_is_named_so(file: bytes) -> None:
    with pytest.raises(TemplateError):
        lines(file)


def test_a_file_that_names_others_or_holds_macros_reaches_nothing(tmp_path: Path) -> None:
    was = _made("Vejen er smal.")
    (tmp_path / "secret").write_bytes(b"hemmeligt")
    bomb = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><w:document'
    named = _in_document(_in_document(was, "<w:document", bomb), "Vejen er smal.", "&e;Vejen.")
    assert not any("hemmeligt" in each.text for each in lines(named))
    with pytest.raises(TemplateError):
        lines(packed(unpacked(was, largest=10**8) | {"word/vbaProject.bin": b"x"}))


_LINES = st.lists(
    st.sampled_from(["a b c", "a b d", "x", "y z", "q"]).map(lambda text: Line(text, "")), max_size=12
)


@given(_LINES, _LINES)
def test_what_is_told_leads_from_the_one_file_to_the_other(was: list[Line], is_: list[Line]) -> None:
    gone, new = list[str](), list[str]()
    for each in edited(was, is_):
        both = {
            fate: [part.text for part in each.stretches if part.fate in {Fate.STAYED, fate}] for fate in Fate
        }
        gone += ["".join(both[Fate.GONE])] if each.how != How.NEW else []
        new += ["".join(both[Fate.NEW])] if each.how != How.GONE else []
    assert sorted([*(line.text for line in was), *new]) == sorted([*(line.text for line in is_), *gone])


def test_ten_thousand_paragraphs_of_which_many_are_the_same_are_compared_soon() -> None:
    was = [
        Line(f"Svar {n}" if n % 3 else "Forvaltningen tager bemærkningen til efterretning.", "")
        for n in range(10_000)
    ]
    is_ = [Line(f"{each.text} Nyt.", "") if n % 50 == 0 else each for n, each in enumerate(was)]
    assert {each.how for each in edited(was, is_)} == {How.CHANGED}


def test_a_file_tells_what_it_was_made_as_after_it_was_saved_anew_and_made_into_a_template() -> None:
    first, second = Origin(uuid4(), 3), Origin(uuid4(), 12)
    made, saved = docx(_NOTAT, at=NOW, origin=first), io.BytesIO()
    Document(io.BytesIO(made)).save(saved)
    assert origin(saved.getvalue()) == first
    again = docx(_NOTAT, at=NOW, template=saved.getvalue(), origin=second)
    assert origin(again) == second
    assert origin(docx(_NOTAT, at=NOW)) is None


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_of_any_properties_at_all_it_is_told_what_they_say_or_that_they_say_nothing(
    said: str | bytes,
) -> None:
    named = f'<p xmlns="urn:x"><property name="hoeringsbot"><v>{escape(clean(str(said)))}</v></property></p>'
    for properties in (said.encode("utf-8", "replace") if isinstance(said, str) else said, named.encode()):
        told(properties)
