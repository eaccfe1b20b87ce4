"""The home tabs that people have open: drawn when they open them, and again when something has happened."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bot.outage import Outage
from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.links import address
from bot.slack.views import home_view
from bot.slack.views.elements import Json
from bot.slack.views.home_view import Agenda
from handlers.clock import Clock
from handlers.rules import Groups, told
from handlers.waiting import Glance, Stand, Unanswered, Waits, glance, stands, to_answer, to_approve
from storage.database import Database
from storage.dossier import Dossier, dossier
from storage.models import PostKind
from storage.posts import Stands

log = logging.getLogger(__name__)

_LASTS = 900.0  # seconds for which a tab that was opened is taken to be looked at
_SETTLES = 3.0  # seconds in which more may happen before the tabs are drawn again
_AGAIN_AFTER = 30.0  # seconds, when Slack did not answer
_REST = 20.0  # times as long as drawing took until tabs are drawn again
_OVER = timedelta(days=180)  # after its last deadline a hearing is history


@dataclass(slots=True)
class Homes:
    """Who has looked at the home tab lately, when (by the steady clock), and what it showed."""

    database: Database
    board: Board
    now: Clock
    settles: float = _SETTLES
    _seen: dict[str, tuple[float, str]] = field(default_factory=dict)
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def opened(self, person: str) -> None:
        """Show somebody the tab that they have just opened."""
        self._seen[person] = time.monotonic(), ""
        if not await self.refresh([person]):
            self.stir()

    def stir(self) -> None:
        """Something happened that may stand in a tab."""
        self._stirred.set()

    async def refresh_forever(self, *, outage: Outage) -> None:
        """Draw the tabs again some moments after something happened."""
        while True:
            await self._stirred.wait()
            await asyncio.sleep(self.settles)
            self._stirred.clear()
            drawn, began = False, time.monotonic()
            with outage.weathered("home tabs cannot be drawn"):
                drawn = await self.refresh(self._lookers())
            if drawn:
                await asyncio.sleep(min(_REST * (time.monotonic() - began), _AGAIN_AFTER))
            else:
                await asyncio.sleep(_AGAIN_AFTER)
                self._stirred.set()

    async def refresh(self, persons: Collection[str]) -> bool:
        """Publish the tabs of these people that are to show something else; False when Slack is silent."""
        if not persons:
            return True
        try:
            places = await self._places()
            for person, view in (await self._views(persons, places)).items():
                await self._publish(person, view)
        except RefusedError as refusal:
            log.warning("home tabs cannot be drawn: %s", refusal)
        except UnknownOutcomeError as fault:
            log.info("home tabs cannot be drawn: %s", fault)
            return False
        return True

    def _lookers(self) -> list[str]:
        horizon = time.monotonic() - _LASTS
        self._seen = {person: seen for person, seen in self._seen.items() if seen[0] > horizon}
        return list(self._seen)

    async def _publish(self, person: str, view: Json) -> None:
        since, shown = self._seen.get(person, (time.monotonic(), ""))
        canonical = json.dumps(view, sort_keys=True).encode()
        digest = hashlib.sha256(canonical).hexdigest()
        if digest == shown:
            return
        await self.board.publish(person, view)
        self._seen[person] = since, digest

    async def _places(self) -> _Places:
        """All that Slack must be asked, before any transaction."""
        async with self.database.begin() as store:
            seats = [seat for seat in await store.hearings.seats() if not seat.retired]
        named = {each for seat in seats for each in seat.approvers | seat.deputies if each.startswith("S")}
        channels = {seat.channel for seat in seats}
        return _Places(
            str((await self.board.us()).get("url", "")), told(await self.board.members(sorted(named))),
            {channel: await self.board.people_in(channel) for channel in sorted(channels)},
        )  # fmt: skip

    async def _views(self, persons: Collection[str], places: _Places) -> dict[str, Json]:
        async with self.database.begin() as store:
            hearings = await store.hearings.all()
            hearings = [each for each in hearings if each.answer_deadline + _OVER > self.now()]
            ids = [each.id for each in hearings]
            read = [await dossier(each, store=store) for each in hearings]
            links = _Links(places.url, await store.posts.standing(ids))
            written = {person: await store.remarks.written_by(person, ids) for person in persons}
        # Beside whatever else goes on: of a large hearing there is much to work out.
        return await asyncio.to_thread(_drawn, written, read, places=places, links=links, now=self.now())


@dataclass(frozen=True, slots=True)
class _Places:
    """The workspace's address, who is in the approving groups, and who is in the departments' channels."""

    url: str
    groups: Groups
    people_in: dict[str, frozenset[str]]


@dataclass(slots=True)
class _Links:
    """Links to messages, by what stands there."""

    url: str
    standing: Sequence[Stands]
    unplaced: set[UUID] = field(init=False)
    _found: dict[UUID, Stands] = field(init=False)

    def __post_init__(self) -> None:
        self._found = {}
        for each in self.standing:
            about = {
                PostKind.CARD: each.referral_id, PostKind.DRAFT: each.remark_id,
                PostKind.QUESTION: each.question_id, PostKind.PLACEMENT: each.submission_id,
            }[each.kind]  # fmt: skip
            if about is not None:
                self._found[about] = each
        unplaced = (each.submission_id for each in self.standing if each.kind == PostKind.PLACEMENT)
        self.unplaced = {each for each in unplaced if each is not None}

    def to(self, row: Waits | Unanswered) -> str:
        """A link to where a person acts; empty while it is not in Slack."""
        ids: tuple[UUID | None, ...]
        if isinstance(row, Waits):
            ids = row.remark_id, row.referral_id
        else:
            ids = row.question_id, row.submission_id
        there = next((self._found[each] for each in ids if each and each in self._found), None)
        return address(there, url=self.url)


def _drawn(
    written: Mapping[str, Collection[UUID]], read: Sequence[Dossier], *, places: _Places, links: _Links,
    now: datetime,
) -> dict[str, Json]:  # fmt: skip
    """The tabs of all who look, by person, with what they have `written` under."""
    boards = [_Hearing(each, stands(each), links) for each in read]
    return {
        person: home_view.home(
            [agenda for each in boards if not (agenda := each.agenda(person, mine, places)).is_empty],
            link=links.to, now=now,
        )
        for person, mine in written.items()
    }  # fmt: skip


@dataclass(slots=True)
class _Hearing:
    """One hearing, worked out once for all who look."""

    read: Dossier
    stands: Sequence[Stand]
    links: _Links
    _glance: Glance | None = None

    def agenda(self, person: str, written: Collection[UUID], places: _Places) -> Agenda:
        """What it holds for one person."""
        hearing = self.read.hearing
        at_home = {seat.id for seat in self.read.seats if person in places.people_in.get(seat.channel, ())}
        mine, others = to_answer(self.stands, hearing, written=written, at_home=at_home)
        approve = to_approve(self.stands, hearing, person=person, groups=places.groups)
        seen = self._seen() if person in hearing.coordinators else None
        return Agenda(hearing, mine, others, approve, seen)

    def _seen(self) -> Glance:
        unplaced = self.links.unplaced
        self._glance = self._glance or glance(self.read, self.stands, waiting_for_a_place=unplaced)
        return self._glance
