"""Whatever events are lost, doubled or late, a look at the thread leaves us knowing what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.content import load, paragraphs, plain
from handlers.talk.collect import Said
from handlers.talk.progress import standing
from handlers.talk.reconcile import Found, Missed, known, reconcile
from handlers.talk.thread import Known, Shown, difference
from storage.database import Database
from storage.talk import ReactionPut
from tests.handlers.building import Thread, threads

_BEGAN = 1_700_000_000
_numbers = count(1)
_ANA, _PIA = "U0ANA", "U0PIA"  # of whom Pia may approve


class Deed(NamedTuple):
    """Somebody did something to one of two messages."""

    kind: str
    message: int
    person: str = _PIA


@dataclass
class Message:
    """A message as Slack has it."""

    ts: str
    text: str = "Første"
    version: str = "0"
    deleted: bool = False
    ticks: set[str] = field(default_factory=set)


@dataclass
class World:
    """A thread in Slack, and what we make of it; each deed is ten seconds after the last."""

    thread: Thread
    messages: list[Message]
    at: int = 0

    @classmethod
    def new(cls, thread: Thread) -> World:
        base = _BEGAN + 10_000 * next(_numbers)
        return cls(thread, [Message(f"{base + each}.000100") for each in (0, 1)], base)

    def happens(self, deed: Deed) -> tuple[Deed, datetime, Message]:
        """Do it in Slack; the event, with the message as it stood then."""
        self.at += 10
        message = self.messages[deed.message]
        if deed.kind == "edit" and not message.deleted:
            message.text, message.version = f"Rettet {self.at - _BEGAN}", f"{self.at}.000000"
        elif deed.kind == "delete":
            message.deleted = True
        elif deed.kind == "tick" and not message.deleted:
            message.ticks.add(deed.person)
        elif deed.kind == "untick":
            message.ticks.discard(deed.person)
        return deed, datetime.fromtimestamp(self.at, UTC), replace(message, ticks=set(message.ticks))

    async def told(self, event: tuple[Deed, datetime, Message]) -> None:
        """Hear of it, and for a ✅ fetch the message as it stands now."""
        deed, at, then = event
        now = self.messages[deed.message]
        if deed.kind == "untick":
            await self.thread.untick(now.ts, by=deed.person, at=at)
        elif deed.kind == "tick":
            async with self.thread.database.begin() as store:
                store.add(
                    ReactionPut(
                        referral_id=self.thread.referral_id, message=now.ts, person=deed.person, put_at=at
                    )
                )
            if not now.deleted:
                await self.thread.tick(self.said(now), by=deed.person, at=at)
        else:
            await self.thread.say(self.said(then))

    def said(self, message: Message) -> Said:
        content = () if message.deleted else paragraphs(message.text)
        return Said(
            self.thread.referral_id, message.ts, message.version, "U0SVEND", content,
            {} if message.deleted else {"text": message.text}, message.deleted,
        )  # fmt: skip

    async def look(self) -> int:
        """Read the thread as it stands; how many things that told."""
        asked_at = datetime.fromtimestamp(self.at, UTC) + timedelta(seconds=5)
        ours = {each.ts for each in self.messages}
        alive = {each.ts: each for each in self.messages if not each.deleted}
        shown = {ts: Shown(m.version, {"text": m.text}, frozenset(m.ticks)) for ts, m in alive.items()}
        async with self.thread.database.begin() as store:
            all_known = await known(self.thread.referral_id, asked_at=None, store=store)
            before = Known(
                {ts: reply for ts, reply in all_known.replies.items() if ts in ours},
                frozenset(tick for tick in all_known.ticks if tick[0] in ours), all_known.removals, None,
            )  # fmt: skip
            differs = difference(before, shown)
            missed = Missed(
                self.thread.referral_id, asked_at,
                said=tuple(self.said(alive[ts]) for ts in differs.news),
                gone=tuple(before.replies[ts] for ts in differs.gone),
                put=tuple(Found(t, before.since(t), said=self.said(alive[t[0]])) for t in differs.put),
                removed=differs.removed,
            )  # fmt: skip
            await reconcile(missed, store=store, now=asked_at)
        return len(missed)

    async def texts(self) -> list[str]:
        async with self.thread.database.begin() as store:
            newest = [await store.remarks.newest(self.thread.referral_id, each.ts) for each in self.messages]
        return ["" if each is None or each.deleted else plain(load(each.content)) for each in newest]

    async def approved(self) -> set[tuple[int, str]]:
        """Which texts stand approved, by the number of their message."""
        places, found = {each.ts: number for number, each in enumerate(self.messages)}, set[tuple[int, str]]()
        async with self.thread.database.begin() as store:
            for facts in await store.remarks.of_referrals([self.thread.referral_id]):
                approval = standing(facts).approval
                if approval is not None and approval.message in places:
                    found.add((places[approval.message], plain(load(approval.content))))
        return found


DEEDS = st.lists(
    st.builds(
        Deed, st.sampled_from(["edit", "tick", "edit", "tick", "untick", "delete"]), st.integers(0, 1),
        st.sampled_from([_PIA, _PIA, _ANA]),
    ),
    min_size=1, max_size=7,
)  # fmt: skip
HEARD = st.lists(st.integers(0, 8), max_size=9)
"""The numbers of the events that reach us, in the order in which they do."""

_TICK, _UNTICK, _EDIT = Deed("tick", 0), Deed("untick", 0), Deed("edit", 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, heard=HEARD)
@example(deeds=[_TICK, _EDIT], heard=[0, 1])
@example(deeds=[_TICK, _EDIT], heard=[0, 3])
@example(deeds=[_TICK, _UNTICK], heard=[0, 2])
@example(deeds=[_TICK, _UNTICK, _EDIT, _TICK], heard=[0, 2, 3, 4])
async def test_what_events_lose_or_tell_late_a_look_makes_good(
    database: Database, deeds: Sequence[Deed], heard: Sequence[int]
) -> None:
    thread = _THREADS.get(id(database)) or (await threads(database))["park"]
    _THREADS[id(database)] = thread
    whole, holed = World.new(thread), World.new(thread)
    for deed in (*_SAID, *deeds):
        await whole.told(whole.happens(deed))
    await whole.look()
    events = [holed.happens(deed) for deed in (*_SAID, *deeds)]
    for number in heard:
        await holed.told(events[number % len(events)])
    await holed.look()
    assert _alike(await holed.texts(), holed) == _alike(await whole.texts(), whole)
    assert await _named(holed) <= await _named(whole)
    assert await holed.look() == 0


_SAID = (Deed("say", 0), Deed("say", 1))
_THREADS: dict[int, Thread] = {}


def _alike(texts: Sequence[str], world: World) -> list[str]:
    """The texts with their times counted from the world's beginning."""
    base = int(float(world.messages[0].ts)) - _BEGAN
    return [f"Rettet {int(text.split()[1]) - base}" if text.startswith("Rettet") else text for text in texts]


async def _named(world: World) -> set[tuple[int, str]]:
    return {(number, _alike([text], world)[0]) for number, text in await world.approved()}
