"""Bounces: delivery reports (RFC 3464), and those that are only text."""

import re

from handlers.letter import addresses, parts, words
from handlers.letter.parts import Part
from handlers.letter.shape import Bounce

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


def is_machine(address: str) -> bool:
    """Tell whether an address is a mail system's own, as bounces have it."""
    return bool(_MACHINE.match(address))


def reported(root: Part) -> tuple[Bounce | None, bool]:
    """Read a delivery report. Returns why mail did not arrive, and whether it says that mail did."""
    for part in root.walk():
        if part.content_type in {"message/delivery-status", "message/global-delivery-status"}:
            return _report(part.body()[0])
    return None, False


def told(root: Part, *, sender: str, subject: str, text: str) -> Bounce | None:
    """Recognise a bounce without a report: X-Failed-Recipients, or a mail system that says so."""
    failed = root.header("x-failed-recipients")
    is_report = root.params.get("report-type", "").lower() == "delivery-status"
    if (
        not failed
        and not is_report
        and not (_is_from_system(root, sender) and _speaks_of_failure(subject, text))
    ):
        return None
    recipient = next((box.address for box in addresses.mailboxes(failed)), "") or _recipient(text, sender)
    status = _status(text)
    delayed = bool(_DELAY.search(subject)) or (status.startswith("4") and bool(_DELAY.search(text[:5_000])))
    return Bounce(status, _reason(text, status), recipient, final=not delayed)


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
