"""What a notat says, in printed order, and nothing of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from handlers.content import Content, Listing, Para
from handlers.content import dump as dump_content
from handlers.content import plain as plain_content


class Role(StrEnum):
    """What a chapter is, so that each format can give it its look."""

    PART = "part"
    SECTION = "section"
    SUBMISSION = "submission"
    REMARK = "remark"


LEVELS = {Role.PART: 1, Role.SECTION: 2, Role.SUBMISSION: 2, Role.REMARK: 3}


@dataclass(frozen=True, slots=True)
class Table:
    """Plain words in rows as long as `header`, which names the columns; a row's first cell names the row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"


Body = tuple[Annotated[Para | Listing | Table, Field(discriminator="kind")], ...]
"""What people wrote, and tables, which only we make."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it; its outline level (1 to 3) follows from its role."""

    role: Role
    heading: str
    body: Body = ()

    @property
    def level(self) -> int:
        return LEVELS[self.role]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the case block, such as the case number."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Notat:
    """The whole document; a draft carries what is missing, one finding a paragraph or point."""

    title: str
    owner: str
    facts: tuple[Fact, ...]
    draft: str  # the word that marks a draft, empty in a final notat
    findings_heading: str
    findings: Content
    chapters: tuple[Chapter, ...]
    running_title: str
    case_label: str  # foot of each page, left


def dump(notat: Notat) -> dict[str, Any]:
    """The notat as JSON values: what `published.read` takes, without what is as it is by default."""
    return {
        "title": notat.title,
        "owner": notat.owner,
        "facts": [{"label": fact.label, "value": fact.value} for fact in notat.facts],
        "draft": notat.draft,
        "findings_heading": notat.findings_heading,
        "findings": dump_content(notat.findings),
        "chapters": [
            {"role": chapter.role.value, "heading": chapter.heading, "body": _dump_body(chapter.body)}
            for chapter in notat.chapters
        ],
        "running_title": notat.running_title,
        "case_label": notat.case_label,
    }


def plain(body: Body) -> str:
    """The words alone, a blank line between blocks; a table has a line for each row, tabs between cells."""
    said = (_rows(block) if isinstance(block, Table) else plain_content((block,)) for block in body)
    return "\n\n".join(said)


def _rows(table: Table) -> str:
    lines = [table.caption, *("\t".join(row) for row in (table.header, *table.rows))]
    return "\n".join(line for line in lines if line)


def _dump_body(body: Body) -> list[dict[str, Any]]:
    return [value for block in body for value in _dump_block(block)]


def _dump_block(block: Para | Listing | Table) -> list[dict[str, Any]]:
    if not isinstance(block, Table):
        return dump_content((block,))
    rows = [list(row) for row in block.rows]
    return [{"kind": "table", "caption": block.caption, "header": list(block.header), "rows": rows}]
