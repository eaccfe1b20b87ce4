"""What a version of the notat is made of, for comparing it with another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from handlers.hearing.parties import heading_name
from handlers.notat.changes import change_of
from handlers.notat.cover import Check
from handlers.notat.order import numbered, voices
from handlers.notat.remarks import Answer, answers
from handlers.notat.topics import across
from storage.dossier import Dossier
from storage.version import Makeup
from storage.words import Layout


def makeup(dossier: Dossier, found: Check, *, notat_id: UUID, order: Layout) -> Makeup:
    """The facts that a dossier's notat is printed from in this layout, in printed order."""
    given = list(_answers(dossier))
    return Makeup(
        notat_id=notat_id,
        layout=order,
        submissions=list(_submissions(dossier, order)),
        approvals=[str(answer.approval_id) for answer in given],
        headings=[
            {"words": answer.heading, "by_hand": answer.remark_id in dossier.edits.headings}
            for answer in given
        ],
        summaries=[str(voice.bearer.summary.id) for voice in voices(dossier) if voice.bearer.summary],
        waivers=[str(waiver.id) for _, waiver in found.waived],
        missing=len(found.missing),
        slips=len(found.slips),
    )


def _submissions(dossier: Dossier, order: Layout) -> Iterator[dict[str, Any]]:
    rule, said = dossier.hearing.private_persons, voices(dossier)
    bearers = {number: str(voice.bearer.submission.id) for voice in said for number in voice.numbers}
    matters = {} if order == Layout.BY_SUBMISSION else _matters(dossier)
    firsts = {voice.first[0] for voice in said}
    for number, filed in numbered(dossier):
        yield {
            "id": str(filed.submission.id), "number": number, "name": heading_name(filed.party, rule),
            "bearer": bearers[number], "first": number in firsts,
            "matters": matters.get(bearers[number], []) if number in firsts else [],
        }  # fmt: skip


def _matters(dossier: Dossier) -> dict[str, list[dict[str, Any]]]:
    """What each submission is about, by the id of the one that bears it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for topic in across(dossier):
        for matter in topic.matters:
            what, certain = change_of(matter.laid) or ("", False)
            told = {
                "department": matter.laid.seat.name,
                "topic": topic.name,
                "what": what,
                "certain": certain,
            }
            found[str(matter.voice.bearer.submission.id)].append(told)
    return found


def _answers(dossier: Dossier) -> Iterator[Answer]:
    for voice in voices(dossier):
        yield from answers(voice.bearer, dossier)
