"""Files become sheets, whatever shape they are in, or it is said why not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, PdfImage

from handlers.appendix.sheets import Anchor, Look, Pressed, Tag, Unshown, Why
from tests.handlers import papers
from tests.handlers.appendix import sample
from tests.handlers.appendix.made import press

_PICTURE, _TEXT, _TAGGED = [Look.PICTURE], [Look.TEXT] * sample.PAGES, [Look.TAGGED] * sample.PAGES
_EXPECTED = {
    "Bemærkninger til mobilitetsplanen.pdf": _TAGGED, "uden mærker.pdf": _TEXT, "uden register.pdf": _TEXT,
    "afkortet.pdf": Why.DAMAGED, "tilfældig.pdf": Why.DAMAGED, "tom.pdf": Why.EMPTY,
    "kodeord.pdf": Why.LOCKED,
    "ejerkode.pdf": _TEXT, "roteret.pdf": _PICTURE, "forskudt.pdf": _PICTURE, "stor tegning A0.pdf": _PICTURE,
    "med script.pdf": _TEXT, "formular.pdf": _PICTURE, "gamle skrifter.pdf": _PICTURE * 2,
    "kort.png": _PICTURE, "foto.jpg": _PICTURE, "cmyk.jpg": _PICTURE, "arkiv.zip": Why.UNKNOWN,
}  # fmt: skip


def _pressed(raw: bytes, folder: Path, *, name: str = "fil.pdf") -> Pressed:
    found = press(raw, folder, name=name)
    assert isinstance(found, Pressed)
    return found


def test_sound_files_give_sheets_and_the_others_a_reason(tmp_path: Path) -> None:
    found = {name: press(raw, tmp_path, name=name) for name, raw in sample.files().items()}
    told = {
        name: each.why if isinstance(each, Unshown) else [sheet.look for sheet in each.sheets]
        for name, each in found.items()
    }
    assert told == _EXPECTED


def test_a_page_counts_as_it_is_looked_at(tmp_path: Path) -> None:
    (turned,) = _pressed(sample.scanned(rotate=90), tmp_path).sheets
    assert (turned.width, turned.height, turned.is_wide) == (842, 595, True)
    (photo,) = _pressed(sample.jpeg(orientation=6), tmp_path, name="foto.jpg").sheets
    assert not photo.is_wide


def test_a_page_whose_fonts_are_elsewhere_is_painted_and_its_words_are_kept(tmp_path: Path) -> None:
    assert [sheet.words for sheet in _pressed(sample.bare_fonts(), tmp_path).sheets] == [
        "Vi ønsker flere træer."
    ]


def test_what_was_filled_in_is_kept(tmp_path: Path) -> None:
    (sheet,) = _pressed(sample.filled(), tmp_path).sheets
    assert "Ja, men kun med træer" in sheet.words
    assert "Husk bænkene" in sheet.words


def test_scripts_files_and_what_a_camera_wrote_stay_behind(tmp_path: Path) -> None:
    raw = _pressed(sample.scripted(), tmp_path).path.read_bytes()
    photo = _pressed(sample.jpeg(orientation=6), tmp_path, name="foto.jpg").path.read_bytes()
    with pikepdf.open(_pressed(sample.scripted(), tmp_path).path) as file:
        assert set(file.Root.keys()) == {"/Type", "/Pages", "/Sheets"}
    assert not any(word in raw for word in (b"JavaScript", b"EmbeddedFile", b"OpenAction"))
    assert b"HEMMELIG-TELEFON" in sample.jpeg(orientation=6)
    assert b"HEMMELIG-TELEFON" not in photo


def test_what_a_camera_wrote_does_not_come_along_in_a_pdf_either(tmp_path: Path) -> None:
    with pikepdf.new() as file:
        photo = file.make_stream(sample.jpeg(), Subtype=Name.Image, Width=600, Height=400,
                                 ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
                                 Metadata=file.make_stream(b"HEMMELIG-TELEFON"))  # fmt: skip
        page = file.add_blank_page(page_size=(600, 400))
        page.obj.Resources = Dictionary(XObject=Dictionary(I=photo))
        page.obj.Contents = file.make_stream(b"q 600 0 0 400 0 0 cm /I Do Q")
        file.save(tmp_path / "foto.pdf")
    assert b"HEMMELIG-TELEFON" in (tmp_path / "foto.pdf").read_bytes()
    made = _pressed((tmp_path / "foto.pdf").read_bytes(), tmp_path).path
    assert b"HEMMELIG-TELEFON" not in made.read_bytes()
    with pikepdf.open(made) as file:
        drawn = file.Root.Sheets[0].Resources.XObject.I
        assert isinstance(drawn, pikepdf.Stream)
        assert PdfImage(drawn).as_pil_image().size == (600, 400)


def test_tags_are_read_with_headings_below_ours_and_links_that_lead_somewhere(tmp_path: Path) -> None:
    def all_of(tag: Tag) -> list[Tag]:
        return [tag, *(each for kid in tag.kids if isinstance(kid, Tag) for each in all_of(kid))]

    (whole,) = _pressed(sample.tagged(), tmp_path).tags
    tags = all_of(whole)
    levels = [int(tag.kind[1]) for tag in tags if tag.kind[0] == "H"]
    assert levels[0] == 3
    assert all(after <= before + 1 for before, after in pairwise(levels))
    anchors = [kid for tag in tags for kid in tag.kids if isinstance(kid, Anchor)]
    assert {anchor.address for anchor in anchors} == {
        "https://vesterlund.example/cykeltaelling", "https://vesterlund.example/tilbud",
    }  # fmt: skip
    assert whole.language == "da-DK"


def test_a_page_with_words_that_no_tag_tells_goes_without_its_tags(tmp_path: Path) -> None:
    with pikepdf.open(_written(sample.tagged(), tmp_path)) as file:
        content = file.pages[1].obj.Contents
        content.write(content.read_bytes() + b"\nq 0 0 m 9 9 l S Q")
        file.save(tmp_path / "mere.pdf")
    found = _pressed((tmp_path / "mere.pdf").read_bytes(), tmp_path)
    assert (found.tags, {sheet.look for sheet in found.sheets}) == ((), {Look.TEXT})


def test_a_document_of_too_many_pages_or_none_is_not_shown(tmp_path: Path) -> None:
    assert press(papers.pdf(b"", pages=1_001), tmp_path, name="a.pdf") == Unshown(Why.TOO_LARGE)
    assert press(papers.pdf(b"", pages=0), tmp_path, name="a.pdf") == Unshown(Why.DAMAGED)


_SOUND = (sample.bare_fonts(), sample.scanned(), sample.png()[:20_000])


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(range(len(_SOUND))), st.floats(0, 1), st.binary(max_size=40), st.integers(0, 40))
def test_any_bytes_at_all_can_be_pressed(which: int, place: float, put: bytes, lost: int) -> None:
    whole = _SOUND[which]
    at = int(place * len(whole))
    with TemporaryDirectory() as folder:
        found = press(whole[:at] + put + whole[at + lost :], Path(folder), name="a.pdf")
    assert isinstance(found, Pressed | Unshown)


def _written(raw: bytes, folder: Path) -> Path:
    (folder / "fra.pdf").write_bytes(raw)
    return folder / "fra.pdf"
