"""Turn answers that were read into submissions: numbered, known parties, referred, acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers import parties
from handlers.acknowledge import Received, acknowledge
from handlers.content import clean
from handlers.refer import Desk
from storage import blobs
from storage.inbox import Arrival
from storage.models import Attachment, Hearing, InboxItem, Party, PartyAlias, Submission
from storage.store import Store
from storage.words import Channel, PartyKind

__all__ = ["Annex", "Arrival", "Incoming", "submit"]


@dataclass(frozen=True, slots=True)
class Annex:
    """A file that came with an answer."""

    name: str
    content_type: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer as it was read, whatever way it came.

    `content_key` is the same for the same answer sent again. `kind` is None when only the name tells it.
    `reply_to` is where a receipt goes, empty when none may be sent.
    """

    item: InboxItem
    channel: Channel
    content_key: str
    name: str
    text: str
    subject: str = ""
    address: str = ""
    street: str = ""
    kind: PartyKind | None = None
    annexes: tuple[Annex, ...] = ()
    flaws: tuple[str, ...] = ()
    reply_to: str = ""
    message_id: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Register:
    """The parties of one hearing by what they are known by; who is not known yet is entered."""

    hearing: Hearing
    known: dict[str, Party]
    store: Store

    def party(self, answer: Incoming) -> Party:
        by_address, by_name, by_both = (
            self.known.get(known_as) for known_as in (_address(answer), _name(answer), _both(answer))
        )
        # Two private persons may share a name, never an address.
        if by_name is not None and PartyKind.BORGER in {by_name.kind, answer.kind}:
            by_name = None
        # A private person may write for an association too.
        if by_address is not None and by_address.kind == PartyKind.BORGER != _kind(answer):
            by_address = by_both
        if by_address is None and by_name is not None and answer.channel == Channel.MAIL:
            return self._claiming(by_name, answer)
        return by_address or by_name or self._enter(answer)

    def _claiming(self, known: Party, answer: Incoming) -> Party:
        """Anybody can write any name over a mail: so this is a party that only says it is the known one."""
        party = Party(
            hearing_id=self.hearing.id, kind=known.kind, list_name=known.list_name, confirmed=False,
            heading_name=known.heading_name, short_name=known.short_name,
        )  # fmt: skip
        return self._entered(party, answer)

    def _enter(self, answer: Incoming) -> Party:
        name, kind = " ".join(clean(answer.name).split()) or clean(answer.address), _kind(answer)
        party = Party(
            hearing_id=self.hearing.id, kind=kind, list_name=name, heading_name=name, short_name=name,
            street=clean(answer.street).strip(), confirmed=kind in {PartyKind.BORGER, answer.kind},
        )  # fmt: skip
        return self._entered(party, answer)

    def _entered(self, party: Party, answer: Incoming) -> Party:
        """Known from now on by its address, or by name and address together where that is a person's too."""
        self.store.add(party)
        address = _address(answer)
        known_as = {address if address not in self.known else _both(answer)}
        if party.kind != PartyKind.BORGER:
            known_as.add(_name(answer))
        for alias in known_as - self.known.keys() - {""}:
            self.store.add(PartyAlias(hearing_id=self.hearing.id, alias=alias, party_id=party.id))
            self.known[alias] = party
        return party


async def submit(answers: Sequence[Incoming], *, hearing: Hearing, store: Store, now: datetime) -> int:
    """Make submissions of the answers that are new to the hearing; how many those are.

    The caller holds the hearing, so that nobody else gives the same answer a second number.
    """
    known = await store.submissions.known(hearing.id, [answer.content_key for answer in answers])
    fresh: dict[str, Incoming] = {}
    for answer in answers:
        if answer.content_key not in known:
            fresh.setdefault(answer.content_key, answer)
    if fresh:
        known |= await _submit([*fresh.values()], hearing=hearing, store=store, now=now)
    for answer in answers:
        answer.item.submission_id = known[answer.content_key]
    return len(fresh)


async def _submit(fresh: list[Incoming], *, hearing: Hearing, store: Store, now: datetime) -> dict[str, UUID]:
    """The new submissions' ids by the content they are made of."""
    made: dict[str, UUID] = {}
    received: list[Received] = []
    await blobs.keep((a.payload for answer in fresh for a in answer.annexes), session=store.session)
    aliases = {alias for answer in fresh for alias in _aliases(answer)}
    register = _Register(hearing, await store.submissions.parties(hearing.id, aliases), store)
    desk = Desk(hearing, await store.hearings.seats(hearing.id), store=store, now=now)
    fresh.sort(key=lambda answer: answer.received_at or answer.item.received_at)
    numbers = await store.submissions.give_numbers(hearing.id, len(fresh))
    for number, answer in zip(numbers, fresh, strict=True):
        submission = _submission(answer, register.party(answer), number=number, now=now)
        store.add(submission, *_attachments(answer, submission))
        made[answer.content_key] = submission.id
        asked = ",".join(desk.lay(submission))
        store.note(
            "submitted", by=answer.item.door, at=now, hearing_id=hearing.id, number=number, referred_to=asked
        )
        received.append(Received(submission, answer.reply_to, answer.message_id))
    await acknowledge(received, store=store, now=now)
    return made


def _submission(answer: Incoming, party: Party, *, number: int, now: datetime) -> Submission:
    return Submission(
        hearing_id=party.hearing_id, party_id=party.id, number=number, channel=answer.channel,
        content_key=answer.content_key, subject=clean(answer.subject), text=clean(answer.text),
        flaws=list(answer.flaws), received_at=answer.received_at or answer.item.received_at or now,
    )  # fmt: skip


def _attachments(answer: Incoming, submission: Submission) -> list[Attachment]:
    return [
        Attachment(
            submission_id=submission.id, position=position, name=clean(annex.name),
            content_type=clean(annex.content_type), size=len(annex.payload),
            blob_sha256=blobs.name_of(annex.payload),
        )
        for position, annex in enumerate(answer.annexes, 1)
    ]  # fmt: skip


def _kind(answer: Incoming) -> PartyKind:
    return answer.kind or parties.kind_of(answer.name)


def _aliases(answer: Incoming) -> list[str]:
    """What the sender may be known by."""
    return [alias for alias in (_address(answer), _name(answer), _both(answer)) if alias]


def _address(answer: Incoming) -> str:
    return parties.alias(answer.address)


def _name(answer: Incoming) -> str:
    return parties.alias(answer.name)


def _both(answer: Incoming) -> str:
    return parties.alias(f"{answer.name} <{answer.address}>") if answer.name and answer.address else ""
