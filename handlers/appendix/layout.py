"""A dossier as an appendix: its submissions under the notat's numbers, each with its mails and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from handlers.hearing.parties import heading_name
from handlers.notat.counting import is_late
from handlers.notat.order import numbered
from handlers.notat.shape import Fact
from storage.asked import Verdict
from storage.dossier import Dossier, Filed
from storage.models import Hearing, Party
from storage.questions import Followed
from storage.words import Edition, PartyKind
from templates import say

_WORDS = "notat/appendix.j2"
_PRINTED = frozenset({Verdict.SUPPLEMENT, Verdict.REPLACES, Verdict.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the dossier: each party's mail addresses, and the texts of files by SHA-256.

    `version` is the newest of the notat, which has `numbers` for these submissions, by their ids.
    """

    addresses: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    numbers: Mapping[UUID, int] = field(default_factory=dict)


def appendix(dossier: Dossier, *, edition: Edition, known: Known, at: datetime) -> Appendix:
    """The whole appendix as it stands at a moment; nothing is taken out yet but the lines of senders."""
    hearing, numbered_as = dossier.hearing, _numbered_as(dossier, known)
    entries = tuple(
        _entry(number, filed, hearing=hearing, edition=edition, known=known)
        for number, filed in numbered(dossier)
    )
    return Appendix(
        edition=edition,
        title=_say("title", hearing=hearing),
        owner=next(seat for seat in dossier.seats if seat.owner).name,
        case_label=_say("case_label", hearing=hearing),
        facts=tuple(_case(hearing, at, numbered_as)),
        entries=entries,
        numbered_as=numbered_as,
    )


def _numbered_as(dossier: Dossier, known: Known) -> int | None:
    numbers = {filed.submission.id: number for number, filed in numbered(dossier)}
    return known.version if numbers == known.numbers else None


def _case(hearing: Hearing, at: datetime, version: int | None) -> Iterator[Fact]:
    for name in ("date", "case_number", "period"):
        yield Fact(_say(f"{name}_label"), _say(name, hearing=hearing, at=at))
    if version is not None:
        yield Fact(_say("numbers_label"), _say("numbers", version=version))


def _say(phrase: str, **values: object) -> str:
    return say(_WORDS, phrase, **values)


def _entry(number: int, filed: Filed, *, hearing: Hearing, edition: Edition, known: Known) -> Entry:
    later = (each for each in filed.followed if each.verdict in _PRINTED)
    first = Message("", tuple(_facts(number, filed, hearing, edition, known)), filed.submission.text)
    return Entry(
        number=number,
        name=heading_name(filed.party, hearing.private_persons),
        author=_author(filed.party),
        messages=(first, *(_later(each, hearing) for each in later)),
        files=tuple(
            Enclosure(place, each.name, each.content_type, each.size, each.blob_sha256,
                      known.texts.get(each.blob_sha256, ""))
            for place, each in enumerate(filed.attachments, 1)
        ),
    )  # fmt: skip


def _author(party: Party) -> Author:
    names = (party.heading_name, party.list_name, party.short_name)
    return Author(tuple(dict.fromkeys(name for name in names if name)), party.kind == PartyKind.BORGER)


def _facts(number: int, filed: Filed, hearing: Hearing, edition: Edition, known: Known) -> Iterator[Fact]:
    submission, party = filed.submission, filed.party
    late = is_late(filed, hearing)
    yield Fact(_say("received_label"), _say("received", at=submission.received_at, late=late))
    yield Fact(_say("channel_label"), _say("channel", word=submission.channel.value))
    if edition == Edition.INTERNAL:
        addresses = known.addresses.get(party.id, ())
        yield Fact(_say("sender_label"), _say("sender", name=party.heading_name, addresses=addresses))
        if submission.number != number:
            yield Fact(_say("journal_label"), str(submission.number))
    if submission.subject.strip():
        yield Fact(_say("subject_label"), submission.subject)


def _later(each: Followed, hearing: Hearing) -> Message:
    mail = each.follow_up
    late = mail.received_at > hearing.deadline
    facts = [Fact(_say("received_label"), _say("received", at=mail.received_at, late=late))]
    if mail.subject.strip():
        facts.append(Fact(_say("subject_label"), mail.subject))
    return Message(_say("later", verdict=each.verdict), tuple(facts), mail.text)
