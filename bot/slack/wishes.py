"""What somebody who types `/hoering notat` wishes for, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.slack import answers
from bot.slack.api.board import Board, Picture
from bot.slack.payloads import Command
from bot.slack.views import unfinished
from handlers import acts
from handlers.notat.findings import findings
from handlers.notat.history import changes_since
from handlers.rules import Refusal, Why, may_coordinate
from storage.dossier import dossier
from storage.models import Hearing
from storage.store import Store
from storage.words import Format, Layout, Stage
from templates import say

LAYOUTS = {"svar": Layout.BY_SUBMISSION, "emne": Layout.BY_TOPIC, "ministerie": Layout.MINISTRY}
APPENDIX, _INTERNAL = "bilag", {"internt", "intern"}
_STAGES = {"udkast": Stage.DRAFT, "endelig": Stage.FINAL, "endeligt": Stage.FINAL}
_FORMATS = {"docx": Format.DOCX, "word": Format.DOCX, "pdf": Format.PDF, "html": Format.HTML}


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish for a notat; without formats, all of them."""

    stage: Stage | None
    layout: Layout | None
    formats: tuple[Format, ...]


def wish(words: Sequence[str]) -> Wish:
    """What the words after the command ask for."""
    stage = next((_STAGES[word] for word in words if word in _STAGES), None)
    layout = next((LAYOUTS[word] for word in words if word in LAYOUTS), None)
    return Wish(stage, layout, tuple(dict.fromkeys(_FORMATS[word] for word in words if word in _FORMATS)))


async def notat(command: Command, hearing: Hearing, *, store: Store, board: Board, url: str) -> str | Picture:
    """The wish is owed, or why the notat cannot be final; `url` is the workspace's address."""
    if APPENDIX in command.words[1:]:
        public = not _INTERNAL & set(command.words)
        store.owe([acts.compile_appendix(hearing.id, by=command.by, key=command.key, public=public)])
        return say("slack/notat.j2", "appendix_coming", public=public)
    asked = wish(command.words[1:])
    if asked.stage == Stage.FINAL:
        read = await dossier(hearing, store=store)
        missing = await asyncio.to_thread(findings, read)  # of ten thousand submissions it takes seconds
        if missing:
            there = await unfinished.links(read, url=url, store=store)
            return unfinished.unfinished(missing, hearing, there=there)
    store.owe([
        acts.compile_notat(
            hearing.id, by=command.by, key=command.key, order=asked.layout, stage=asked.stage,
            formats=asked.formats,
        )
    ])  # fmt: skip
    return await answers.notat_coming(hearing, store=store, reads=board.reads)


async def changes(command: Command, hearing: Hearing, *, store: Store, now: datetime) -> str | Refusal:
    """What has changed since a version, or since the newest."""
    typed = next((word for word in command.words[1:] if word.isdecimal()), "")
    if len(typed) > 6:
        return Refusal(Why.NO_SUCH_VERSION)
    found = await changes_since(hearing, int(typed) if typed else None, store=store, now=now)
    if isinstance(found, Refusal):
        return found
    told = say("slack/notat.j2", "changes", changes=found)
    if may_coordinate(command.by, hearing.coordinators) is not None:
        return told
    key = f"changes:{command.key}"
    store.owe([acts.tell_changes(hearing.id, found.since, person=command.by, key=key)])
    return f"{told}\n{say('slack/notat.j2', 'changes_coming')}"
