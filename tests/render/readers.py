"""What stands in a finished file, in reading order, so that the formats can be compared with the content."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pikepdf
from lxml import etree
from lxml.html import fromstring as parsed
from outloud.model import Document  # type: ignore[import-untyped]
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from handlers.content import Item, Note, Para, Run
from handlers.notat.shape import Body, Notat, Table
from handlers.render.docx import docx
from handlers.render.html import html
from handlers.render.pdf import pdf

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Piece = tuple[str, str]
_ON_EACH_PAGE = re.compile(r"word/(?:header|footer)\d+\.xml\Z")
_HEADINGS = {"heading 1": "h1", "Mangler": "h1", "heading 2": "h2", "Høringssvar": "h2", "heading 3": "h3"}


def squeezed(text: str) -> str:
    """Text without what line-breaking adds or takes."""
    return re.sub(r"[\s\u00ad\u200b\u2010\u2011-]+", "", text)


def of_content(notat: Notat) -> list[Piece]:
    """The headings, paragraphs, points and notes of a tidy notat, in order; notes come last."""
    notes: list[Piece] = []
    parts: list[tuple[int, str, Body]]
    parts = [(1, notat.findings_heading, notat.findings)] if notat.draft and notat.findings else []
    parts += [(chapter.level, chapter.heading, chapter.body) for chapter in notat.chapters]
    pieces: list[Piece] = []
    for level, heading, body in parts:
        pieces.append((f"h{level}", squeezed(heading)))
        pieces += _content(body, notes)
    return pieces + notes


def assert_all_say(notat: Notat, *, at: datetime) -> None:
    """Each format, made at a moment, says all that the content says, in its order."""
    assert_they_say(notat, docx(notat), pdf(notat, at=at), html(notat))


def assert_they_say(notat: Notat, word: bytes, print_: bytes, page: str) -> None:
    """These files say all that the content says, in its order: in front, in the body, and on each page."""
    wanted = of_content(notat)
    assert of_html(page) == wanted
    assert of_docx(word) == wanted
    assert of_pdf(print_) == wanted
    assert squeezed(notat.running_title) in _word_words(word)
    for words in (_html_words(page), _word_words(word), _pdf_words(print_)):
        assert squeezed(notat.case_label) in words
        _assert_in_order(_front(notat), words)


def _assert_in_order(pieces: list[str], words: str) -> None:
    place = 0
    for each in pieces:
        found = words.find(each, place)
        assert found >= place
        place = found + len(each)


def _front(notat: Notat) -> list[str]:
    """What stands before the first heading: who it is from, what it is, and the case block."""
    facts = (words for fact in notat.facts for words in (fact.label, fact.value))
    return [squeezed(words) for words in (notat.owner, notat.draft, notat.title, *facts)]


def _html_words(page: str) -> str:
    whole: Any = parsed(page)
    return squeezed(whole.find("body").text_content())


def _word_words(file: bytes) -> str:
    """The words of the body, and then of headers and footers."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        names = ["word/document.xml", *(name for name in package.namelist() if _ON_EACH_PAGE.match(name))]
        return "".join(word_text(etree.fromstring(package.read(name))) for name in names)


def _pdf_words(file: bytes) -> str:
    return squeezed("".join(page.get_textpage().get_text_bounded() for page in PdfDocument(file)))


def _content(body: Body, notes: list[Piece]) -> Iterator[Piece]:
    for block in body:
        if isinstance(block, Table):
            yield from _cells(block)
        elif isinstance(block, Para):
            yield ("quote" if block.quote else "p"), _runs(block.runs, notes)
        else:
            for item in block.items:
                yield _point(item), _runs(item.runs, notes)


def _cells(table: Table) -> Iterator[Piece]:
    """What a table is called, its head, and then its cells row by row; an empty one says nothing."""
    yield "p", squeezed(table.caption)
    for kind, row in (("th", table.header), *(("td", row) for row in table.rows)):
        yield from ((kind, squeezed(cell)) for cell in row if squeezed(cell))


def _point(item: Item) -> str:
    return f"{'ol' if item.ordered else 'ul'}{item.level}"


def _runs(runs: tuple[Run | Note, ...], notes: list[Piece]) -> str:
    notes.extend(("note", _runs(run.runs, notes)) for run in runs if isinstance(run, Note))
    return squeezed("".join(run.text for run in runs if isinstance(run, Run)))


def of_html(page: str) -> list[Piece]:
    whole: Any = parsed(page)
    main = whole.xpath("//main")[0]
    pieces: list[Piece] = []
    notes: list[Piece] = []
    for node in main.iter("h2", "h3", "h4", "p", "li", "caption", "th", "td"):
        if node.xpath("ancestor::*[@role='doc-endnotes']"):
            if node.tag == "li":
                notes.append(("note", _html_text(node)))
        elif node.tag == "li":
            depth = len(node.xpath("ancestor::li"))
            pieces.append((f"{node.getparent().tag}{depth}", _html_text(node)))
        elif node.tag in {"caption", "th", "td"}:
            kind = {"col": "th", "row": "td"}.get(node.get("scope"), "td")
            pieces.append(("p" if node.tag == "caption" else kind, _html_text(node)))
        elif node.tag == "p":
            pieces.append(("quote" if node.getparent().tag == "blockquote" else "p", _html_text(node)))
        else:
            pieces.append((f"h{int(node.tag[1]) - 1}", _html_text(node)))
    return [piece for piece in pieces + notes if piece[1]]


def _html_text(node: Any) -> str:
    """The node's own words, without lists within it, marks of notes and ways back."""
    depth = len(node.xpath("ancestor-or-self::li"))
    aside = "ancestor::sup or ancestor::*[@role='doc-backlink']"
    return squeezed("".join(node.xpath(f".//text()[not({aside}) and count(ancestor::li) = {depth}]")))


def word_part(file: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return etree.fromstring(package.read(name))


def of_docx(file: bytes) -> list[Piece]:
    """Everything after the case block."""
    styles = {
        style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val")
        for style in word_part(file, "word/styles.xml").iter(f"{W}style")
    }
    numbering = word_part(file, "word/numbering.xml")
    paragraphs = word_part(file, "word/document.xml").iter(f"{W}p")
    pieces = [(_word_kind(paragraph, styles, numbering), word_text(paragraph)) for paragraph in paragraphs]
    notes = word_part(file, "word/footnotes.xml").findall(f"{W}footnote")
    pieces += [("note", word_text(note)) for note in notes if note.get(f"{W}type") is None]
    return [piece for piece in pieces if all(piece)]


def word_text(node: Any) -> str:
    return squeezed("".join(text.text or "" for text in node.iter(f"{W}t")))


def _word_kind(paragraph: Any, styles: dict[str, str], numbering: Any) -> str:
    row = next(paragraph.iterancestors(f"{W}tr"), None)
    if row is not None:
        return "td" if row.find(f"{W}trPr/{W}tblHeader") is None else "th"
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = "Normal" if named is None else styles[named.get(f"{W}val")]
    if style == "List Paragraph":
        level = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl").get(f"{W}val")
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val")
        return f"{_word_list(numbering, number, level)}{level}"
    return {"Normal": "p", "Quote": "quote"}.get(style, _HEADINGS.get(style, ""))


def _word_list(numbering: Any, number: str, level: str) -> str:
    look = numbering.find(f"{W}num[@{W}numId='{number}']/{W}abstractNumId").get(f"{W}val")
    path = f"{W}abstractNum[@{W}abstractNumId='{look}']/{W}lvl[@{W}ilvl='{level}']/{W}numFmt"
    return "ul" if numbering.find(path).get(f"{W}val") == "bullet" else "ol"


def of_pdf(file: bytes) -> list[Piece]:
    """The tags and their text, from the first heading on."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        kept.write(file)
        kept.flush()
        document = Document(kept.name)
        try:
            return _Tags(document).pieces()
        finally:
            document.close()


class _Tags:
    """Walks the structure tree, gathering the text of each tag in the order of its children."""

    def __init__(self, document: Document) -> None:
        self.root = document.struct_root
        self.pages = {page.objgen: page.index for page in document.pages}
        self.words: dict[tuple[int, int], str] = {}
        for page in document.pages:
            for run in document.content(page.index).runs:
                if run.mcid is not None:
                    key = (page.index, run.mcid)
                    self.words[key] = self.words.get(key, "") + run.text
        self.found: list[Piece] = []
        self.notes: list[Piece] = []

    def pieces(self) -> list[Piece]:
        self.walk(self.root, page=0, depth=-1)
        first = next((place for place, piece in enumerate(self.found) if piece[0] == "h1"), len(self.found))
        return [piece for piece in self.found[first:] + self.notes if piece[1]]

    def walk(self, node: Any, *, page: int, depth: int, within: bool = False) -> None:
        """Gather the pieces under the node; `within` a point only its lists are still to be told."""
        for kid, kid_page in self.kids(node, page):
            if isinstance(kid, int):
                continue
            tag = str(kid.get("/S", ""))[1:]
            if tag in {"H1", "H2", "H3"}:
                self.found.append((tag.lower(), squeezed(self.text(kid, kid_page))))
            elif tag == "P" and not within:
                self.found.append(("p", squeezed(self.text(kid, kid_page))))
            elif tag in {"TH", "TD"}:
                self.found.append((tag.lower(), squeezed(self.text(kid, kid_page))))
            elif tag == "BlockQuote":
                self.found.append(("quote", squeezed(self.text(kid, kid_page))))
            elif tag == "LI":
                self.point(kid, page=kid_page, depth=depth)
            else:
                self.walk(kid, page=kid_page, depth=depth + (tag == "L"), within=within and tag != "L")

    def point(self, node: Any, *, page: int, depth: int) -> None:
        label, body = [kid for kid, _ in self.kids(node, page)]
        sign = squeezed(self.text(label, page))
        place = len(self.found)
        self.found.append(("", ""))
        words = squeezed(self.text(body, page))
        self.found[place] = (f"{'ol' if sign.endswith(')') else 'ul'}{depth}", words)
        self.walk(body, page=page, depth=depth, within=True)

    def text(self, node: Any, page: int) -> str:
        """The node's words without those of lists and notes in it; notes are put aside."""
        words = ""
        for kid, kid_page in self.kids(node, page):
            if isinstance(kid, int):
                words += self.words.get((kid_page, kid), "")
                continue
            tag = str(kid.get("/S", ""))[1:]
            if tag == "Note":
                self.notes.append(("note", squeezed(self.text(kid, kid_page))))
            elif tag not in {"L", "Lbl"} or (tag == "Lbl" and node.get("/S") == "/Lbl"):
                words += self.text(kid, kid_page)
        return words

    def kids(self, node: Any, page: int) -> Iterator[tuple[Any, int]]:
        """The node's children in order: marked-content numbers and tags, each with its page."""
        page = self.pages.get(node["/Pg"].objgen, page) if "/Pg" in node else page
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                yield kid, page
            elif kid.get("/Type") == "/MCR":
                yield int(kid["/MCID"]), self.pages.get(kid["/Pg"].objgen, page) if "/Pg" in kid else page
            elif kid.get("/Type") != "/OBJR":
                yield kid, page
