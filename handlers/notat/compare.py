"""What is new in one version of a notat against an earlier one: by the facts it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from handlers.content import Content, load, paragraphs
from handlers.notat import unlike
from handlers.notat.changed import Changed, How, What, how
from handlers.talk.difference import difference
from storage.models import Summary
from storage.version import Makeup
from storage.versions import Said
from storage.words import Layout


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as the facts it was made of: what was said to which remark and of which submission."""

    makeup: Makeup
    said: Mapping[UUID, Said]
    summaries: Mapping[UUID, Summary]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Remark:
    """A remark as it is printed."""

    said: Said
    heading: str
    by_hand: bool


def compare(old: Snapshot, new: Snapshot) -> tuple[Changed, ...]:
    """Everything that is not the same, the hearing's own texts first, then submission by submission.

    Whatever the facts do not account for is told by the chapters it stands in. Of two that are laid out in
    different ways, only that is told.
    """
    if old.makeup.layout != new.makeup.layout:
        return (Changed(What.LAYOUT, How.CHANGED),)
    fronts = tuple(unlike.fronts(old.content, new.content))
    if unlike.are_printed_alike(old.content, new.content):
        return fronts
    told = (*unlike.texts(old.content, new.content), *_order(old, new), *_submissions(old, new))
    return (*fronts, *(told or unlike.chapters(old.content, new.content)))


def _order(old: Snapshot, new: Snapshot) -> Iterator[Changed]:
    was, is_ = ([each["id"] for each in one.makeup.submissions] for one in (old, new))
    if _is_moved(was, is_):
        yield Changed(What.ORDER, How.CHANGED)


def _is_moved(was: list[Any], is_: list[Any]) -> bool:
    """Whether what is in both stands in another order."""
    return [each for each in was if each in set(is_)] != [each for each in is_ if each in set(was)]


def _submissions(old: Snapshot, new: Snapshot) -> Iterator[Changed]:
    was = {each["id"]: each for each in old.makeup.submissions}
    is_ = {each["id"]: each for each in new.makeup.submissions}
    for key in dict.fromkeys([*is_, *was]):
        before, now = was.get(key), is_.get(key)
        about = _about(now or was[key])
        if now is None:
            yield replace(about, what=What.SUBMISSION, how=How.GONE)
            continue
        if before is None:
            yield replace(about, what=What.SUBMISSION, how=How.NEW)
        else:
            yield from _place(before, now, about)
        if now["first"]:
            yield from _of_chapter(UUID(now["bearer"]), about, old=old, new=new)


def _about(place: Mapping[str, Any]) -> Changed:
    return Changed(What.SUBMISSION, How.CHANGED, int(place["number"]), str(place["name"]))


def _place(before: Mapping[str, Any], now: Mapping[str, Any], about: Changed) -> Iterator[Changed]:
    """Yield what is another about a submission's chapter than what is said in it."""
    if before["name"] != now["name"]:
        names = (paragraphs(str(each["name"])) for each in (before, now))
        yield replace(about, stretches=difference(*names))
    if before["bearer"] != now["bearer"]:
        alone = [each["bearer"] == each["id"] for each in (before, now)]
        fate = How.GONE if alone[1] else How.NEW if alone[0] else How.CHANGED
        yield replace(about, what=What.TOGETHER, how=fate)


def _of_chapter(bearer: UUID, about: Changed, *, old: Snapshot, new: Snapshot) -> Iterator[Changed]:
    yield from _summary(old.summaries.get(bearer), new.summaries.get(bearer), about)
    yield from _remarks(_remarks_on(bearer, old), _remarks_on(bearer, new), about)
    was, is_ = _matters(bearer, old), _matters(bearer, new)
    if was is None or is_ is None:
        return
    for what, keys in ((What.TOPICS, ("department", "topic")), (What.PROPOSAL, ("what", "certain"))):
        if _only(was, keys) != _only(is_, keys) and new.makeup.layout in _PRINTED[what]:
            yield replace(about, what=what)


_PRINTED = {What.TOPICS: {Layout.BY_TOPIC, Layout.MINISTRY}, What.PROPOSAL: {Layout.BY_TOPIC}}


def _matters(bearer: UUID, snapshot: Snapshot) -> list[Mapping[str, Any]] | None:
    """What a submission is about; None for one that has no chapter."""
    chapters = (each for each in snapshot.makeup.submissions if each["first"])
    return next((each["matters"] for each in chapters if each["bearer"] == str(bearer)), None)


def _only(matters: list[Mapping[str, Any]], keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(matter[key]) for key in keys) for matter in matters)


def _summary(old: Summary | None, new: Summary | None, about: Changed) -> Iterator[Changed]:
    was, is_ = load(old.content) if old else (), load(new.content) if new else ()
    if was != is_:
        by, at = (new.written_by, new.written_at) if new else ("", None)
        told = replace(about, what=What.SUMMARY, how=how(was, is_), by=by, at=at)
        yield replace(told, stretches=difference(was, is_))


def _remarks_on(bearer: UUID, snapshot: Snapshot) -> dict[UUID, _Remark]:
    """The remarks that are printed under a submission, in that order."""
    pairs = zip(snapshot.makeup.approvals, snapshot.makeup.headings, strict=True)
    found = ((snapshot.said.get(UUID(each)), heading) for each, heading in pairs)
    return {
        said.approval.remark_id: _Remark(said, heading["words"], heading["by_hand"])
        for said, heading in found
        if said is not None and said.submission_id == bearer
    }


def _remarks(was: Mapping[UUID, _Remark], is_: Mapping[UUID, _Remark], about: Changed) -> Iterator[Changed]:
    if _is_moved(list(was), list(is_)):
        yield replace(about, what=What.REMARKS)
    for key in dict.fromkeys([*is_, *was]):
        before, now = was.get(key), is_.get(key)
        one, other = _content(before), _content(now)
        said = next(each.said for each in (now, before) if each is not None)
        on_it = replace(about, department=said.department)
        if not (before and now) or one != other:
            by, at = (now.said.approval.approver, now.said.approval.approved_at) if now else ("", None)
            told = replace(on_it, what=What.REMARK, how=how(one, other), by=by, at=at)
            yield replace(told, stretches=difference(one, other))
        if before and now and _is_headed_anew(before, now):
            words = (paragraphs(each.heading) for each in (before, now))
            yield replace(on_it, what=What.HEADING, stretches=difference(*words))


def _content(remark: _Remark | None) -> Content:
    return load(remark.said.approval.content) if remark else ()


def _is_headed_anew(before: _Remark, now: _Remark) -> bool:
    """Whether the words over it are others, and not only because there are more paragraphs under them."""
    is_rewritten = before.said.approval.digest != now.said.approval.digest
    return before.heading not in {"", now.heading} and (before.by_hand or now.by_hand or not is_rewritten)
