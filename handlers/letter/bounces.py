"""Bounces: delivery reports (RFC 3464), and those that are only text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.letter import addresses, charset, parts, words
from handlers.letter.parts import Part
from handlers.letter.shape import Bounce

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DELIVERED = frozenset({"delivered", "relayed", "expanded"})
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.-])([45])\d\d[ -]")
_SUBJECT = re.compile(
    r"(?:kan ikke leveres|kunne ikke leveres|ulevereret|ikke leveret|ikke-leveret|levering mislykkedes"
    r"|leveringen er forsinket|levering er forsinket"
    r"|undeliver(?:able|ed)|undelivered mail|mail delivery (?:failed|failure|system)"
    r"|delivery (?:status|failure)"
    r"|delivery has failed|returned mail|failure notice|message delivery|mail system error|non[- ]delivery"
    r"|delivery delayed|delayed mail|warning: (?:message|could not send)"
    r"|message (?:not delivered|undeliverable)"
    r"|failed mail|could not (?:be )?deliver)",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"forsinket|delayed|\bwarning\b|will (?:continue|keep) trying|still trying|will be retried", re.IGNORECASE
)
_MACHINE = re.compile(
    r"\A(?:mailer[-_.]?daemon|postmaster|mail[-_]?daemon|microsoftexchange[0-9a-f]{8,})(?:\+|@|\Z)"
)
_IN_TEXT = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,64}@[\w.-]{1,200}\w")
_RETURNED = frozenset(
    {"message/rfc822", "message/global", "message/rfc822-headers", "message/global-headers"}
    | {"text/rfc822-headers", "text/rfc822"}
)
_ID = re.compile(rb"<[^<>\s]{1,900}>")
_ID_IN_TEXT = re.compile(
    r"^[> \t|]{0,20}message-id[ \t]*:\s{0,20}(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE
)


def is_machine(address: str) -> bool:
    """Tell whether an address is a mail system's own, as bounces have it."""
    return bool(_MACHINE.match(address))


def judge(root: Part, *, sender: str, subject: str, text: str) -> tuple[Bounce | None, bool]:
    """Tell why mail of ours did not arrive, and whether the mail says that it did.

    A delivery report goes first; what it leaves open is looked for in the headers and the text.
    """
    bounce, arrived = _reported(root)
    if bounce is None and not arrived and _tells(root, sender=sender, subject=subject, text=text):
        delayed = bool(_DELAY.search(subject)) or (
            _status(text).startswith("4") and bool(_DELAY.search(text[:5_000]))
        )
        bounce = Bounce("", "", "", final=not delayed)
    return (None if bounce is None else _completed(bounce, root, sender=sender, text=text)), arrived


def _completed(bounce: Bounce, root: Part, *, sender: str, text: str) -> Bounce:
    failed = next(
        (box.address for box in addresses.mailboxes(root.header("x-failed-recipients")[:10_000])), ""
    )
    status = bounce.status or _status(text)
    return replace(
        bounce,
        status=status,
        reason=bounce.reason or _reason(text, status),
        recipient=bounce.recipient or failed or _recipient(text, sender),
        original_id=_original_id(root, text),
    )


def _reported(root: Part) -> tuple[Bounce | None, bool]:
    for part in root.walk():
        if part.content_type in _REPORTS:
            return _report(part.body()[0])
    return None, False


def _original_id(root: Part, text: str) -> str:
    """Give the Message-ID, in its brackets, of the mail that came back; '' when the bounce hides it.

    It stands in the returned mail or its headers, be they a part of their own, a block of the report or
    quoted in the text; Exchange names it in In-Reply-To only.
    """
    for part in root.walk():
        if part is not root and part.content_type in _RETURNED:
            fields = parts.fields(part.body()[0][:200_000])
            if found := _first_id(fields.get("message-id", ())):
                return found
        elif part.content_type in _REPORTS:
            fields = parts.fields(part.body()[0][:200_000])
            if found := _first_id(fields.get("x-original-message-id", ())):
                return found
    if quoted := _ID_IN_TEXT.search(text[:200_000]):
        return charset.clean(quoted[1])
    last = root.header("references").rpartition(b"<")  # what it answers is the last of them
    return _first_id([root.header("in-reply-to"), b"".join(last[1:])])


def _first_id(values: Sequence[bytes]) -> str:
    found = next(filter(None, (_ID.search(value) for value in values)), None)
    return charset.clean(charset.guess(found[0])) if found else ""


def _tells(root: Part, *, sender: str, subject: str, text: str) -> bool:
    """Recognise a bounce without a report: X-Failed-Recipients, or a mail system that says so."""
    if root.header("x-failed-recipients") or root.params.get("report-type", "").lower() == "delivery-status":
        return True
    return _is_from_system(root, sender) and _speaks_of_failure(subject, text)


def _is_from_system(root: Part, sender: str) -> bool:
    if is_machine(sender) or not sender:
        return True
    return root.header("return-path").strip() == b"<>"


def _speaks_of_failure(subject: str, text: str) -> bool:
    return bool(_SUBJECT.match(subject.strip(" *[]")) or _SUBJECT.search(subject[:100])) or (
        bool(_SUBJECT.search(text[:2_000])) and bool(_STATUS.search(text[:20_000]))
    )


def _report(raw: bytes) -> tuple[Bounce | None, bool]:
    """Take the worst recipient: a failure before a delay before a delivery."""
    delay, arrived = None, False
    for block in re.split(rb"(?:\r?\n[ \t]*){2,}", raw[:1_000_000]):
        fields = parts.fields(block)
        action = words.text(fields.get("action", [b""])[0]).lower()
        bounce = _from_fields(fields, final=action != "delayed")
        if action in _DELIVERED:
            arrived = True
        elif action == "failed" or (bounce.recipient and bounce.status[:1] in {"4", "5"} and not action):
            return bounce, False
        elif action == "delayed":
            delay = delay or bounce
    if delay is None and not arrived:
        return Bounce(_status(words.text(raw[:20_000])), "", "", final=True), False
    return delay, arrived


def _from_fields(fields: dict[str, list[bytes]], *, final: bool) -> Bounce:
    def value(name: str) -> str:
        return words.text(fields.get(name, [b""])[0])

    recipient = value("original-recipient") or value("final-recipient")
    _, _, address = recipient.rpartition(";")
    status = _STATUS.search(value("status"))
    diagnosis = value("diagnostic-code")
    return Bounce(
        status[1] if status else _status(diagnosis), diagnosis[:500], address.strip(" <>").lower(), final
    )


def _status(text: str) -> str:
    """Find an enhanced status code in prose, else make one of an SMTP reply code ('5.0.0')."""
    if found := _STATUS.search(text[:50_000]):
        return found[1]
    if found := _REPLY_CODE.search(text[:50_000]):
        return f"{found[1]}.0.0"
    return ""


def _recipient(text: str, sender: str) -> str:
    for found in _IN_TEXT.finditer(text[:20_000]):
        if (address := found[0].lower()) != sender and not is_machine(address):
            return address
    return ""


def _reason(text: str, status: str) -> str:
    line = next((line for line in text[:50_000].split("\n") if status and status in line), "")
    return " ".join(line.split())[:500]
