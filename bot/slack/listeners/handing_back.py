"""A coordinator puts a Word file, edited by hand, into the thread under the notat that it came from."""

from __future__ import annotations

import logging

from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.api.calls import RefusedError
from bot.slack.door import SlackDoor
from bot.slack.payloads import Place
from bot.slack.talk import HandedIn, SharedFile
from handlers import acts
from handlers.notat.hand_back import hand_back
from handlers.rules import Refusal, Why, may_coordinate
from storage.compiled import Notat
from storage.store import Store
from storage.version import HandedBack

log = logging.getLogger(__name__)

_LARGEST = 50_000_000  # bytes


async def take_back(handed: HandedIn, context: AsyncBoltContext, *, door: SlackDoor) -> bool:
    """Keep the files and owe what was edited in them; False where the thread is under no notat."""
    notat = await _notat(handed, door=door)
    if notat is None:
        return False
    read = [(each, await _read(each, notat, by=handed.by, door=door)) for each in handed.files]
    outcomes: list[HandedBack | Refusal] = []
    async with door.reading(context) as store:
        if store is not None:
            outcomes = [await _keep(file, docx, notat, handed, door=door, store=store) for file, docx in read]
    for each in outcomes:
        await door.answer(each, Place(handed.by, handed.channel, handed.thread))
    return True


async def _notat(handed: HandedIn, *, door: SlackDoor) -> Notat | None:
    """The version whose files stand at the head of the thread."""
    head = await door.board.message(handed.channel, handed.thread)
    shared = [str(each.get("id", "")) for each in (head or {}).get("files", ())]
    async with door.database.begin() as store:
        post = await store.posts.with_file(shared) if shared else None
        return await store.posts.notat(post.notat_id) if post is not None and post.notat_id else None


async def _read(file: SharedFile, notat: Notat, *, by: str, door: SlackDoor) -> bytes | Refusal:
    async with door.database.begin() as store:
        hearing = await store.hearings.by_id(notat.hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    try:
        return await door.board.download(file.url, most=_LARGEST)
    except RefusedError as refused:
        log.error("file %s cannot be read: %s", file.id, refused)
        return Refusal(Why.FILE_OUT_OF_REACH)


async def _keep(
    file: SharedFile, docx: bytes | Refusal, notat: Notat, handed: HandedIn, *, door: SlackDoor, store: Store
) -> HandedBack | Refusal:
    if isinstance(docx, Refusal):
        return docx
    kept = await hand_back(
        notat.hearing_id, docx, name=file.name, version=notat.version, by=handed.by, store=store,
        now=door.now(),
    )  # fmt: skip
    if isinstance(kept, HandedBack):
        key = f"handed:{file.id}"
        store.owe([acts.tell_edits(kept.id, channel=handed.channel, thread=handed.thread, key=key)])
    return kept
