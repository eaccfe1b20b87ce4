"""What a notat says, in printed order, and nothing of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.content import Content, Listing
from handlers.content import dump as dump_content


class Role(StrEnum):
    """What a chapter is, so that each format can give it its look."""

    PART = "part"
    SECTION = "section"
    SUBMISSION = "submission"
    REMARK = "remark"


LEVELS = {Role.PART: 1, Role.SECTION: 2, Role.SUBMISSION: 2, Role.REMARK: 3}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it; its outline level (1 to 3) follows from its role."""

    role: Role
    heading: str
    body: Content = ()

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
    """The notat as JSON values, with the number of its findings."""
    return {
        "title": notat.title,
        "owner": notat.owner,
        "facts": [{"label": fact.label, "value": fact.value} for fact in notat.facts],
        "draft": notat.draft,
        "findings": sum(len(block.items) for block in notat.findings if isinstance(block, Listing)),
        "findings_heading": notat.findings_heading,
        "findings_body": dump_content(notat.findings),
        "chapters": [
            {"role": chapter.role.value, "heading": chapter.heading, "body": dump_content(chapter.body)}
            for chapter in notat.chapters
        ],
        "running_title": notat.running_title,
        "case_label": notat.case_label,
    }
