"""The appendix as a reader has it: front page, contents, every submission, every file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import outloud  # type: ignore[import-untyped]
import pikepdf
import pytest

from handlers.appendix.base import values
from handlers.appendix.placing import Placed
from handlers.appendix.redaction import Everything
from handlers.appendix.shape import Enclosure
from handlers.appendix.sheets import Why
from storage.words import Edition
from tests.handlers.appendix import sample
from tests.handlers.appendix.made import compiled, elements, opened, texts
from tests.render import verapdf

_FEW = ("Bemærkninger til mobilitetsplanen.pdf", "kodeord.pdf", "roteret.pdf", "gamle skrifter.pdf")


def _few() -> dict[str, bytes]:
    return {name: raw for name, raw in sample.files().items() if name in _FEW}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return compiled(sample.appendix(_few()), _few(), tmp_path_factory.mktemp("few"))


def test_an_accessibility_checker_finds_no_error_whatever_files_there_are(tmp_path: Path) -> None:
    given = sample.files()
    compiled(sample.appendix(given), given, tmp_path)
    checked = outloud.check(str(tmp_path / "appendix.pdf"))
    assert (checked.error, checked.errors) == (None, 0)


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.MISSING)
def test_it_conforms_to_pdf_ua_whatever_files_there_are(tmp_path: Path) -> None:
    given = sample.files()
    compiled(sample.appendix(given), given, tmp_path)
    whole = (tmp_path / "appendix.pdf").rename(tmp_path / "whole.pdf")
    compiled(sample.appendix(given), given, tmp_path, longest=0)
    for broken in verapdf.broken(whole, tmp_path / "appendix.pdf"):
        assert [rule for rule in broken if rule.startswith("ua1")] == []


def test_a_long_one_is_set_in_volumes_and_reads_as_one(few: bytes, tmp_path: Path) -> None:
    long = compiled(sample.appendix(_few()), _few(), tmp_path, longest=0)
    wanted, told = ([re.sub(r"[.\s]+", "", page) for page in texts(each)] for each in (few, long))
    assert [sorted(page) for page in told] == [sorted(page) for page in wanted]
    checked = outloud.check(str(tmp_path / "appendix.pdf"))
    assert (checked.error, checked.errors) == (None, 0)
    with opened(few) as whole, opened(long) as bound:
        assert _bookmarks(bound) == _bookmarks(whole)
        alts = [[str(each.Alt) for each in elements(file) if each.S == "/Figure"] for file in (whole, bound)]
        assert alts[0] == alts[1] != []
        begins = {title: page for title, page, _ in _bookmarks(bound) if title.startswith("Bilag")}
        ways = [_lead(note, bound) for note in bound.pages[0].obj.Annots]
        assert ways == [*begins.values(), begins["Bilag 2: Ældrerådet i Vesterlund"]]


def _bookmarks(file: pikepdf.Pdf) -> list[tuple[str, int, list[tuple[str, int]]]]:
    pages = [page.obj.objgen for page in file.pages]

    def at(item: pikepdf.OutlineItem) -> int:
        assert isinstance(item.destination, pikepdf.Array)
        return pages.index(item.destination[0].objgen)

    with file.open_outline() as outline:
        return [
            (item.title, at(item), [(inner.title, at(inner)) for inner in item.children])
            for item in outline.root
        ]


def _lead(note: Any, file: pikepdf.Pdf) -> int:
    """The page that a link leads to."""
    return [page.obj.objgen for page in file.pages].index(note.Dest[0].objgen)


def test_every_sheet_is_stamped_with_where_it_belongs_and_the_pages_count_through(few: bytes) -> None:
    pages = texts(few)
    stamped = [page.splitlines()[:2] for page in pages if "vedhæftning" in page.splitlines()[0]]
    assert [lines[0].partition("Side")[0].strip() for lines in stamped] == [
        *(f"Bilag 2 · vedhæftning 1 · side {page} af {sample.PAGES}" for page in range(1, sample.PAGES + 1)),
        "Bilag 2 · vedhæftning 3 · side 1 af 1",
        "Bilag 2 · vedhæftning 4 · side 1 af 2", "Bilag 2 · vedhæftning 4 · side 2 af 2",
    ]  # fmt: skip
    assert all(f"Side {number} af {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_bookmarks_go_from_submission_to_file(few: bytes) -> None:
    with opened(few) as file, file.open_outline() as outline:
        told = [(item.title, [inner.title for inner in item.children]) for item in outline.root]
    assert [title for title, _ in told] == [
        "Indhold", "Filer, der ikke er gengivet", "Bilag 1: Vesterlund Cyklistforening",
        "Bilag 2: Ældrerådet i Vesterlund", "Bilag 3: Privatperson Møllestien",
    ]  # fmt: skip
    assert told[3][1] == [
        "Supplement til høringssvaret", "Vedhæftede filer",
        "Vedhæftning 1: Bemærkninger til mobilitetsplanen.pdf", "Vedhæftning 3: roteret.pdf",
        "Vedhæftning 4: gamle skrifter.pdf",
    ]  # fmt: skip


def test_what_cannot_be_shown_is_named_with_reason_type_size_and_hash(few: bytes) -> None:
    raw = _few()["kodeord.pdf"]
    enclosure = sample.appendix(_few()).entries[1].files[1]
    said = " ".join("".join(texts(few)).replace("\N{ZERO WIDTH SPACE}", "").split())
    assert "2: kodeord.pdf Kan ikke vises, fordi filen er beskyttet med adgangskode." in said
    assert enclosure.sha256 in said.replace(" ", "")
    assert f"{round(len(raw) / 1000)} kB" in said


def test_the_mail_is_printed_line_by_line(few: bytes) -> None:
    (page,) = [
        page for page in texts(few) if page.splitlines()[1:2] == ["Bilag 1: Vesterlund Cyklistforening"]
    ]
    lines = [line.strip() for line in page.splitlines()]
    assert lines.index("Ane Bro") + 1 == lines.index("Lygtevej 3")
    assert "- krydset ved stationen [grinning face]" in lines


def test_tags_words_and_pictures_are_read_where_the_file_is(few: bytes) -> None:
    with opened(few) as file:
        told = [(str(each.S)[1:], str(each.get("/Alt", ""))) for each in elements(file)]
        linked = [
            str(note.A.URI)
            for page in file.pages
            for note in page.obj.get("/Annots", [])
            if "/URI" in note.get("/A", {})
        ]
    assert {"H3", "H4", "L", "Note"} <= {kind for kind, _ in told}
    assert [alt for kind, alt in told if kind == "Figure"] == [
        "roteret.pdf, side 1 af 1",
        "gamle skrifter.pdf, side 1 af 2. På siden står: Vi ønsker flere træer.",
        "gamle skrifter.pdf, side 2 af 2. På siden står: Vi ønsker flere træer.",
    ]
    assert "https://vesterlund.example/tilbud" in linked


def test_no_script_form_or_file_comes_along(tmp_path: Path) -> None:
    given = {name: raw for name, raw in sample.files().items() if name in {"med script.pdf", "formular.pdf"}}
    with opened(compiled(sample.appendix(given), given, tmp_path)) as file:
        assert not {"/OpenAction", "/AcroForm", "/AA"} & set(file.Root.keys())
        assert not any(isinstance(each, pikepdf.Dictionary) and "/JS" in each for each in file.objects)


def test_the_same_content_gives_the_same_bytes(few: bytes, tmp_path: Path) -> None:
    assert compiled(sample.appendix(_few()), _few(), tmp_path) == few


def test_the_same_file_may_come_twice(tmp_path: Path) -> None:
    given = {"Bemærkninger til mobilitetsplanen.pdf": sample.tagged(), "kort.png": sample.png()}
    whole = sample.appendix(given)
    doubled = tuple(replace(file, number=number) for number, file in enumerate(whole.entries[1].files * 2, 1))
    first, second, third = whole.entries
    document = compiled(
        replace(whole, entries=(first, replace(second, files=doubled), third)), given, tmp_path
    )
    assert outloud.check(str(tmp_path / "appendix.pdf")).errors == 0
    once = _only_on_page_two()
    assert sum(once in page for page in texts(document)) == 2


def test_a_hearing_without_answers_has_an_appendix_too(tmp_path: Path) -> None:
    (page,) = texts(compiled(replace(sample.appendix({}), entries=()), {}, tmp_path))
    assert "Der er ingen høringssvar i notatet." in page


def test_a_text_that_cannot_be_shown_as_it_looks_is_printed_as_text(tmp_path: Path) -> None:
    raw = b"Husk skolevejen."
    whole = sample.appendix({"note.txt": raw})
    (file,) = whole.entries[1].files
    entry = replace(whole.entries[1], files=(replace(file, content_type="text/plain", text=raw.decode()),))
    said = " ".join(texts(compiled(replace(whole, entries=(entry,)), {}, tmp_path)))
    assert "note.txt (kun teksten er gengivet)" in said
    assert "Husk skolevejen." in said
    assert "ikke er gengivet" not in said


@pytest.mark.parametrize("length", [1, 199_999, 200_000, 200_001, 600_000])
def test_of_a_text_nothing_is_left_out_without_a_word(length: int) -> None:
    text = "".join(f"linje {number}\n" for number in range(length // 8 + 1))[:length]
    (file,) = sample.appendix({"note.txt": b"1"}).entries[1].files
    placed = Placed(replace(file, text=text), why=Why.UNKNOWN)
    whole = replace(
        sample.appendix({}), entries=(replace(sample.appendix({}).entries[1], files=(placed.file,)),)
    )
    (entry,) = values(whole, {2: (placed,)})["entries"]
    paragraphs = entry["files"][0]["paragraphs"]
    is_told = paragraphs[-1].startswith("(Resten af teksten er ikke gengivet her.")
    assert is_told == (length > 200_000)
    printed = "\n".join(paragraphs[:-1] if is_told else paragraphs)
    assert text.startswith(printed)
    assert is_told or printed == text.strip()


def _only_on_page_two() -> str:
    """A line that stands on no other page of the file."""
    first, second, *rest = texts(sample.tagged())
    return max((line for line in second.splitlines() if line not in "".join((first, *rest))), key=len)


class _SecondPageOut(Everything):
    def keeps(self, file: Enclosure, *, page: int) -> bool:
        return page != 2 and not file.name.startswith("roteret")


def test_a_page_that_is_taken_out_leaves_nothing_behind(tmp_path: Path) -> None:
    given = _few()
    document = compiled(sample.appendix(given), given, tmp_path, by=_SecondPageOut())
    left, out = sample.PAGES - 1, _only_on_page_two()
    stamps = [page.splitlines()[0] for page in texts(document) if "vedhæftning" in page.splitlines()[0]]
    assert [stamp.partition(" Side")[0].strip() for stamp in stamps] == [
        *(f"Bilag 2 · vedhæftning 1 · side {page} af {left}" for page in range(1, left + 1)),
        "Bilag 2 · vedhæftning 4 · side 1 af 1",
    ]  # fmt: skip
    assert not any(out in page for page in texts(document))
    assert outloud.check(str(tmp_path / "appendix.pdf")).errors == 0


def test_the_public_edition_names_no_private_person_and_withholds_their_files(tmp_path: Path) -> None:
    given = {"Brev fra Ane Bro.pdf": sample.untagged()}
    whole = sample.appendix(given, edition=Edition.PUBLIC, is_private=True)
    document = compiled(whole, given, tmp_path)
    said = " ".join(" ".join(texts(document)).split())
    assert not any(word in said for word in ("Ane Bro", "ane@", "12 34 56 78", "Cykelparkering"))
    assert "1: Brev fra [navn udeladt].pdf Ikke gengivet i den offentlige udgave." in said
    assert "OFFENTLIG UDGAVE" in said
    with opened(document) as file:
        assert str(file.docinfo.Title).endswith("(offentlig udgave)")
