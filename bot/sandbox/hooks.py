"""Response URLs: addresses that take five answers to an interaction within half an hour.

Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.blockkit import check_blocks
from bot.sandbox.wire import Json, SlackError, complaints
from bot.sandbox.workspace import Draft

if TYPE_CHECKING:
    from bot.sandbox.talk import Talk
    from bot.sandbox.workspace import Ephemeral, Message

MOST_USES = 5
SECONDS = 30 * 60


@dataclass(slots=True)
class _Hook:
    user: str
    channel: str
    source: Message | Ephemeral | None
    born: float
    uses: int = 0


class Hooks:
    """The response URLs that were handed out."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._hooks: dict[str, _Hook] = {}

    def issue(self, user: str, channel: str, source: Message | Ephemeral | None = None) -> str:
        """Give a new address for answers to what somebody just did."""
        name = secrets.token_hex(12)
        self._hooks[name] = _Hook(user, channel, source, time.monotonic())
        return f"{self._talk.space.config.public_url}/hooks/{name}"

    def answer(self, name: str, body: Json) -> None:
        """Take an answer. Raises `expired_url`, `used_url`, `no_text` or `invalid_blocks`."""
        hook = self._hooks.get(name)
        if hook is None or time.monotonic() - hook.born > SECONDS:
            raise SlackError("expired_url")
        if hook.uses >= MOST_USES:
            raise SlackError("used_url")
        hook.uses += 1
        self.say(body, user=hook.user, channel=hook.channel, source=hook.source)

    def say(self, body: Json, *, user: str, channel: str, source: Message | Ephemeral | None = None) -> None:
        """Do what an answer says: replace or delete what it answers, or say something new."""
        blocks = body.get("blocks") or []
        if wrong := check_blocks(blocks):
            raise complaints("invalid_blocks", wrong)
        if body.get("delete_original") and source:
            self._delete(source)
        elif not body.get("text") and not blocks:
            raise SlackError("no_text")
        elif body.get("replace_original") and source:
            self._replace(source, text=body.get("text", ""), blocks=blocks)
        else:
            self._new(body, user=user, channel=channel)

    def _delete(self, source: Message | Ephemeral) -> None:
        if source in self._talk.space.ephemerals:
            self._talk.space.ephemerals = [each for each in self._talk.space.ephemerals if each is not source]
            self._talk.space.changes.tell()
        elif source.ts in self._talk.space.channels[source.channel].kept:
            self._talk.delete(self._talk.space.channels[source.channel].kept[source.ts])

    def _replace(self, source: Message | Ephemeral, *, text: str, blocks: list[Json]) -> None:
        place = self._talk.space.channels[source.channel]
        kept = place.kept.get(source.ts)
        if kept:
            self._talk.edit(kept, by=self._talk.space.config.bot_user, text=text, blocks=blocks)
        else:
            self._delete(source)
            self._talk.whisper(place, Draft(text=text, blocks=blocks), to=_reader(source))

    def _new(self, body: Json, *, user: str, channel: str) -> None:
        """Say something new; in public it may be said where the app itself is no member."""
        draft = Draft(
            text=body.get("text", ""),
            blocks=body.get("blocks") or [],
            thread_ts=body.get("thread_ts"),
            guest=True,
        )
        place = self._talk.space.channels[channel]
        if body.get("response_type") == "in_channel":
            self._talk.post(place, draft, by=self._talk.space.config.bot_user)
        else:
            self._talk.whisper(place, draft, to=user)


def _reader(source: Message | Ephemeral) -> str:
    return getattr(source, "to", "") or str(getattr(source, "user", ""))
