"""Look whether all is true: the notat, every draft, every card, and each post once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlmodel import col, select

from handlers.notat import layout
from handlers.notat.shape import Role, plain
from storage.dossier import dossier
from storage.models import PostKind
from storage.store import Store
from storage.talk import RemarkPart, Reply, SlackPost
from tests.slack.bench import now
from tests.slack.oracle import Act, Texts, card_says, draft_says, may_say, state_of, texts_in
from tests.world import key_of, shown, words

if TYPE_CHECKING:
    from tests.slack.deeds import Thread
    from tests.slack.walk import Walk

_NUMBER = re.compile(r"Høringssvar (\d+):")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the notat says, and of which remark each text ever was part, by its id."""

    notat: tuple[Texts, ...] = ()
    remark_of: dict[str, str] = field(default_factory=dict)
    exact: int = 0

    def approved(self, remark: str) -> Texts | None:
        """What the notat says of a remark."""
        found = [each for each in self.notat if self.remark_of.get(each[0]) == remark]
        assert len(found) <= 1, f"twice in the notat: {found}"
        return found[0] if found else None


async def look(walk: Walk) -> Truth:
    """What is true now; fails when anything that people see is not."""
    database = walk.lives.database
    async with database.begin(snapshot=True) as store:
        truth = Truth(tuple([each async for each in _notat(store)]), await _remarks(walk, store=store))
        await _nothing_is_left(store)
    exact = _notat_says_what_was_approved(walk, truth)
    for thread in walk.deeds.threads.values():
        _thread_is_true(walk, thread, truth)
    _each_stands_once(walk)
    return Truth(truth.notat, truth.remark_of, exact)


async def _notat(store: Store) -> AsyncIterator[Texts]:
    [hearing] = await store.hearings.all()
    number = 0
    for chapter in layout.notat(await dossier(hearing, store=store), version=1, at=now()).chapters:
        if chapter.role == Role.SUBMISSION:
            found = _NUMBER.match(chapter.heading)
            assert found, chapter.heading
            number = int(found[1])
        if chapter.role == Role.REMARK:
            yield texts_in(plain(chapter.body), number)


async def _remarks(walk: Walk, *, store: Store) -> dict[str, str]:
    """Of which remark each text is or was part."""
    cards = {post.referral_id: post.ts for post in await _posts(store) if post.kind == PostKind.CARD}
    found = select(RemarkPart, Reply).where(
        col(Reply.referral_id) == col(RemarkPart.referral_id), col(Reply.message) == col(RemarkPart.message)
    )
    texts: dict[str, str] = {}
    for part, reply in (await store.session.execute(found)).all():
        number = walk.deeds.threads[str(cards[part.referral_id])].number
        texts |= dict.fromkeys(texts_in(words(reply.content), number), str(part.remark_id))
    return texts


async def _posts(store: Store) -> list[SlackPost]:
    return list((await store.session.execute(select(SlackPost))).scalars())


async def _nothing_is_left(store: Store) -> None:
    owed = [post.key for post in await _posts(store) if post.ts is None or post.refusal]
    assert owed == [], f"owed for ever: {owed}"
    [hearing] = await store.hearings.all()
    assert await store.inbox.set_aside_from(hearing.id) == []


def _notat_says_what_was_approved(walk: Walk, truth: Truth) -> int:
    """Of how many remarks there was no doubt what must stand."""
    acts: dict[str, list[Act]] = defaultdict(list)
    for about, act in walk.acts:
        acts[truth.remark_of.get(about, about)].append(act)
    doubtless = 0
    for remark, done in acts.items():
        may = may_say(done)
        stands = truth.approved(remark)
        assert stands in may, f"the notat says {stands} of {remark}, and may say {may} after {done}"
        doubtless += len(may) == 1
    for each in truth.notat:
        assert truth.remark_of.get(each[0]) in acts, f"nobody said yes to {each}"
    return doubtless


def _thread_is_true(walk: Walk, thread: Thread, truth: Truth) -> None:
    drafts: list[tuple[Texts, Texts | None]] = []
    for draft in walk.deeds.town.ours(thread.card, "draft"):
        remark, told = key_of(draft).split(":")[1], shown(draft)
        shows, approved = texts_in(told, thread.number), truth.approved(remark)
        assert draft_says(shows, approved, told), f"{approved} is approved, and the draft says {told}"
        assert sorted(shows) == sorted(_stands(thread, remark, truth)), f"{told} of {thread.lines}"
        drafts.append((shows, approved))
    told = state_of(thread.card)
    ends = {"sent": {"Sendt videre"}, "declined": {"Ingen bemærkninger"}, "proposed": {"Til godkendelse"}}
    talked = bool(thread.lines) or bool(drafts)
    may = ends.get(thread.end) or card_says(drafts, talked=talked)
    assert told in may or thread.end == "unknown", (
        f"the card {thread.card.ts} says {told} and should say {may}: {drafts}"
    )


def _stands(thread: Thread, remark: str, truth: Truth) -> Iterator[str]:
    """What the parts of a remark say now."""
    for line in thread.alive:
        if truth.remark_of.get(line.texts[0]) == remark:
            yield line.texts[-1]
    for text in thread.forms:
        if truth.remark_of.get(text) == remark:
            yield text


def _each_stands_once(walk: Walk) -> None:
    channels = walk.deeds.town.sandbox.space.channels.values()
    keys = Counter(key_of(each) for channel in channels for each in channel.kept.values())
    del keys[""]
    assert {key: count for key, count in keys.items() if count > 1} == {}
