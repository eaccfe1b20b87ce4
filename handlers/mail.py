"""Bytes to a letter: any bytes at all can be read, and what cannot be understood is named in its flaws."""

import hashlib
import re
from datetime import datetime

from handlers.letter import addresses, authentication, charset, content, dates, forwards, kinds, parts, words
from handlers.letter.parts import Part
from handlers.letter.shape import Bounce, Claim, File, Flaw, FlawKind, Forwarded, Kind, Letter, Mailbox

READER = 1
"""Raised whenever mails read before would be read better now; what was read by less can be read again."""

__all__ = [
    "Bounce", "Claim", "File", "Flaw", "FlawKind", "Forwarded", "Kind", "Letter", "Mailbox",
    "content_key", "read",
]  # fmt: skip

MAX_RECIPIENTS = 1_000
MAX_REFERENCES = 200
MAX_AUTHOR = 10_000  # bytes of a header that names one person
MAX_SUBJECT = 5_000

_SENT_BACK = frozenset({Kind.BOUNCE, Kind.RECEIPT})  # the mail in these is ours

_ID = re.compile(rb"<[^<>\s]{1,900}>")


def read(raw: bytes, *, sender: str | None = None) -> Letter:
    """Read any bytes at all. What cannot be read is named in `flaws`, never lost; it never raises.

    `sender` is the envelope's (RFC 5321 §4.4), '' for a bounce's, None where the door did not hear it.
    """
    flaws: list[Flaw] = [] if raw and not raw.isspace() else [Flaw(FlawKind.EMPTY, "mail")]
    try:
        return _letter(_traced(parts.split(raw, flaws), sender), flaws)
    except (
        RecursionError,
        ValueError,
        LookupError,
        ArithmeticError,
        TypeError,
        AttributeError,
        AssertionError,
    ):
        # A fault of ours must not stop the inbox: people still get to see the mail as it came.
        flaws.append(Flaw(FlawKind.UNREADABLE, "mail"))
        return _unread(raw, flaws)


def _traced(root: Part, sender: str | None) -> Part:
    """Put the envelope's sender on top of what the mail says of its way."""
    if sender is not None:
        named = re.sub(r"[^\x21-\x7e]|[<>]", "", sender)
        root.headers.setdefault("return-path", []).insert(0, f"<{named}>".encode("ascii"))
    return root


def content_key(letter: Letter) -> str:
    """Give a hex SHA-256 by which the same mail is known again, whatever way and how often it comes.

    It covers the sender, the text and the files: different citizens send one campaign's text, and one who
    sends a mail again sends it under another Message-ID. Only a machine that writes for many is told apart
    by its ids, and a mail that says nothing else by its subject.
    """
    author = (letter.reply_to or letter.sender).address
    text = " ".join(letter.text.split())
    digest = hashlib.sha256()
    for field in (
        author,
        text,
        letter.message_id if kinds.is_nobody(author) else "",
        "" if text or letter.files else letter.subject,
    ):
        _add(digest, field.encode("utf-8", "replace"))
    for file in letter.files:
        _add(digest, file.payload)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", field: bytes) -> None:
    digest.update(len(field).to_bytes(8, "big"))
    digest.update(field)


def _letter(root: Part, flaws: list[Flaw]) -> Letter:
    reply_to = _first(root, "reply-to")
    sender = _sender(root, flaws)
    quoted = list[tuple[int, int]]()
    text, files = content.gather(root, flaws, quoted=quoted)
    facts = kinds.Facts(root, sender, reply_to, _subject(root, flaws), text)
    kind, bounce = kinds.judge(facts)
    return Letter(
        sender=sender,
        reply_to=reply_to,
        recipients=_recipients(root, flaws),
        subject=facts.subject,
        message_id=_message_id(root),
        references=_references(root),
        date=_date(root, flaws),
        text=text,
        quoted=tuple(quoted),
        files=files,
        kind=kind,
        bounce=bounce,
        may_acknowledge=kinds.may_acknowledge(facts, kind),
        flaws=tuple(dict.fromkeys(flaws)),
        forwarded=None if kind in _SENT_BACK else _forwarded(root, facts, files),
        authentication=authentication.claims(root),
    )


def _forwarded(root: Part, facts: kinds.Facts, files: tuple[File, ...]) -> Forwarded | None:
    answers = bool(root.header("in-reply-to"))
    return forwards.passed_on(facts.subject, facts.text, files=files, answers=answers)


def _unread(raw: bytes, flaws: list[Flaw]) -> Letter:
    return Letter(
        sender=Mailbox("", ""),
        reply_to=None,
        recipients=(),
        subject="",
        message_id="",
        references=(),
        date=None,
        text=charset.clean(charset.guess(raw)),
        files=(),
        kind=Kind.SUBMISSION,
        bounce=None,
        may_acknowledge=False,
        flaws=tuple(flaws),
    )


def _first(root: Part, name: str) -> Mailbox | None:
    """Give the first mailbox of a header that has an address, else the name that stands there."""
    nameless: Mailbox | None = None
    for value in root.headers.get(name, ())[:10]:
        hint = "" if value.isascii() else root.foreign_charset()
        for mailbox in addresses.mailboxes(value[:MAX_AUTHOR], hint):
            if mailbox.address:
                return mailbox
            nameless = nameless or mailbox
    return nameless


def _sender(root: Part, flaws: list[Flaw]) -> Mailbox:
    """Give From; without an address there, the name with the best address that another header has."""
    author = _first(root, "from") or Mailbox("", "")
    if author.address:
        return author
    flaws.append(Flaw(FlawKind.NO_SENDER, "header From"))
    for name in ("reply-to", "sender", "return-path"):
        other = _first(root, name)
        if other and other.address:
            return Mailbox(author.name or other.name, other.address)
    return author


def _recipients(root: Part, flaws: list[Flaw]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in ("to", "cc", "delivered-to", "x-original-to"):
        for value in root.headers.get(name, ())[:MAX_RECIPIENTS]:
            for mailbox in addresses.mailboxes(value):
                if len(found) >= MAX_RECIPIENTS:
                    flaws.append(Flaw(FlawKind.TOO_MANY_ADDRESSES, f"header {name}"))
                    break
                if mailbox.address:
                    found[mailbox.address] = None
    return tuple(found)


def _subject(root: Part, flaws: list[Flaw]) -> str:
    raw = root.header("subject")
    subject = words.text(raw, "" if raw.isascii() else root.foreign_charset())
    if len(subject) > MAX_SUBJECT:
        flaws.append(Flaw(FlawKind.TOO_LONG, "header Subject"))
    return subject[:MAX_SUBJECT]


def _message_id(root: Part) -> str:
    value = root.header("message-id")
    found = _ID.search(value)
    return charset.clean(charset.guess(found[0])) if found else words.text(value)[:900]


def _references(root: Part) -> tuple[str, ...]:
    """Collect the ids a mail answers, In-Reply-To first, since References runs from the oldest on."""
    found: dict[str, None] = {}
    for name in ("in-reply-to", "references"):
        for value in root.headers.get(name, ()):
            for match in _ID.finditer(value):
                found[charset.clean(charset.guess(match[0]))] = None
                if len(found) >= MAX_REFERENCES:
                    return tuple(found)
    return tuple(found)


def _date(root: Part, flaws: list[Flaw]) -> datetime | None:
    text = words.text(root.header("date")[:1_000])
    found = dates.moment(text) if text else None
    if text and found is None:
        flaws.append(Flaw(FlawKind.BAD_DATE, "header Date"))
    return found
