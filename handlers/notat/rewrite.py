"""Write a text of the notat anew, or take the hearing file's again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import Content, dump, paragraphs
from handlers.notat.texts import proposed_resume, text_of
from handlers.rules import Refusal, may_coordinate
from storage.dossier import dossier
from storage.edited import HearingText, Source
from storage.models import Hearing
from storage.store import Store
from storage.words import TextName


async def rewrite(
    hearing_id: UUID, name: TextName, content: Content | None, *, by: str, store: Store, now: datetime
) -> HearingText | Refusal:
    """A new version, which no hearing file changes any more; None takes the hearing file's text again.

    An empty content leaves the text out; an empty resume is put together from the facts.
    """
    hearing = await store.hearings.hold(hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    if content is None:
        written = _filed(hearing, name, by=by, now=now)
    else:
        written = HearingText(
            hearing_id=hearing.id, name=name, content=dump(content), source=Source.HAND, written_by=by,
            written_at=now,
        )  # fmt: skip
    store.add(written)
    store.note("text_rewritten", by=by, at=now, hearing_id=hearing.id, name=name, source=written.source)
    return written


async def standing_text(hearing: Hearing, name: TextName, *, store: Store) -> Content:
    """A text as it is printed now: the resume as it is proposed where nobody wrote one."""
    written = text_of(hearing, (await store.edits.texts(hearing.id)).get(name), name)
    if written or name != TextName.RESUME:
        return written
    return proposed_resume(await dossier(hearing, store=store))


async def file_texts(hearing: Hearing, *, by: str, store: Store, now: datetime) -> None:
    """Keep each text of the hearing file that is new as a version; what was edited by hand stays."""
    newest = await store.edits.texts(hearing.id)
    for name in TextName:
        was, now_is = newest.get(name), _filed(hearing, name, by=by, now=now)
        stays = was is not None and (was.source == Source.HAND or was.content == now_is.content)
        if not stays and (was is not None or now_is.content):
            store.add(now_is)


def _filed(hearing: Hearing, name: TextName, *, by: str, now: datetime) -> HearingText:
    return HearingText(
        hearing_id=hearing.id, name=name, content=dump(paragraphs(hearing.texts.get(name, ""))),
        source=Source.FILE, written_by=by, written_at=now,
    )  # fmt: skip
