"""Let a notat be final although something is missing, with the reason written down."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.notat.findings import findings
from handlers.rules import Refusal, Why, may_coordinate
from storage.dossier import dossier
from storage.store import Store
from storage.version import Waiver


async def waive(
    hearing_id: UUID, key: str, *, reason: str, by: str, store: Store, now: datetime
) -> Waiver | Refusal:
    """Waive the finding with this key, if it still stands; it holds until the facts change."""
    hearing = await store.hearings.hold(hearing_id)
    refusal, why = may_coordinate(by, hearing.coordinators) or unexplained(reason), _line(reason)
    if refusal is not None:
        return refusal
    missing = await asyncio.to_thread(findings, await dossier(hearing, store=store))
    found = next((each for each in missing if each.key == key), None)
    if found is None or not found.waivable:
        return Refusal(Why.NOT_FOUND_ANY_MORE if found is None else Why.NEVER_WAIVED)
    waiver = Waiver(hearing_id=hearing.id, finding=key, reason=why, waived_by=by, waived_at=now)
    store.add(waiver)
    store.note(
        "waived", by=by, at=now, hearing_id=hearing.id, lack=found.lack.value, number=found.number,
        waiver=waiver.id,
    )  # fmt: skip
    return waiver


def unexplained(reason: str) -> Refusal | None:
    """Nothing is let pass without a reason."""
    return None if _line(reason) else Refusal(Why.NO_REASON)


def _line(reason: str) -> str:
    return " ".join(clean(reason).split())
