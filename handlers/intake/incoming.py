"""An answer as it came in, whatever way: who it is from, what it says, what came with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from handlers.annex.pointing import points_to_annex, spoken
from handlers.annex.shape import Extracted
from handlers.content import clean
from handlers.intake.acknowledge import reply_to
from handlers.intake.author import Author
from handlers.intake.kinship import receipts_in
from handlers.intake.register import Sender
from handlers.mail import File, Letter, Mailbox, content_key
from handlers.portal.rows import Row
from storage import blobs
from storage.models import Attachment, InboxItem, Submission
from storage.words import Channel, Outcome

_PHOTO = 20_000  # bytes; a picture in the text that is larger is more than a logo


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer to one hearing.

    `content_key` is the same for the same answer sent again. `reply_to` is where a receipt goes, empty when
    none may be sent. Where `doubt` says that people must tell who the party is, it is the `original` sender,
    if one can be named, or the `forwarder`. `mails` are the submissions of those of its references that are
    mails we have. `spoken` is what routing reads: the text, and that of the annex.
    """

    item: InboxItem
    sender: Sender
    content_key: str
    text: str
    spoken: str
    subject: str = ""
    annexes: tuple[File, ...] = ()
    flaws: tuple[str, ...] = ()
    reply_to: str = ""
    message_id: str = ""
    received_at: datetime | None = None
    references: tuple[str, ...] = ()
    mails: Mapping[str, UUID] = field(default_factory=dict)
    forwarded_by: str = ""
    doubt: bool = False
    original: Sender | None = None
    forwarder: Sender | None = None
    authentication: str = ""
    letter: Letter | None = None

    @property
    def came_at(self) -> datetime:
        """When we received it."""
        return self.received_at or self.item.received_at

    @property
    def item_id(self) -> int:
        if self.item.id is None:
            raise LookupError("the item is not kept yet")
        return self.item.id

    @property
    def channel(self) -> Channel:
        return self.sender.channel

    @property
    def answered(self) -> frozenset[UUID]:
        """The submissions that its references may lead to."""
        return frozenset(receipts_in(self.references)) | frozenset(self.mails.values())

    @property
    def stands_alone(self) -> bool:
        """A person has said that it is an answer of its own."""
        return bool(self.item.envelope.get(STANDS_ALONE))


STANDS_ALONE = "stands_alone"
"""In an envelope: a person has said that the mail is an answer of its own."""

_UNREADABLE = frozenset({Outcome.EMPTY, Outcome.LOCKED, Outcome.DAMAGED, Outcome.TOO_LARGE, Outcome.TOO_SLOW})


def from_mail(
    item: InboxItem, letter: Letter, who: Author, *, mails: Mapping[str, UUID],
    texts: Mapping[str, Extracted], authentication: str,
) -> Incoming:  # fmt: skip
    """What a mail says, and by whom; `texts` is what its files say, by the SHA-256 of their bytes."""
    files = annexes(letter)
    told = _told(files, texts)
    enclosed = [said.text for _, said in told if said and said.text.strip()]
    is_enclosed = bool(enclosed) and points_to_annex(letter.text)
    passed_on = letter.forwarded.author if letter.forwarded and who.doubt else None
    return Incoming(
        item=item, sender=_sender(who.party), content_key=content_key(letter), subject=letter.subject,
        text=said_in(letter, texts, passed_on=bool(who.forwarded_by) and not who.doubt),
        spoken=spoken("" if is_enclosed else clean(letter.text), enclosed),
        message_id=clean(letter.message_id), annexes=files, references=letter.references, mails=mails,
        flaws=(*(f"{flaw.what}: {flaw.where}" for flaw in letter.flaws), *_unreadable(told)),
        reply_to=reply_to(letter, is_by_a_person=bool(item.envelope.get(STANDS_ALONE))),
        forwarded_by=who.forwarded_by, doubt=who.doubt,
        original=_sender(passed_on) if passed_on else None, forwarder=_sender(letter.sender),
        authentication=authentication, letter=letter,
    )  # fmt: skip


def said_in(letter: Letter, texts: Mapping[str, Extracted], *, passed_on: bool = False) -> str:
    """The words of a mail; where they only say that the answer is enclosed, the enclosed words below them.

    Of one that staff `passed_on`, they are the party's alone: what stands above them is the office's own
    talk, with the party's name and address.
    """
    if passed_on and letter.forwarded and letter.forwarded.text.strip():
        return letter.forwarded.text
    told = _told(annexes(letter), texts)
    enclosed = [f"{file.name}:\n{said.text}" for file, said in told if said and said.text.strip()]
    if not enclosed or not points_to_annex(letter.text):
        return letter.text
    return "\n\n".join([letter.text, *enclosed])


def _told(files: Sequence[File], texts: Mapping[str, Extracted]) -> list[tuple[File, Extracted | None]]:
    """Each file with what came of it, None where nobody looked."""
    return [(file, texts.get(blobs.name_of(file.payload))) for file in files] if texts else []


def from_portal(item: InboxItem, row: Row, files: Sequence[File]) -> Incoming:
    """What a row of the portal's export says."""
    sender = Sender(row.name, row.mail, Channel.PORTAL, street=row.street, kind=row.kind)
    return Incoming(
        item=item, sender=sender, content_key=item.key, text=row.text, spoken=clean(row.text),
        annexes=tuple(files), received_at=row.received_at,
    )  # fmt: skip


def annexes(letter: Letter) -> tuple[File, ...]:
    """Files that were sent as such, and photos; what only adorns the mail stays with its raw bytes."""
    return tuple(file for file in letter.files if not file.inline or _is_photo(file))


def _sender(mailbox: Mailbox) -> Sender:
    return Sender(mailbox.name, mailbox.address, Channel.MAIL)


def _unreadable(told: Sequence[tuple[File, Extracted | None]]) -> Iterator[str]:
    """The files that people must look at themselves: a scan, a password, a damage."""
    for file, said in told:
        if said is not None and said.outcome in _UNREADABLE:
            yield f"annex_{said.outcome}: {file.name}"


def attachments(
    annexes: Sequence[File], submission: Submission, *, had: Sequence[Attachment] = (),
    follow_up_id: UUID | None = None,
) -> list[Attachment]:  # fmt: skip
    """The rows for the files of a submission, numbered on from those it `had`.

    None comes again that was its own, or came with the same later mail: another later mail may be left out.
    """
    there = {file.blob_sha256 for file in had if file.follow_up_id in {None, follow_up_id}}
    named = ((file, blobs.name_of(file.payload)) for file in annexes)
    new = ((file, sha256) for file, sha256 in named if sha256 not in there)
    return [
        Attachment(
            submission_id=submission.id, position=position, name=clean(file.name),
            content_type=clean(file.content_type), size=len(file.payload), blob_sha256=sha256,
            follow_up_id=follow_up_id,
        )
        for position, (file, sha256) in enumerate(new, len(had) + 1)
    ]  # fmt: skip


def _is_photo(file: File) -> bool:
    return file.content_type.startswith("image/") and len(file.payload) > _PHOTO
