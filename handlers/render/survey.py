"""What a Word template has of what a notat needs, and what would be added to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docx.opc.constants import RELATIONSHIP_TYPE as RT

from handlers.render import fields, parts
from handlers.render.styles import Styles
from handlers.render.template import opened
from handlers.render.wordml import Element, w
from handlers.render.words import FIELDS, STYLES

_ALONE = ("facts", "findings", "content")
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True, slots=True)
class Survey:
    """By purpose, as docx.toml calls it: the template's own names, and what it lacks."""

    fields: tuple[str, ...]
    facts: tuple[str, ...]  # lines of the case block that have a place of their own
    unknown: tuple[str, ...]
    crowded: tuple[str, ...]  # must stand alone in a paragraph, and do not
    styles: dict[str, str]
    added_styles: tuple[str, ...]
    added_parts: tuple[str, ...]
    undescribed: int  # pictures without alternative text
    has_place: bool
    marks_drafts: bool
    numbers_pages: bool


def survey(template: bytes, *, labels: Iterable[str]) -> Survey:
    """Look a template through; `labels` are what the lines of the case block are called.

    Raises:
        handlers.render.template.TemplateError: it is no Word file that we may open.
    """
    document = opened(template)
    ours, lines = set(FIELDS.values()), {fields.named(label) for label in labels}
    roots, body = parts.roots(document), document.element.body
    names = frozenset[str]().union(*map(fields.names, roots))
    alone = {FIELDS[each] for each in _ALONE if fields.standing_alone(body, FIELDS[each])}
    styles = Styles(document.styles.element)
    found = {purpose: name for purpose in STYLES if (name := styles.found(purpose))}
    kinds = {rel.reltype for rel in document.part.rels.values()}
    needed = {"numbering": RT.NUMBERING, "footnotes": RT.FOOTNOTES}
    return Survey(
        fields=tuple(sorted(names & ours)),
        facts=tuple(sorted((names & lines) - ours)),
        unknown=tuple(sorted(names - ours - lines)),
        crowded=tuple(sorted(names & {FIELDS[each] for each in _ALONE} - alone)),
        styles=found,
        added_styles=tuple(names[0] for purpose, names in STYLES.items() if purpose not in found),
        added_parts=tuple(name for name, kind in needed.items() if kind not in kinds),
        undescribed=sum(not drawing.get("descr") for root in roots for drawing in root.iter(_PICTURE)),
        has_place=FIELDS["content"] in alone,
        marks_drafts=FIELDS["draft"] in fields.names(body)
        and any(FIELDS["draft"] in fields.names(header) for header in parts.headers(document)),
        numbers_pages=any("PAGE" in each.split() for root in roots for each in _instructions(root)),
    )


def _instructions(root: Element) -> Iterator[str]:
    for field in root.iter(w("fldSimple"), w("instrText")):
        yield field.get(w("instr")) or field.text or ""
