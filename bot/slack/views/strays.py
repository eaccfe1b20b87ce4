"""What is asked of somebody who wrote in a department's channel, perhaps instead of in a thread."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views import elements
from handlers.notat.counting import counted
from handlers.notat.findings import lack_of
from handlers.waiting import Waits, waits
from storage.dossier import dossier
from storage.hearings import Seat
from storage.store import Store
from templates import say

ATTACH, USE = "attach", "use_said"

_AGAIN = 3_600.0  # seconds in which nobody is asked twice in one channel
_MOST = 5
_NUMBERS = re.compile(r"\b(?:nr\.?|nummer|(?:hørings)?svar(?:et)?(?: nr\.?)?) ?(\d{1,6})\b", re.IGNORECASE)


@dataclass(slots=True)
class Asked:
    """Whom we have asked lately, by person and channel."""

    _at: dict[tuple[str, str], float] = field(default_factory=dict)

    def ask(self, person: str, channel: str) -> bool:
        """Whether they may be asked; if so they count as asked from now on."""
        horizon = time.monotonic() - _AGAIN
        self._at = {who: at for who, at in self._at.items() if at > horizon}
        may = (person, channel) not in self._at
        self._at.setdefault((person, channel), time.monotonic())
        return may

    def forget(self, person: str, channel: str) -> None:
        """There was nothing to ask them."""
        self._at.pop((person, channel), None)


async def open_in(seats: Sequence[Seat], *, store: Store) -> list[Waits]:
    """What is open in a channel, the newest first; `seats` are the departments that work there."""
    places, found = {seat.id for seat in seats}, list[Waits]()
    for hearing in await store.hearings.among([seat.hearing_id for seat in seats]):
        read = await dossier(hearing, store=store)
        for filed in counted(read):
            for laid in filed.referrals:
                if laid.seat.id in places and lack_of(laid) is not None:
                    found.append(waits(filed, laid, hearing))
    return found[::-1]


def offered(rows: Sequence[Waits], *, text: str) -> list[Waits]:
    """The few that the message may belong to: those whose numbers it names, else the newest."""
    named = {int(number) for number in _NUMBERS.findall(text)}
    meant = [row for row in rows if row.number in named]
    return (meant or list(rows))[:_MOST]


def names_one(text: str) -> bool:
    """Whether it speaks of some submission by its number."""
    return _NUMBERS.search(text) is not None


def hint(rows: Sequence[Waits], *, ts: str) -> Picture:
    """Where it may belong, with a button each."""
    told = _say("hint", count=len(rows), maybe_more=len(rows) == _MOST)
    buttons = [
        elements.button(f"{ATTACH}:{n}", _say("attach_button", row=row), f"{row.referral_id} {ts}")
        for n, row in enumerate(rows)
    ]
    return Picture(told, [elements.section_of(told), *elements.rows(buttons)])


def done(number: int) -> str:
    """What the hint turns into when it was followed."""
    return _say("attached", number=number)


def gone() -> str:
    """The message is not there any more."""
    return _say("gone")


def _say(phrase: str, **values: Any) -> str:
    return say("slack/strays.j2", phrase, **values)
