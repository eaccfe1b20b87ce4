"""What hides a mail: S/MIME, winmail.dat, .msg and attached mails, opened as far as there is room."""

from dataclasses import dataclass

from handlers.letter import files, msg, outlook, parts, smime, tnef
from handlers.letter.parts import Part
from handlers.letter.shape import File, Flaw, FlawKind

MAX_OPENED = 80_000_000  # bytes of all that is opened in one mail
MAX_LEVELS = 5  # mails in mails in mails
MAX_CONTAINERS = 20  # of those that take work to open

ATTACHED = frozenset({"message/rfc822", "message/global", files.OUTLOOK})
_CLAIMS = frozenset(
    {"application/ms-tnef", "application/vnd.ms-tnef", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)
_APART = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(slots=True)
class Room:
    """What may still be opened in one mail, which attached ones and S/MIME share."""

    octets: int = MAX_OPENED
    parts: int = parts.MAX_PARTS
    containers: int = MAX_CONTAINERS
    level: int = 0

    def refusal(self, payload: bytes) -> FlawKind | None:
        """Say why a container may not be opened, if it may not; else count it."""
        if len(payload) > self.octets:
            return FlawKind.TOO_LARGE
        self.containers -= 1
        return FlawKind.TOO_MANY_PARTS if self.containers < 0 else None

    def split(self, mail: bytes, flaws: list[Flaw], *, within: Part) -> Part:
        """Split a mail that lies in another, and take from the room what it fills."""
        root = parts.split(mail, flaws, within=within, room=self.parts)
        self.octets -= len(mail)
        self.parts -= sum(1 for _ in root.walk())
        return root


@dataclass(frozen=True, slots=True)
class Opened:
    """What a container holds, as a mail; `flaw` when it could not be opened or not wholly."""

    mail: bytes = b""
    flaw: FlawKind | None = None


def opened(payload: bytes, *, kind: str, room: Room) -> Opened | None:
    """Open a file that stands for the mail or a part of it; None when it is no such container."""
    is_outlook = payload.startswith(tnef.MAGIC)
    if not is_outlook and (kind in _APART or not smime.looks_like(payload)):
        return Opened(flaw=FlawKind.DAMAGED) if kind in _CLAIMS else None
    if refusal := room.refusal(payload):
        return Opened(flaw=refusal)
    if not is_outlook:
        return _unsigned(payload, most=room.octets)
    message, is_whole = tnef.read(payload)
    return Opened(outlook.as_mail(message), None if is_whole else FlawKind.DAMAGED)


def _unsigned(payload: bytes, *, most: int) -> Opened | None:
    try:
        mail, is_whole = smime.content(payload, most=most)
    except smime.SealedError:
        return Opened(flaw=FlawKind.ENCRYPTED)
    except smime.LargeError:
        return Opened(flaw=FlawKind.TOO_LARGE)
    except smime.BrokenError:
        return Opened(flaw=FlawKind.DAMAGED)
    if not mail and is_whole:
        return None  # certificates, or a signature that stands apart
    return Opened(mail, None if is_whole else FlawKind.DAMAGED)


def letter_inside(file: File) -> bytes | None:
    """Give an attached mail (.eml, .msg) as the bytes of a mail, None when `file` is none or is damaged."""
    if file.content_type not in ATTACHED:
        return None
    return mail_inside(file.payload, kind=file.content_type, room=Room())[0] or None


def mail_inside(payload: bytes, *, kind: str, room: Room) -> tuple[bytes, FlawKind | None]:
    """Give an attached mail of one of the `ATTACHED` kinds as bytes to read, or why it cannot be had."""
    if kind != files.OUTLOOK:
        return (payload, None) if len(payload) <= room.octets else (b"", FlawKind.TOO_LARGE)
    if refusal := room.refusal(payload):
        return b"", refusal
    try:
        return outlook.as_mail(msg.read(payload, most=room.octets)), None
    except msg.BrokenError:
        return b"", FlawKind.DAMAGED
