"""The facts of a submission's arrival to the mail that confirms it (RFC 3834: one answer, marked as ours)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP

from handlers.letter.kinds import OWN_HEADER
from handlers.local_time import COPENHAGEN
from storage.receipt import ReceiptKind
from templates import say

_TOLD = frozenset(
    {"annex_locked", "annex_damaged", "annex_too_large", "annex_too_slow"}
    | {"encrypted", "too_many_parts", "too_deep"}
)
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_ADDRESS = re.compile(r"[^\s<>,;:@\"()\[\]\\]+@[^\s<>,;:@\"()\[\]\\]+")


def _registry() -> HeaderRegistry:
    """Ids are never folded: the standard library encodes a long one, and then no mail program knows it."""
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        registry.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]  # a mixin, as it asks for
    return registry


POLICY = SMTP.clone(header_factory=_registry(), cte_type="7bit")


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says, and to whom.

    `kind` is what it is a receipt for, and `number` the submission's, 0 for none. `flaws` are those of the
    mail ("kind: where"); the sender is told of what they can mend. `size` is in MB, of a mail too large.
    `hearing_address` is where the submission was sent to; `sender` the address our mail is from.
    `answering` is the Message-ID of the party's mail with its brackets, empty when it had none.
    """

    number: int
    title: str
    municipality: str
    received_at: datetime
    deadline: datetime
    files: tuple[str, ...]
    recipient: str
    hearing_address: str
    sender: str
    message_id: str
    answering: str = ""
    kind: ReceiptKind = ReceiptKind.SUBMISSION
    flaws: tuple[str, ...] = ()
    size: int = 0

    @property
    def is_late(self) -> bool:
        return self.received_at > self.deadline

    @property
    def template(self) -> str:
        return f"mail/{self.kind}.txt.j2"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What could not be read, each with its file's name, as far as the sender can mend it."""
        parted = (flaw.partition(": ") for flaw in self.flaws)
        return list(dict.fromkeys((what, _line(where)) for what, _, where in parted if what in _TOLD))


def compose(facts: ReceiptFacts, *, now: datetime) -> EmailMessage | None:
    """The receipt, or None when its recipient is no address. No fact can become a header of its own."""
    recipient = deliverable(facts.recipient)
    if not recipient:
        return None
    message = EmailMessage(policy=POLICY)
    message["Subject"] = say(
        facts.template, "subject", number=facts.number, title=_line(facts.title), size=facts.size
    )
    message["From"] = _address(deliverable(facts.sender), name=_line(facts.municipality))
    message["To"] = _address(recipient)
    message["Reply-To"] = _address(deliverable(facts.hearing_address))
    message["Date"] = now.astimezone(COPENHAGEN)
    message["Message-ID"] = f"<{facts.message_id}@{_domain(facts.hearing_address)}>"
    if _ID.fullmatch(facts.answering):
        message["In-Reply-To"] = message["References"] = facts.answering
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message[OWN_HEADER] = "receipt"
    message.set_content(_text(facts), cte="quoted-printable")
    message["Content-Language"] = "da"
    return message


def deliverable(address: str) -> str:
    """An address as servers take it, its domain in ASCII (RFC 5891); empty when it is none."""
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        return ""
    local, _, domain = address.rpartition("@")
    try:
        return Address(username=local, domain=domain.encode("idna").decode("ascii")).addr_spec
    except ValueError:
        return ""


def _address(address: str, *, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _domain(address: str) -> str:
    return deliverable(address).rpartition("@")[2]


def _text(facts: ReceiptFacts) -> str:
    return say(
        facts.template, "text", number=facts.number, title=_line(facts.title), late=facts.is_late,
        municipality=_line(facts.municipality), received_at=facts.received_at, deadline=facts.deadline,
        files=[_line(name) for name in facts.files], address=facts.hearing_address,
        problems=facts.problems, size=facts.size,
    ) + "\n"  # fmt: skip


def _line(text: str) -> str:
    """One line without control signs, so that a name cannot become a header or a line of our text."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
