"""Builders of files that hold text, sound or hostile, in as many bytes as it takes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import docx
import pikepdf

from tests.handlers import wrapping

TREES = "Vi ønsker, at træerne på Ågade bliver stående."
PDF, DOC, RTF = "application/pdf", "application/msword", "application/rtf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(members: Mapping[str, str | bytes | Iterable[bytes]]) -> bytes:
    """A zip with these members; one that is given in pieces is never whole in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            pieces = [content] if isinstance(content, bytes) else content
            with package.open(name, "w") as member:
                for piece in pieces:
                    member.write(piece.encode() if isinstance(piece, str) else piece)
    return out.getvalue()


def word(body: str = f"<w:p><w:r><w:t>{TREES}</w:t></w:r></w:p>", **parts: str) -> bytes:
    """A docx of this body in WordprocessingML; `parts` are members under word/ by their name."""
    main = f"<w:document {_WORD}><w:body>{body}</w:body></w:document>"
    members = {"[Content_Types].xml": "<Types/>", "word/document.xml": main}
    members |= {f"word/{name}.xml": f"<w:{name} {_WORD}>{each}</w:{name}>" for name, each in parts.items()}
    return packed(members)


def typed(text: str) -> bytes:
    """A docx as python-docx writes it."""
    document, out = docx.Document(), io.BytesIO()
    for each in text.split("\n"):
        document.add_paragraph(each)
    document.save(out)
    return out.getvalue()


def writer(body: str = f"<text:p>{TREES}</text:p>", *, manifest: str = "") -> bytes:
    """An odt of this body."""
    main = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    out = {"mimetype": ODT, "content.xml": main}
    return packed(out | {"META-INF/manifest.xml": manifest} if manifest else out)


def sheet(*cells: str) -> bytes:
    """An xlsx with these cells in one row."""
    row = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    about = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{about}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{about}"><sheets>'
        '<sheet name="Ark" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1"'
        f' Type="{about}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1">{row}</row></sheetData>'
        "</worksheet>",
    })  # fmt: skip


def doc(text: str, *, locked: bool = False) -> bytes:
    """A Word 97 file (MS-DOC) of one piece of text in UTF-16."""
    said = f"{text}\r".encode("utf-16-le")
    fib = bytearray(0x800)
    struct.pack_into("<HHH2xHH", fib, 0, 0xA5EC, 0x00C1, 0, 0, 0x0200 | (0x0100 if locked else 0))
    struct.pack_into("<HH", fib, 0x0A, 0x1200 | (0x0100 if locked else 0), 0x00BF)
    struct.pack_into("<II", fib, 0x18, 0x800, 0x800 + len(said))
    struct.pack_into("<H", fib, 0x20, 14)
    struct.pack_into("<H", fib, 0x3E, 22)
    struct.pack_into("<I", fib, 0x4C, len(said) // 2)
    struct.pack_into("<H", fib, 0x98, 93)
    pieces = struct.pack("<II", 0, len(said) // 2) + struct.pack("<HIH", 0, 0x800, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return wrapping.compound({
        "WordDocument": (bytes(fib) + said).ljust(4_608, b"\x00"),
        "1Table": clx.ljust(4_608, b"\x00"),
    })  # fmt: skip


def pdf(content: bytes, *, pages: int = 1, packing: str = "") -> bytes:
    """A PDF whose pages all have this content stream, packed with the filters named."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    packed = f"/Filter[{packing}]".encode() if packing else b""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids),
        b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), packed, content),
        _FONT,
        *[page] * pages,
    ]
    out, places = bytearray(b"%PDF-1.5\n"), list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return bytes(out) + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(out) - len(table) - len(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"),
    )


def lines(*texts: str) -> bytes:
    """The content stream of a page with these lines."""
    shown = b" T* ".join(b"(%b) Tj" % text.encode("cp1252") for text in texts)
    return b"BT /F 12 Tf 14 TL 20 400 Td %b ET" % shown


def rewritten(source: bytes, *, user: str = "", owner: str = "") -> bytes:
    """The same PDF with passwords."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(source)) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def annotated(**notes: str) -> bytes:
    """A PDF without content, on whose page stand annotations: subtype=text. A widget is a field."""
    document, out = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page(page_size=(500, 500))
    page.obj["/Annots"] = pikepdf.Array()
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
    for kind, text in notes.items():
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{kind}"), Rect=[0, 0, 9, 9]
        )
        if kind == "Widget":
            field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="svar", V=text, Kids=pikepdf.Array())
            note.Parent = document.make_indirect(field)
            field.Kids.append(document.make_indirect(note))
            document.Root.AcroForm.Fields.append(note.Parent)
            page.obj.Annots.append(field.Kids[0])
        else:
            note.Contents = text
            page.obj.Annots.append(document.make_indirect(note))
    document.save(out)
    return out.getvalue()


def repeated(piece: bytes, times: int, *, level: int = 9) -> bytes:
    """Deflated bytes that unpack to `piece` so many times, made without having them."""
    packer = zlib.compressobj(level)
    return b"".join([*(packer.compress(piece) for _ in range(times)), packer.flush()])
