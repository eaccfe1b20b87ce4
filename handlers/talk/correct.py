"""Correct a remark in one go: the texts that were written in forms, and the places of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from handlers.content import Content, digest, plain
from handlers.rules import Refusal, Why
from handlers.talk.arrange import arrange
from handlers.talk.collect import Said, collect, version_in_a_form
from handlers.talk.sequence import OUT
from storage.remarks import RemarkFacts
from storage.store import Store

LONGEST = 20_000
"""Signs of a text that is written in a form: more than a notat has room for, and still to be opened again."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One text as it came back: of which message, the digest it was opened on, and what it says now."""

    message: str
    opened: str
    content: Content
    raw: dict[str, Any]


async def correct(
    remark_id: UUID, corrections: Sequence[Correction], places: Mapping[str, int], *, by: str, at: datetime,
    store: Store, now: datetime,
) -> Refusal | None:  # fmt: skip
    """Take in all of it or, when something is wrong, nothing; `at` is when it was sent.

    Its version is when it came in, so that an older one read late never beats a newer one.
    """
    facts = await store.remarks.by_id(remark_id)
    if facts is None:
        return Refusal(Why.NOT_EDITABLE)
    await store.remarks.hold(facts.remark.referral_id)
    facts = await store.remarks.by_id(remark_id) or facts
    refusal = next(iter(wrong(facts, corrections, places).values()), None)
    if refusal is not None:
        return refusal
    stood = {part.message: part.digest for part in facts.parts}
    for each in _staying(corrections, places):
        if digest(each.content) not in {each.opened, stood.get(each.message)}:
            version = version_in_a_form(at)
            said = Said(facts.remark.referral_id, each.message, version, by, each.content, each.raw)
            await collect(said, store=store, now=now)
    return await arrange(remark_id, places, by=by, store=store, now=now)


def wrong(
    facts: RemarkFacts, corrections: Sequence[Correction], places: Mapping[str, int]
) -> dict[str, Refusal]:
    """Why texts cannot be taken in, by their messages."""
    found = ((each.message, _wrong(each, facts)) for each in _staying(corrections, places))
    return {message: refusal for message, refusal in found if refusal is not None}


def unfit(content: Content) -> Refusal | None:
    """Why a text cannot be written in a form."""
    if not content:
        return Refusal(Why.NOTHING_WRITTEN)
    if sum(len(plain((block,))) for block in content) > LONGEST:
        return Refusal(Why.TEXT_TOO_LONG, number=LONGEST)
    return None


def _staying(corrections: Sequence[Correction], places: Mapping[str, int]) -> list[Correction]:
    return [each for each in corrections if places.get(each.message) != OUT]


def _wrong(correction: Correction, facts: RemarkFacts) -> Refusal | None:
    """A text that nobody touched in the form may be older than the one that stands, which then stays."""
    parts = (part for part in facts.parts if part.message == correction.message and not part.deleted)
    stands = next(parts, None)
    if stands is None:
        return Refusal(Why.NOT_EDITABLE)
    if digest(correction.content) in {correction.opened, stands.digest}:
        return None
    return unfit(correction.content) or (
        Refusal(Why.NEWER_TEXT) if stands.digest != correction.opened else None
    )
