"""What we make of a mail, told in full for an operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import quoting
from handlers.annex.shape import Extracted
from handlers.mail import File, Letter
from storage import blobs

Texts = Mapping[str, Extracted]
"""What files say, by the SHA-256 of their bytes."""


def account(letter: Letter, texts: Texts) -> dict[str, Any]:
    """JSON values; empty where the mail says nothing.

    `text` is all that it says and `reply` what was written now; `date` is ISO 8601; ids have their brackets.
    A file's `content_type` is what the mail claims, and `detected_type` what we take it for.
    """
    bounce, forwarded = letter.bounce, letter.forwarded
    return {
        "subject": letter.subject,
        "sender_email": letter.sender.address,
        "sender_name": letter.sender.name,
        "reply_to": letter.reply_to.address if letter.reply_to else "",
        "message_id": letter.message_id,
        "date": letter.date.isoformat() if letter.date else "",
        "references": list(letter.references),
        "kind": letter.kind.value,
        "may_ack": letter.may_acknowledge,
        "bounce": bounce
        and {"status": bounce.status, "reason": bounce.reason, "recipient": bounce.recipient},
        "forwarded_from_email": forwarded.author.address if forwarded else "",
        "forwarded_from_name": forwarded.author.name if forwarded else "",
        "text": letter.text,
        "reply": quoting.cut(letter).text,
        "attachments": [_file(file, texts) for file in letter.files],
        "flaws": [f"{flaw.what}: {flaw.where}" for flaw in letter.flaws],
    }


def _file(file: File, texts: Texts) -> dict[str, Any]:
    said = texts.get(blobs.name_of(file.payload))
    return {
        "name": file.name,
        "content_type": file.claimed or file.content_type,
        "detected_type": file.content_type,
        "size": len(file.payload),
        "inline": file.inline,
        "text": said.text if said else "",
        "outcome": said.outcome.value if said else "",
        "attachments": [_file(each, texts) for each in file.inside],
    }
