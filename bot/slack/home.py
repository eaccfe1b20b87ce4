"""The home tabs that people have open: drawn when they open them, and again when something has happened."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from bot.outage import Outage
from bot.slack import home_view
from bot.slack.board import Board
from bot.slack.calls import RefusedError, UnknownOutcomeError
from bot.slack.elements import Json
from bot.slack.home_view import Agenda
from handlers.clock import Clock
from handlers.rules import Groups, told
from handlers.waiting import Unanswered, Waits, glance, to_answer, to_approve
from storage.database import Database
from storage.dossier import Dossier, dossier
from storage.models import PostKind
from storage.posts import Stands
from storage.store import Store

log = logging.getLogger(__name__)

_LASTS = 900.0  # seconds for which a tab that was opened is taken to be looked at
_SETTLES = 3.0  # seconds in which more may happen before the tabs are drawn again
_AGAIN_AFTER = 30.0  # seconds, when Slack did not answer
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
            drawn = False
            with outage.weathered("home tabs cannot be drawn"):
                drawn = await self.refresh(self._lookers())
            if not drawn:
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
            read = {each.id: await dossier(each, store=store) for each in hearings}
            links = _Links(places.url, await store.posts.standing(list(read)))
            return {
                person: home_view.home(
                    await _agendas(person, list(read.values()), places=places, links=links, store=store),
                    link=links.to, now=self.now(),
                )
                for person in persons
            }  # fmt: skip


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
        if there is None or not self.url:
            return ""
        thread = f"?thread_ts={there.thread}&cid={there.channel}" if there.thread else ""
        return f"{self.url.rstrip('/')}/archives/{there.channel}/p{there.ts.replace('.', '')}{thread}"


async def _agendas(
    person: str, read: Sequence[Dossier], *, places: _Places, links: _Links, store: Store
) -> list[Agenda]:
    written = await store.remarks.written_by(person, [each.hearing.id for each in read])
    found = []
    for each in read:
        at_home = {seat.id for seat in each.seats if person in places.people_in.get(seat.channel, ())}
        mine, others = to_answer(each, written=written, at_home=at_home)
        found.append(
            Agenda(
                each.hearing, mine, others, to_approve(each, person=person, groups=places.groups),
                glance(each, waiting_for_a_place=links.unplaced)
                if person in each.hearing.coordinators else None,
            )
        )  # fmt: skip
    return [agenda for agenda in found if not agenda.is_empty]
