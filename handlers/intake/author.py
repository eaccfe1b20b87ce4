"""Who a mail is from: whose words it brings, and whether somebody else passed them on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from handlers.letter import forwards, kinds, notes
from handlers.letter.shape import Letter, Mailbox

_MAILS = frozenset({"message/rfc822", "application/vnd.ms-outlook"})
_OWN_ANSWER = 80  # words; who says so much above a mail may well be answering too


@dataclass(frozen=True, slots=True)
class Author:
    """The party's name and address (either may be empty), who passed the mail on ('' for nobody).

    `doubt` says that a person must tell whose words they are.
    """

    party: Mailbox
    forwarded_by: str = ""
    doubt: bool = False


def author(letter: Letter, *, staff_domains: Collection[str]) -> Author:
    """Tell whose words a mail brings. Staff pass on what came to them; what a citizen forwards is theirs.

    `staff_domains` are the municipality's own; whoever is below one of them is staff too.
    """
    sender = _sender(letter)
    if not _seems_passed_on(letter):
        return Author(sender)
    if _is_own(letter.sender.address, staff_domains):
        return _by_staff(letter, sender, staff_domains)
    original = letter.forwarded.author.address if letter.forwarded else ""
    is_their_own = original in {sender.address, letter.sender.address} - {""}
    return Author(sender, doubt=not is_their_own and _adds_nothing(letter))


def _sender(letter: Letter) -> Mailbox:
    """Reply-To goes first: a form sends in a machine's name, and the citizen stands there."""
    named = letter.reply_to or letter.sender
    machine = kinds.is_nobody(letter.sender.address)
    return Mailbox(named.name or ("" if machine else letter.sender.name), named.address)


def _seems_passed_on(letter: Letter) -> bool:
    if letter.forwarded or forwards.says_so(letter.subject):
        return True
    return _encloses_mail(letter) and len(notes.said(letter.text)) <= notes.MOST


def _by_staff(letter: Letter, sender: Mailbox, staff_domains: Collection[str]) -> Author:
    if letter.forwarded is None:
        return Author(sender, doubt=True)
    original = letter.forwarded.author
    if original.address == letter.sender.address:
        return Author(sender)
    unsure = (
        not original.address
        or _is_own(original.address, staff_domains)
        or kinds.is_nobody(original.address)
        or len(notes.said(letter.forwarded.note).split()) > _OWN_ANSWER
    )
    if not original.name and not original.address:
        return Author(sender, doubt=True)
    return Author(original, forwarded_by=letter.sender.address, doubt=unsure)


def _adds_nothing(letter: Letter) -> bool:
    note = letter.forwarded.note if letter.forwarded else letter.text
    has_mail = letter.forwarded is not None or _encloses_mail(letter)
    return has_mail and (notes.says_nothing(note) or notes.passes_on(note))


def _encloses_mail(letter: Letter) -> bool:
    return any(file.content_type in _MAILS for file in letter.files)


def _is_own(address: str, domains: Collection[str]) -> bool:
    domain = address.rpartition("@")[2]
    own = [known.strip(" @.").lower() for known in domains]
    return any(domain == known or domain.endswith(f".{known}") for known in own if known)
