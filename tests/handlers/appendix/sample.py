"""Made-up files, sound and not, and an appendix that has them all."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from handlers.notat.shape import Fact
from handlers.render.pdf import pdf as notat
from storage.words import Edition
from tests.handlers import papers
from tests.render.sample import AT, FINAL

NOW = datetime(2031, 4, 23, 9, 30, tzinfo=UTC)
TEXT = (
    "Til kommunen\n\nVi takker for muligheden for at afgive høringssvar. Vi ønsker flere træer langs vejen, "
    "og at der står bænke under dem.\n\nVi gør særligt opmærksom på\n"
    "- skolevejen, hvor bilerne kører for stærkt\n"
    "- krydset ved stationen 😀\n\nVenlig hilsen\nAne Bro\nLygtevej 3\nTlf. 12 34 56 78\nane@borger.example"
)


def tagged() -> bytes:
    """A PDF with tags, headings, lists and a link."""
    return notat(FINAL, at=AT)


PAGES = len(pypdfium2.PdfDocument(tagged()))  # of it, and of what is made of it


def untagged() -> bytes:
    """The same without its tags."""
    return _changed(tagged(), lambda file: file.Root.__delitem__("/StructTreeRoot"))


def bare_fonts(pages: int = 1) -> bytes:
    """A PDF whose font is not in it."""
    return papers.pdf(papers.lines("Vi ønsker flere træer."), pages=pages)


def scanned(*, width: int = 595, height: int = 842, rotate: int = 0, shift: int = 0) -> bytes:
    """A page that is one picture; its box may be turned, and begin elsewhere than at 0."""
    out = io.BytesIO()
    with pikepdf.new() as file:
        page = file.add_blank_page(page_size=(width, height))
        image = file.make_stream(_drawing((120, 160)).tobytes())
        for key, value in {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": 120,
            "/Height": 160,
            "/ColorSpace": Name.DeviceRGB,
            "/BitsPerComponent": 8,
        }.items():
            image[key] = value
        page.obj.MediaBox = Array([shift, shift, width + shift, height + shift])
        page.obj.Rotate = rotate
        page.obj.Resources = Dictionary(XObject=Dictionary(I=image))
        page.obj.Contents = file.make_stream(b"q %d 0 0 %d %d %d cm /I Do Q" % (width, height, shift, shift))
        file.save(out)
    return out.getvalue()


def scripted() -> bytes:
    """A PDF that wants to run a script and has a file inside."""

    def add(file: pikepdf.Pdf) -> None:
        act = Dictionary(S=Name.JavaScript, JS="app.alert('hej')")
        file.Root.OpenAction = act
        file.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", act])))
        file.pages[0].obj.AA = Dictionary(O=act)
        file.attachments["skjult.txt"] = b"skjult"

    return _changed(untagged(), add)


def filled() -> bytes:
    """A form in which somebody wrote."""
    return papers.annotated(Widget="Ja, men kun med træer", FreeText="Husk bænkene")


def png(dots: int = 72) -> bytes:
    out = io.BytesIO()
    _drawing((1000, 1400)).save(out, "PNG", dpi=(dots, dots))
    return out.getvalue()


def jpeg(mode: str = "RGB", *, orientation: int = 1) -> bytes:
    """A photo; a phone writes where it was, and how it was held."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "HEMMELIG-TELEFON"
    _drawing((600, 400)).convert(mode).save(out, "JPEG", exif=exif, comment=b"HEMMELIG-TELEFON")
    return out.getvalue()


def _drawing(size: tuple[int, int]) -> Image.Image:
    made = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(made)
    pen.rectangle((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill="navy")
    pen.line((0, 0, *size), fill="orange", width=max(2, size[0] // 50))
    return made


def _changed(raw: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as file:
        change(file)
        file.save(out)
    return out.getvalue()


@cache
def files() -> dict[str, bytes]:
    """One of each, by name."""
    sound = untagged()
    end = sound.rindex(b"startxref")
    return {
        "Bemærkninger til mobilitetsplanen.pdf": tagged(),
        "uden mærker.pdf": sound,
        "uden register.pdf": sound[:end] + b"startxref\n17\n%%EOF",
        "afkortet.pdf": sound[: len(sound) // 40],
        "tilfældig.pdf": b"%PDF-1.7\n" + sha256(b"x").digest() * 50,
        "tom.pdf": b"",
        "kodeord.pdf": papers.rewritten(sound, user="hemmeligt", owner="andet"),
        "ejerkode.pdf": papers.rewritten(sound, owner="andet"),
        "roteret.pdf": scanned(rotate=90),
        "forskudt.pdf": scanned(shift=300),
        "stor tegning A0.pdf": scanned(width=3370, height=2384),
        "med script.pdf": scripted(),
        "formular.pdf": filled(),
        "gamle skrifter.pdf": bare_fonts(2),
        "kort.png": png(),
        "foto.jpg": jpeg(orientation=6),
        "cmyk.jpg": jpeg("CMYK"),
        "arkiv.zip": papers.packed({"a.txt": "hej"}),
    }  # fmt: skip


def appendix(
    given: dict[str, bytes], *, edition: Edition = Edition.INTERNAL, is_private: bool = False
) -> Appendix:
    """Three submissions, of which the second has the files."""
    kinds = {"png": "image/png", "jpg": "image/jpeg", "zip": "application/zip", "docx": papers.DOCX}
    enclosures = tuple(
        Enclosure(
            place, name, kinds.get(name.rpartition(".")[2], papers.PDF), len(raw), sha256(raw).hexdigest()
        )
        for place, (name, raw) in enumerate(given.items(), 1)
    )
    facts = (
        Fact("Modtaget", "5. april 2031 kl. 9.14"), Fact("Indgivet", "via mail"),
        Fact("Afsender", "Ane Bro (ane@borger.example)"), Fact("Emne", "Svar på høring om mobilitetsplan"),
    )  # fmt: skip
    author = Author(("Ane Bro",), is_private)
    later = Message("Supplement til høringssvaret", facts[:1], "Vi glemte at nævne busserne.")
    entries = (
        Entry(1, "Vesterlund Cyklistforening", author, (Message("", facts, TEXT),), ()),
        Entry(2, "Ældrerådet i Vesterlund", author, (Message("", facts, TEXT), later), enclosures),
        Entry(3, "Privatperson Møllestien", author, (Message("", facts, ""),), ()),
    )
    return Appendix(
        edition, "Bilag til høringsnotat – Mobilitetsplan for Vesterlund bymidte",
        "Teknik- og Miljøforvaltningen",
        "Sagsnr. 2031-0004321", (Fact("Dato", "23. april 2031"), Fact("Sagsnummer", "2031-0004321")), entries,
    )  # fmt: skip
