"""The notat as a Word file, in our own template or the municipality's."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from docx.document import Document

from handlers.notat.shape import Notat
from handlers.render import fields, parts
from handlers.render.default_template import default_template
from handlers.render.footnotes import Footnotes
from handlers.render.layout import Layout, layout
from handlers.render.numbering import Numbering
from handlers.render.origin import Origin, sign
from handlers.render.package import packed, unpacked
from handlers.render.properties import state
from handlers.render.styles import Styles
from handlers.render.template import opened
from handlers.render.word_blocks import Blocks, Links, on_new_page
from handlers.render.wordml import Element, paragraph, w
from handlers.render.words import FIELDS

_LARGEST = 2_000_000_000  # bytes; our own output, so only a fault goes beyond


def docx(
    notat: Notat, *, template: bytes | None = None, at: datetime | None = None, origin: Origin | None = None
) -> bytes:
    """The notat as .docx; the same notat, template and time give the same bytes.

    `at` (aware) is the document's date; without it the file has none. The template is a .docx or .dotx with
    the placeholders of docx.toml; the text goes where its content placeholder stands alone, else at the end.
    A fact of the case block may also be called by its own label, in lower case. Its `origin` is kept in the
    file, where Word leaves it.

    Raises:
        TemplateError: the template is no Word file that we may open.
    """
    printed = layout(notat)
    document = opened(_own() if template is None else template)
    _write(printed, document)
    state(printed, document, at=at)
    if origin is not None:
        sign(document, origin)
    target = io.BytesIO()
    document.save(target)
    return packed(unpacked(target.getvalue(), largest=_LARGEST))


@cache
def _own() -> bytes:
    return default_template()


def _write(printed: Layout, document: Document) -> None:
    """Fill the template's own fields first, so that nothing in the notat's text can pass for one."""
    blocks = _blocks(document)
    body = document.element.body
    if printed.draft:
        _mark_draft(document, blocks)
    places = {name: fields.standing_alone(body, FIELDS[name]) for name in ("facts", "findings", "content")}
    for root in parts.roots(document):
        fields.fill(root, _values(printed))
    findings = list(blocks.section(printed.findings, style="findings")) if printed.findings else []
    text = [block for section in printed.sections for block in blocks.section(section)]
    if findings and text:
        on_new_page(text[0])
    _put(blocks.facts(printed.facts), places["facts"])
    if places["findings"]:
        _put(findings, places["findings"])
        findings = []
    _put([*findings, *text], places["content"] or [_last_place(body)])


def _blocks(document: Document) -> Blocks:
    styles = Styles(document.styles.element)
    styles.speak_danish()
    notes = parts.footnotes(document)
    return Blocks(
        styles=styles,
        numbering=Numbering(parts.numbering(document).element),
        footnotes=Footnotes(notes.element, document.settings.element),
        links=Links(document.part),
        note_links=Links(notes),
    )


def _mark_draft(document: Document, blocks: Blocks) -> None:
    """Give a template that has no place for the draft's word one in its body and in its headers."""
    mark = "{{ " + FIELDS["draft"] + " }}"
    for roots in ([document.element.body], parts.headers(document)):
        if not any(FIELDS["draft"] in fields.names(root) for root in roots):
            for root in roots:
                root.insert(0, blocks.line(mark, style="draft"))


def _values(printed: Layout) -> dict[str, str]:
    named = ((fields.named(fact.label), fact.value) for fact in printed.facts)
    return {name: value for name, value in named if name not in FIELDS.values()} | {
        FIELDS["title"]: printed.title,
        FIELDS["owner"]: printed.owner,
        FIELDS["case"]: printed.case_label,
        FIELDS["running_title"]: printed.running_title,
        FIELDS["draft"]: printed.draft,
    }


def _put(blocks: Iterable[Element], places: list[Element]) -> None:
    """Put the blocks before the first place, and take all places away."""
    for block in blocks if places else ():
        places[0].addprevious(block)
    for place in places:
        fields.remove(place)


def _last_place(body: Element) -> Element:
    place = paragraph()
    closing = body.find(w("sectPr"))
    body.insert(len(body) if closing is None else body.index(closing), place)
    return place
