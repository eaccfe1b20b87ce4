"""A thread as Slack gave it, when it was read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.slack import payloads, talk
from handlers.talk.thread import Shown
from storage.talk import SlackPost
from storage.threads import Thread

_SHOWS_WITHIN = 60.0  # seconds until a thread surely shows what was posted in it
_NOTHING: Mapping[str, Any] = {"subtype": "tombstone"}


@dataclass(frozen=True, slots=True)
class Page:
    """A thread's messages as Slack gave them, with the drafts of ours that stand there."""

    thread: Thread
    asked_at: datetime
    messages: Mapping[str, Mapping[str, Any]]
    drafts: Mapping[str, SlackPost]

    def shown(self) -> dict[str, Shown]:
        """What of it can tell us something: people's messages, and the ✅ on them and on drafts."""
        found: dict[str, Shown] = {}
        for ts, message in self.messages.items():
            spoken = talk.message_in(self.thread.channel, message)
            if spoken is not None:
                found[ts] = Shown(spoken.version, spoken.body, payloads.ticked_by(message))
            elif ts in self.drafts:
                found[ts] = Shown(talk.UNEDITED, None, payloads.ticked_by(message))
        return found

    def lacks(self) -> list[UUID]:
        """Our card and drafts that are not there, though they have long been posted."""
        ours = {self.thread.ts: self.thread.post_id} | {ts: draft.id for ts, draft in self.drafts.items()}
        long_ago = self.asked_at.timestamp() - _SHOWS_WITHIN
        return [
            post_id
            for ts, post_id in ours.items()
            if float(ts) < long_ago and talk.is_tombstone(self.messages.get(ts, _NOTHING))
        ]
