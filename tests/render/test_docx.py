from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import docx as python_docx
import pytest
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

from handlers.content import Item, Listing, Para, Run
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.default_template import SHIPPED, default_template
from handlers.render.docx import docx
from handlers.render.origin import Origin
from tests.render import readers
from tests.render.readers import W
from tests.render.sample import AT, DRAFT, FINAL
from tests.render.test_word_template import danish, word_2010


def audited(file: bytes, folder: Path) -> list[str]:
    kept = folder / "notat.docx"
    kept.write_bytes(file)
    return [str(error) for error in OpenXmlValidator().validate(kept).errors]


@pytest.mark.parametrize("notat", [FINAL, DRAFT], ids=["final", "draft"])
def test_word_has_nothing_to_complain_of(notat: Notat, tmp_path: Path) -> None:
    assert audited(docx(notat, at=AT, origin=Origin(uuid4(), 3)), tmp_path) == []


def test_the_shipped_template_is_what_its_parts_make() -> None:
    assert SHIPPED.read_bytes() == default_template()


def test_the_same_notat_gives_the_same_file_at_any_hour(move: Callable[[str], None]) -> None:
    first = docx(DRAFT, at=AT)
    move("Pacific/Auckland")  # zip files are dated in local time
    assert docx(DRAFT, at=AT) == first


def test_the_file_says_what_it_is() -> None:
    said = python_docx.Document(io.BytesIO(docx(DRAFT, at=AT))).core_properties
    assert (said.title, said.author, said.language) == (DRAFT.title, DRAFT.owner, "da-DK")
    assert said.content_status == "Udkast"
    assert said.created == said.modified == AT


def test_without_a_time_the_file_has_no_date() -> None:
    assert b"dcterms:" not in zipfile.ZipFile(io.BytesIO(docx(FINAL))).read("docProps/core.xml")


def test_all_text_is_danish_unless_it_says_otherwise() -> None:
    language = readers.word_part(docx(FINAL), "word/styles.xml").find(f"{W}docDefaults//{W}lang")
    assert language.get(f"{W}val") == "da-DK"


def test_each_ordered_list_begins_a_series_of_its_own() -> None:
    file = docx(FINAL)
    document = readers.word_part(file, "word/document.xml")
    numbering = readers.word_part(file, "word/numbering.xml")
    used = {number.get(f"{W}val") for number in document.iter(f"{W}numId")}
    restarted = {
        series.get(f"{W}numId")
        for series in numbering.iter(f"{W}num")
        if series.find(f"{W}lvlOverride/{W}startOverride") is not None
    }
    # The list of parties, then twice an outer list and one within it; all bullets share a series.
    assert len(used & restarted) == 5
    assert len(used - restarted) == 1


def test_a_link_is_a_link_in_the_text_and_in_a_note() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(FINAL))) as package:
        text = package.read("word/_rels/document.xml.rels").decode()
        notes = package.read("word/_rels/footnotes.xml.rels").decode()
    assert 'Target="https://vesterlund.example/tilbud" TargetMode="External"' in text
    assert 'Target="https://vesterlund.example/cykeltaelling" TargetMode="External"' in notes


def test_a_submission_has_its_own_style_in_the_outline() -> None:
    styles = python_docx.Document(io.BytesIO(docx(FINAL))).styles
    own = styles["Høringssvar"]
    assert own.base_style is not None
    assert own.base_style.name == "Heading 2"


def test_a_draft_is_marked_in_its_text_and_on_each_page_and_a_final_notat_is_not() -> None:
    def marked(notat: Notat, name: str) -> bool:
        return "Udkast" in readers.word_text(readers.word_part(docx(notat), f"word/{name}.xml"))

    assert marked(DRAFT, "document")
    assert marked(DRAFT, "header1")
    assert not marked(FINAL, "document")
    assert not marked(FINAL, "header1")


def test_the_text_of_a_draft_begins_on_a_page_after_its_findings() -> None:
    document = readers.word_part(docx(DRAFT), "word/document.xml")
    breaks = [p for p in document.iter(f"{W}p") if p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert [readers.word_text(page) for page in breaks] == ["Resume"]


def test_the_foot_of_the_page_has_the_case_and_the_page_number() -> None:
    for name in ("footer1", "footer2"):
        foot = readers.word_part(docx(FINAL), f"word/{name}.xml")
        assert readers.word_text(foot) == readers.squeezed("Sagsnr. 2031-0004321 Side 1 af 1")
        assert [field.get(f"{W}instr").strip() for field in foot.iter(f"{W}fldSimple")] == [
            "PAGE",
            "NUMPAGES",
        ]


def test_no_field_asks_to_be_brought_up_to_date() -> None:
    file = docx(FINAL)
    assert readers.word_part(file, "word/settings.xml").find(f"{W}updateFields") is None
    assert not list(readers.word_part(file, "word/document.xml").iter(f"{W}fldChar"))


def test_a_placeholder_in_a_citizens_text_is_only_text() -> None:
    chapter = Chapter(Role.PART, "{{ titel }}", (Para((Run("{{ indhold }} {{ ejer }} {{ udkast }}"),)),))
    notat = replace(FINAL, chapters=(chapter,), owner="{{ sag }}")
    words = readers.word_text(readers.word_part(docx(notat), "word/document.xml"))
    for kept in ("{{titel}}", "{{indhold}}{{ejer}}{{udkast}}", "{{sag}}"):
        assert kept in words


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_an_office_reads_the_file_in_any_template_and_counts_each_list_from_one(tmp_path: Path) -> None:
    numbers = Listing(tuple(Item((Run(word),), ordered=True) for word in ("alfa", "beta")))
    inner = Listing((Item((Run("gamma"),), ordered=True), Item((Run("delta"),), 1, ordered=True)))
    outer = Listing((*inner.items, Item((Run("epsilon"),), ordered=True), *inner.items[1:]))
    notat = replace(FINAL, chapters=(Chapter(Role.PART, "Lister", (numbers, Para((Run("og"),)), outer)),))
    lists, *others = _in_office(
        [docx(notat), docx(FINAL, template=danish("")), docx(FINAL, template=word_2010())], folder=tmp_path
    )
    lines = [line.strip() for line in lists.splitlines()]
    counted = ["1) alfa", "2) beta", "og", "1) gamma", "a) delta", "2) epsilon", "a) delta"]
    assert [line for line in lines if line in counted] == counted
    without_marks = [re.sub(r"(?<=tælling)1(?=,)", "", readers.squeezed(said)) for said in others]
    for said in without_marks:
        place = 0
        for text in (text for kind, text in readers.of_content(FINAL) if kind != "note"):
            place = said.index(text, place)


def _in_office(files: list[bytes], *, folder: Path) -> list[str]:
    """What LibreOffice reads in each of the files."""
    paths = [folder / f"{number}.docx" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    command = [
        str(shutil.which("soffice")), f"-env:UserInstallation=file://{folder}/profile", "--headless",
        "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder), *map(str, paths),
    ]  # fmt: skip
    env = {**os.environ, "HOME": str(folder)}
    subprocess.run(command, check=True, capture_output=True, env=env, timeout=100)  # noqa: S603 (a fixed command)
    return [path.with_suffix(".txt").read_text(encoding="utf-8") for path in paths]
