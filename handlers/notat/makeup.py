"""What a version of the notat is made of, for comparing it with another."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from handlers.hearing.parties import heading_name
from handlers.notat.cover import Check
from handlers.notat.order import numbered, voices
from handlers.notat.remarks import answers
from storage.dossier import Dossier
from storage.version import Makeup


def makeup(dossier: Dossier, found: Check, *, notat_id: UUID) -> Makeup:
    """The facts that a dossier's notat is printed from, in printed order."""
    rule = dossier.hearing.private_persons
    return Makeup(
        notat_id=notat_id,
        submissions=[
            {"id": str(filed.submission.id), "number": number, "name": heading_name(filed.party, rule)}
            for number, filed in numbered(dossier)
        ],
        approvals=list(_approvals(dossier)),
        summaries=[str(voice.bearer.summary.id) for voice in voices(dossier) if voice.bearer.summary],
        waivers=[str(waiver.id) for _, waiver in found.waived],
        missing=len(found.missing),
        slips=len(found.slips),
    )


def _approvals(dossier: Dossier) -> Iterator[str]:
    for voice in voices(dossier):
        for answer in answers(voice.bearer, dossier):
            yield str(answer.approval_id)
