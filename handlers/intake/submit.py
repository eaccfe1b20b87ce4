"""Turn answers that were read into submissions: numbered, known parties, referred, acknowledged."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from handlers.content import clean
from handlers.doubt.ask import ask
from handlers.intake.acknowledge import Received, acknowledge
from handlers.intake.gather import gather
from handlers.intake.incoming import Incoming, attachments
from handlers.intake.join import join
from handlers.intake.judge_late import judge_late
from handlers.intake.kinship import Earlier, Relation, relation
from handlers.intake.register import Register, register
from handlers.referral.refer import Desk
from handlers.routing.suggest import Routing
from storage import blobs
from storage.asked import About, Verdict
from storage.models import Attachment, Hearing, Submission
from storage.rows import row_of
from storage.store import Store
from storage.words import Channel

_LONGEST_ID = 600  # signs; an index holds no more, whatever they are


async def submit(
    answers: Sequence[Incoming], *, hearing: Hearing, store: Store, now: datetime, likeness: float = 1.0
) -> int:
    """Make submissions of the answers that are new to the hearing; how many those are.

    A later mail from a party is joined to its submission instead. Texts whose estimated Jaccard similarity
    is `likeness` or more are one campaign. The caller holds the hearing, so that nobody else gives the same
    answer a second number.
    """
    keys = [answer.content_key for answer in answers]
    submitted = await store.submissions.known(hearing.id, keys)
    known = await store.questions.known_follow_ups(hearing.id, keys) | submitted
    fresh: dict[str, Incoming] = {}
    for answer in sorted(answers, key=lambda each: each.came_at):
        if answer.content_key not in (submitted if answer.stands_alone else known):
            fresh.setdefault(answer.content_key, answer)
    table = await _table([*fresh.values()], hearing=hearing, store=store, now=now)
    for answer in fresh.values():
        table.sort(answer)
    await table.keep(likeness=likeness)
    for answer in answers:
        answer.item.submission_id = table.became.get(answer.content_key) or known[answer.content_key]
        answer.item.message_id = answer.message_id[:_LONGEST_ID]
    return len(table.new)


@dataclass(slots=True)
class _Table:
    """Where new answers to one hearing are sorted, within one transaction."""

    hearing: Hearing
    register: Register
    store: Store
    now: datetime
    own: dict[UUID, dict[int, Submission]]
    """What each party has submitted, by number; what is not numbered yet counts down from -1."""
    answered: dict[UUID, Submission]
    new: list[tuple[Incoming, Submission]] = field(default_factory=list)
    later: list[tuple[Incoming, Relation]] = field(default_factory=list)
    became: dict[str, UUID] = field(default_factory=dict)
    mails: dict[str, UUID] = field(default_factory=dict)
    """The new submissions by the Message-IDs of their mails."""

    def sort(self, answer: Incoming) -> None:
        """Tell whether it stands for itself or belongs to an earlier one."""
        related = None if answer.stands_alone or answer.channel != Channel.MAIL else self._related(answer)
        if related is not None:
            self.later.append((answer, related))
            self.became[answer.content_key] = related.submission_id
            return
        party = self.register.party(answer.sender)
        submission = Submission(
            hearing_id=self.hearing.id, party_id=party.id, number=0, channel=answer.channel,
            content_key=answer.content_key, subject=clean(answer.subject), text=clean(answer.text),
            flaws=list(answer.flaws), received_at=answer.came_at or self.now,
            forwarded_by=answer.forwarded_by, authentication=answer.authentication,
        )  # fmt: skip
        self.new.append((answer, submission))
        self.mails |= {answer.message_id: submission.id} if answer.message_id else {}
        self.own[party.id][-len(self.new)] = submission
        self.answered[submission.id] = submission
        self.became[answer.content_key] = submission.id

    def _related(self, answer: Incoming) -> Relation | None:
        party = self.register.find(answer.sender)
        sent = {name: self.mails[name] for name in answer.references if name in self.mails}
        earlier = Earlier(
            own={number: each.id for number, each in self.own[party.id].items()} if party else {},
            receipts=frozenset(self.answered),
            mails=sent | {name: at for name, at in answer.mails.items() if at in self.answered},
        )
        return relation(earlier, subject=answer.subject, references=answer.references)

    async def keep(self, *, likeness: float) -> None:
        """Number what is new, keep it, lay it before its departments, and say that it arrived."""
        if not self.became:
            return
        files = [annex.payload for answer, _ in self.new for annex in answer.annexes]
        await blobs.keep(files, session=self.store.session)
        received = await self._submit(likeness=likeness) if self.new else []
        for answer, related in self.later:
            submission = self.answered[related.submission_id]
            await join(answer, submission, related=related, hearing=self.hearing, store=self.store,
                       now=self.now)  # fmt: skip
            received.append(Received(submission, answer.reply_to, answer.message_id, is_later=True,
                                     item_id=answer.item.id))  # fmt: skip
        await acknowledge(received, store=self.store, now=self.now)

    async def _submit(self, *, likeness: float) -> list[Received]:
        store, hearing, now = self.store, self.hearing, self.now
        desk = Desk(hearing, await store.hearings.seats(hearing.id), store=store, now=now)
        answers = [answer for answer, _ in self.new]
        routing = asyncio.get_running_loop().run_in_executor(None, _routed, answers, desk)
        try:  # the database writes meanwhile
            behind = await self._written(likeness=likeness)
        finally:
            routes = await routing
        for (answer, submission), route in zip(self.new, routes, strict=True):
            asked = "" if submission.id in behind else ",".join(desk.lay(submission, routing=route))
            store.note(
                "submitted", by=answer.item.door, at=now, hearing_id=hearing.id, number=submission.number,
                referred_to=asked,
            )  # fmt: skip
            await self._doubt(answer, submission)
        await judge_late((made for _, made in self.new), hearing=hearing, store=store, now=now)
        return [Received(made, answer.reply_to, answer.message_id) for answer, made in self.new]

    async def _written(self, *, likeness: float) -> frozenset[UUID]:
        """Number the new ones and write them with their files; the ids of those that stand behind others."""
        store, hearing = self.store, self.hearing
        numbers = await store.submissions.give_numbers(hearing.id, len(self.new))
        for number, (_, submission) in zip(numbers, self.new, strict=True):
            submission.number = number
        files = [file for answer, made in self.new for file in attachments(answer.annexes, made)]
        await store.write(Submission, [row_of(made) for _, made in self.new])
        await store.write(Attachment, [row_of(file) for file in files])
        return await gather(self.new, hearing=hearing, threshold=likeness, store=store, now=self.now)

    async def _doubt(self, answer: Incoming, submission: Submission) -> None:
        """Ask who the party is, where somebody passed the mail on and it cannot be told for whom."""
        if not answer.doubt:
            return
        maybe = {Verdict.ORIGINAL: answer.original, Verdict.FORWARDER: answer.forwarder}
        said = {name: who for name, who in maybe.items() if who is not None}
        await ask(
            About.AUTHOR, of=submission.id, hearings=[self.hearing], options=tuple(said), store=self.store,
            now=self.now, submission_id=submission.id,
            detail={name: {"name": who.name, "address": who.address} for name, who in said.items()},
        )  # fmt: skip


def _routed(answers: Sequence[Incoming], desk: Desk) -> list[Routing]:
    return [desk.route(answer.spoken) for answer in answers]


async def _table(fresh: Sequence[Incoming], *, hearing: Hearing, store: Store, now: datetime) -> _Table:
    opened = await register(hearing, [answer.sender for answer in fresh], store=store)
    parties = {party.id for answer in fresh if (party := opened.find(answer.sender))}
    own: dict[UUID, dict[int, Submission]] = defaultdict(dict)
    for submission in await store.submissions.of_parties(parties) if parties else ():
        own[submission.party_id][submission.number] = submission
    wanted = {name for answer in fresh for name in answer.answered}
    known = await store.submissions.among(wanted) if wanted else []
    answered = {each.id: each for each in known if each.hearing_id == hearing.id}
    answered |= {each.id: each for numbered in own.values() for each in numbered.values()}
    return _Table(hearing, opened, store, now, own, answered)
