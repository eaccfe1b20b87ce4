"""A thread as Slack shows it now against what we know of it: what we were not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.talk import Reply

_CLOCKS_DIFFER = timedelta(seconds=60)
_JUST_AFTER = timedelta(microseconds=1)
_SAYS = ("text", "blocks")  # what else a message carries, such as an unfolded link, is nobody's edit

Tick = tuple[str, str]
"""A ✅: the ts of the message it stands on, and whose it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody's message, or a draft of ours, as Slack shows it; a draft has no `body`."""

    version: str
    body: Mapping[str, Any] | None
    ticked_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What we knew of a thread before we asked: its messages that stand, its ✅, the last look, if any."""

    replies: Mapping[str, Reply]
    ticks: frozenset[Tick]
    removals: Mapping[Tick, datetime]
    asked_at: datetime | None

    def since(self, tick: Tick) -> datetime:
        """The moment, by Slack's clock, before which a ✅ that we were not told of did not stand there."""
        bounds = [datetime.fromtimestamp(float(tick[0]), UTC)]
        if self.asked_at is not None:
            bounds.append(self.asked_at - _CLOCKS_DIFFER)
        if tick in self.removals:
            bounds.append(self.removals[tick] + _JUST_AFTER)
        return max(bounds)


@dataclass(frozen=True, slots=True)
class Difference:
    """What we were not told, by ts: messages that are new or edited, those that are gone, and ✅."""

    news: tuple[str, ...]
    gone: tuple[str, ...]
    put: tuple[Tick, ...]
    removed: tuple[Tick, ...]


def difference(known: Known, shown: Mapping[str, Shown]) -> Difference:
    """Compare what Slack shows with what we knew before we asked.

    A ✅ on a message that is gone was not taken away: its owner did nothing.
    """
    ticks = {(ts, person) for ts, message in shown.items() for person in message.ticked_by}
    return Difference(
        news=tuple(ts for ts, message in sorted(shown.items()) if _is_news(message, known.replies.get(ts))),
        gone=tuple(ts for ts in sorted(known.replies) if ts not in shown),
        put=tuple(sorted(ticks - known.ticks)),
        removed=tuple(sorted(tick for tick in known.ticks - ticks if tick[0] in shown)),
    )


def _is_news(message: Shown, reply: Reply | None) -> bool:
    if message.body is None:
        return False
    if reply is None:
        return True
    same = all(message.body.get(part) == reply.raw.get(part) for part in _SAYS)
    return not same and message.version >= reply.version
