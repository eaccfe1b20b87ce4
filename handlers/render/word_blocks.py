"""The pieces of a notat as WordprocessingML: headings, paragraphs, lists, notes and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part

from handlers.content import Run
from handlers.notat.shape import LEVELS, Fact, Role
from handlers.render.footnotes import Footnotes, note_number
from handlers.render.layout import Grid, Mark, Paragraph, Points, Printable, Printed, Section
from handlers.render.numbering import Numbering
from handlers.render.styles import Styles
from handlers.render.word_table import table
from handlers.render.wordml import Element, R, element, paragraph, run, tab, w

_BY_LEVEL = {1: Role.PART, 2: Role.SECTION, 3: Role.REMARK}


@dataclass(slots=True)
class Links:
    """The outside addresses of one part of the document, each related once."""

    part: Part
    ids: dict[str, str] = field(default_factory=dict)

    def wrap(self, words: Run, *, style: str) -> Element:
        """The run as a link to its address."""
        if words.href not in self.ids:
            self.ids[words.href] = self.part.relate_to(words.href, RT.HYPERLINK, is_external=True)
        made = element("hyperlink", run(words, style=style), history="1")
        made.set(f"{{{R}}}id", self.ids[words.href])
        return made


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sets the pieces in one document, with its styles, lists, notes and links."""

    styles: Styles
    numbering: Numbering
    footnotes: Footnotes
    links: Links
    note_links: Links

    def section(self, section: Section, *, style: str = "") -> Iterator[Element]:
        """The heading, if there is one, and its text; `style` overrides the role's."""
        if section.heading:
            role = section.role if LEVELS[section.role] == section.level else _BY_LEVEL[section.level]
            words, is_bare = run(Run(section.heading)), role == Role.SUBMISSION and not section.ruled
            looks = (element("pBdr", element("top", val="nil")),) if is_bare else ()
            yield paragraph(words, style=self.styles.id(style or role.value), properties=looks)
        yield from self.body(section.body)

    def facts(self, facts: Iterable[Fact]) -> Iterator[Element]:
        """The case block: a label, a tab and a value a line."""
        for fact in facts:
            label, value = run(Run(fact.label, bold=True)), run(Run(fact.value))
            yield paragraph(label, tab(), value, style=self.styles.id("facts"))

    def line(self, words: str, *, style: str) -> Element:
        """A paragraph of plain words in a style of docx.toml."""
        return paragraph(run(Run(words)), style=self.styles.id(style))

    def body(self, body: Sequence[Printed]) -> Iterator[Element]:
        for block in body:
            if isinstance(block, Points):
                yield from self._points(block)
            elif isinstance(block, Grid):
                yield from table(block)
            else:
                yield self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> Element:
        style = self.styles.id("quote") if block.quote else ""
        together = (element("keepNext"),) if block.leads else ()
        return paragraph(*self._inlines(block.runs), style=style, properties=together)

    def _points(self, listing: Points) -> Iterator[Element]:
        series = self.numbering.series(ordered=listing.ordered, level=listing.level)
        for number, point in enumerate(listing.points):
            place = element("numPr", element("ilvl", val=str(listing.level)), element("numId", val=series))
            # A list that breaks leaves more than one line of itself behind.
            together = (element("keepNext"),) if number == 0 and len(listing.points) > 1 else ()
            yield paragraph(
                *self._inlines(point.runs), style=self.styles.id("point"), properties=(*together, place)
            )
            for inner in point.lists:
                yield from self._points(inner)

    def _inlines(self, runs: Iterable[Printable]) -> Iterator[Element]:
        for words in runs:
            yield self._note(words) if isinstance(words, Mark) else self._words(words, self.links)

    def _words(self, words: Run, links: Links) -> Element:
        return links.wrap(words, style=self.styles.id("link")) if words.href else run(words)

    def _note(self, note: Mark) -> Element:
        mark = self.styles.id("note_mark")
        words = (self._words(part, self.note_links) for part in note.runs)
        body = paragraph(note_number(mark), tab(), *words, style=self.styles.id("note"))
        return self.footnotes.add(body, mark_style=mark)


def on_new_page(block: Element) -> None:
    """Let the paragraph begin a page."""
    properties = block.find(w("pPr"))
    if properties is None:
        properties = element("pPr")
        block.insert(0, properties)
    before = [child for child in properties if child.tag in {w("pStyle"), w("keepNext"), w("keepLines")}]
    properties.insert(len(before), element("pageBreakBefore"))
    properties.append(element("spacing", before="0"))
