"""What the demo's people see in Slack: cards, threads and drafts, found by reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.sandbox import Message, Sandbox
from bot.slack.views import blocks, questions
from handlers.talk.progress import State

T = TypeVar("T")

_OPENING = 60
_NUMBER = re.compile(r"\bnr\. (\d+)")


class Stuck(Exception):  # noqa: N818  what it says to who runs the demo
    """Somebody waited in vain; the sentence says for what."""


def letters(text: str) -> str:
    """The letters and digits of a text: what is left of it however it was laid out or typed."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def opening(text: str) -> str:
    """The first letters of a text, by which somebody who knows it recognises it."""
    return letters(text)[:_OPENING]


def says(message: Message, phrase: str) -> bool:
    """Whether one of our own phrases stands in a message."""
    return phrase in " ".join(_texts(message.blocks))


def has_button(message: Message, action: str) -> bool:
    """Whether there is such a button to click."""
    shown = (element for block in message.blocks for element in block.get("elements", ()))
    return any(element.get("action_id") == action for element in shown)


@dataclass(slots=True)
class Sight:
    """The workspace before somebody's eyes. `patience` is how many seconds they wait for anything."""

    sandbox: Sandbox
    patience: float
    _read: dict[tuple[str, str], str] = field(default_factory=dict)

    async def wait(self, found: Callable[[], T | None], *, what: str) -> T:
        """Look until something is there.

        Raises:
            Stuck: it never came.
        """
        try:
            return await self.sandbox.until(found, timeout=self.patience)
        except TimeoutError:
            raise Stuck(f"Nothing came in {self.patience:.0f} seconds: {what}") from None

    def card(self, channel: str, text: str) -> Message | None:
        """The card whose thread begins with a submission's text."""
        place, wanted = self.sandbox.channel(channel), opening(text)
        for head in place.messages:
            if any(each.by_bot and wanted in self._letters(each) for each in place.thread(head.ts)[1:]):
                return head
        return None

    def asked(self, channel: str, text: str) -> Message | None:
        """The message that asks where the submission with this text belongs."""
        wanted = opening(text)
        return next(
            (
                each
                for each in self.sandbox.channel(channel).messages
                if has_button(each, blocks.PLACE) and wanted in self._letters(each)
            ),
            None,
        )

    def question(self, channel: str, text: str, verdict: str) -> Message | None:
        """The message that asks about a mail with this text and takes this answer."""
        wanted, button = opening(text), f"{questions.DECIDE}:{verdict}"
        messages = self.sandbox.channel(channel).messages
        return next((m for m in messages if has_button(m, button) and wanted in self._letters(m)), None)

    def draft(self, card: Message, text: str) -> Message | None:
        """The message in a thread that shows a remark with this text as it would stand in the notat."""
        return self.under(card, text)

    def under(self, card: Message, text: str) -> Message | None:
        """The bot's message in a thread that shows this text."""
        wanted = opening(text)
        for each in self.sandbox.channel(card.channel).thread(card.ts)[1:]:
            if each.by_bot and wanted in self._letters(each):
                return each
        return None

    def state(self, card: Message, state: State) -> bool:
        """Whether a card says that its referral has come so far."""
        return says(card, f"{blocks.words('state_label')}: {blocks.words('state', state=state)}")

    @staticmethod
    def number(card: Message) -> int:
        """The number in a card's heading."""
        found = _NUMBER.search(" ".join(_texts(card.blocks)))
        return int(found[1]) if found else 0

    def _letters(self, message: Message) -> str:
        version = (message.ts, str((message.edited or {}).get("ts", len(message.blocks))))
        if version not in self._read:
            self._read[version] = letters(" ".join(_texts(message.blocks)))
        return self._read[version]


def _texts(node: Any) -> Iterator[str]:
    """Yield what stands in blocks, in order."""
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
