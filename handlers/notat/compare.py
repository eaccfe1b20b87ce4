"""What is new in one version of a notat against an earlier one: by the facts it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from handlers.content import Content, load, paragraphs
from handlers.notat.shape import Role
from handlers.talk.difference import Stretch, difference
from storage.models import Summary
from storage.version import Makeup
from storage.versions import Said

_FRONT = {Role.PART.value, Role.SECTION.value}


class What(StrEnum):
    """What is new, gone or changed; ORDER: the submissions stand in another order."""

    SUBMISSION = "submission"
    SUMMARY = "summary"
    REMARK = "remark"
    TEXT = "text"
    ORDER = "order"
    PARAGRAPH = "paragraph"
    """Of a Word file that was edited by hand, under the heading that is its name."""
    NOTE = "note"
    """A footnote of such a file."""


class How(StrEnum):
    """What became of it."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """One change: to which submission (its number as it is printed now, or was), by whom and when.

    `name` is the party's, or a text's heading. A remark has a `department`. `stretches` say what the words
    were and are, and are empty when only their look is another.
    """

    what: What
    how: How
    number: int = 0
    name: str = ""
    department: str = ""
    by: str = ""
    at: datetime | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since a version, in printed order; `version` is None for what stands at this moment.

    `file` is the name of a Word file of that version, when it is what somebody edited in it by hand.
    """

    since: int
    version: int | None
    all: tuple[Changed, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as the facts it was made of: what was said to which remark and of which submission."""

    makeup: Makeup
    said: Mapping[UUID, Said]
    summaries: Mapping[UUID, Summary]
    content: Mapping[str, Any]


def compare(old: Snapshot, new: Snapshot) -> tuple[Changed, ...]:
    """Everything that is not the same, the hearing's own texts first, then submission by submission."""
    return (*_texts(old.content, new.content), *_order(old, new), *_submissions(old, new))


def _order(old: Snapshot, new: Snapshot) -> Iterator[Changed]:
    was, is_ = _ids(old), _ids(new)
    if [each for each in was if each in set(is_)] != [each for each in is_ if each in set(was)]:
        yield Changed(What.ORDER, How.CHANGED)


def _ids(snapshot: Snapshot) -> list[str]:
    return [str(each["id"]) for each in snapshot.makeup.submissions]


def _submissions(old: Snapshot, new: Snapshot) -> Iterator[Changed]:
    was = {each["id"]: each for each in old.makeup.submissions}
    is_ = {each["id"]: each for each in new.makeup.submissions}
    for key in dict.fromkeys([*is_, *was]):
        place = is_.get(key) or was[key]
        number, name = int(place["number"]), str(place["name"])
        if key not in was:
            yield Changed(What.SUBMISSION, How.NEW, number, name)
        elif key not in is_:
            yield Changed(What.SUBMISSION, How.GONE, number, name)
            continue
        yield from _summary(old.summaries.get(UUID(key)), new.summaries.get(UUID(key)), number, name=name)
        yield from _remarks(old, new, UUID(key), number=number, name=name)


def _summary(old: Summary | None, new: Summary | None, number: int, *, name: str) -> Iterator[Changed]:
    was, is_ = load(old.content) if old else (), load(new.content) if new else ()
    if was != is_:
        by, at = (new.written_by, new.written_at) if new else ("", None)
        yield Changed(
            What.SUMMARY, _how(was, is_), number, name, by=by, at=at, stretches=difference(was, is_)
        )


def _remarks(old: Snapshot, new: Snapshot, submission: UUID, *, number: int, name: str) -> Iterator[Changed]:
    was = {each.approval.remark_id: each for each in old.said.values() if each.submission_id == submission}
    is_ = {each.approval.remark_id: each for each in new.said.values() if each.submission_id == submission}
    for key in dict.fromkeys([*is_, *was]):
        before, now = was.get(key), is_.get(key)
        if before and now and before.approval.digest == now.approval.digest:
            continue
        one, other = _content(before), _content(now)
        by, at = (now.approval.approver, now.approval.approved_at) if now else ("", None)
        department = next(each.department for each in (now, before) if each is not None)
        yield Changed(What.REMARK, _how(one, other), number, name, department, by, at, difference(one, other))


def _content(said: Said | None) -> Content:
    return load(said.approval.content) if said else ()


def _how(was: Content, is_: Content) -> How:
    return How.CHANGED if was and is_ else How.NEW if is_ else How.GONE


def _texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Changed]:
    """Yield the chapters before the submissions that say something else."""
    was, is_ = _front(old), _front(new)
    for heading in dict.fromkeys([*is_, *was]):
        one, other = was.get(heading, ()), is_.get(heading, ())
        if one != other:
            yield Changed(What.TEXT, _how(one, other), name=heading, stretches=difference(one, other))


def _front(content: Mapping[str, Any]) -> dict[str, Content]:
    front = [each for each in content.get("chapters", ()) if each["role"] in _FRONT]
    return {str(each["heading"]): _plainly(each["body"]) for each in front}


def _plainly(body: Sequence[Mapping[str, Any]]) -> Content:
    """The blocks, a table's rows as paragraphs."""
    blocks: list[Any] = []
    for block in body:
        if block["kind"] == "table":
            blocks.extend(each for row in block["rows"] for each in paragraphs(" · ".join(row)))
        else:
            blocks.extend(load([dict(block)]))
    return tuple(blocks)
