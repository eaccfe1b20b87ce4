"""Mail passed on: who wrote it first, when, and what it said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.letter import (
    addresses,
    charset,
    containers,
    content,
    dates,
    header_blocks,
    notes,
    parts,
    words,
    written_dates,
)
from handlers.letter.header_blocks import Mark, Sign
from handlers.letter.parts import Part
from handlers.letter.shape import File, Forwarded, Mailbox

_TAG = r"(?:\[(?!fwd)[^\]\n]{0,60}\]\s{0,3}|\*{2,5}[^*\n]{1,30}\*{2,5}\s{0,3}){0,3}"  # '[EKSTERN] VS: …'
_PASSED_ON = re.compile(
    rf"{_TAG}\[?(?:vs|fwd?|wg|vb|doorst|videresendt?|videresendelse|weitergeleitet)(?:\[\d\])?\s?:",
    re.IGNORECASE,
)
_ANSWERED = re.compile(rf"{_TAG}(?:sv|re|aw|antw|antwort)(?:\[\d\])?\s?:", re.IGNORECASE)
_LABELS = ("Fra:", "From:", "Von:", "Från:", "Fra*:", "From*:", "Fra :", "From :", "FRA:", "FROM:")
_WORDS = ("ideresend", "orwarded", "eitergeleitete", "idarebefordra")
_HEAD = 2_000  # signs within which a mail without any word of being passed on must turn out to be so
_SHORT_NOTE = 500
_BESIDE_A_FILE = 150  # signs of a note beside an attached mail, where the subject says nothing
_DEEPEST = 5
_MAILTO = re.compile(r"[\[(<]\s{0,3}mailto:([^\s\])>]{1,320})\s{0,3}[\])>]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\Z")


@dataclass(frozen=True, slots=True)
class _Attached:
    """A mail within a mail."""

    root: Part
    text: str
    files: tuple[File, ...]


def says_so(subject: str) -> bool:
    """Tell whether a subject says that the mail is passed on ('VS:', 'Fwd:')."""
    return bool(_PASSED_ON.match(subject))


def passed_on(subject: str, text: str, *, files: Sequence[File], answers: bool) -> Forwarded | None:
    """Find the mail that a mail passes on, the innermost where those on the way only passed it on.

    `answers` tells that the mail's headers name one that it answers. An answer above its history passes
    nothing on. None when nothing is passed on, or nothing can be found.
    """
    return _passed_on(subject, text, files=files, answers=answers, level=0)


def _passed_on(
    subject: str, text: str, *, files: Sequence[File], answers: bool, level: int
) -> Forwarded | None:
    inner = _only_mail(files) if level < _DEEPEST else None
    if inner and inner.text == text:
        text = ""  # a mail without words of its own is read as saying what the one within says
    answers = answers or bool(_ANSWERED.match(subject))
    if _may_hold_one(subject, text, answers=answers):
        lines = text.split("\n")
        if found := _in_text(subject, lines, answers=answers):
            return _told(lines, *found)
    return _in_file(inner, subject=subject, text=text, level=level) if inner else None


def _may_hold_one(subject: str, text: str, *, answers: bool) -> bool:
    """Spare most mails the search: in an answer only a word of passing on can tell of a forward."""
    if says_so(subject) or any(word in text for word in _WORDS):
        return True
    return not answers and any(label in text[:_HEAD] for label in _LABELS)


def _in_text(subject: str, lines: Sequence[str], *, answers: bool) -> tuple[Mark, Mark] | None:
    """Find where the passed-on mail begins, and where the innermost of those that only pass on does."""
    found = list(header_blocks.marks(lines))
    first = _outermost(found) if says_so(subject) else _unannounced(found, lines, answers=answers)
    if first is None:
        return None
    return first, _innermost(found[found.index(first) :], lines)


def _outermost(found: Sequence[Mark]) -> Mark | None:
    """Take the first that a program wrote; some only write 'Den 20. november skrev Karen:' above it."""
    told = [mark for mark in found if mark.sign is not Sign.ANSWER]
    return next((mark for mark in told if mark.by_program), next(iter([*told, *found]), None))


def _unannounced(found: Sequence[Mark], lines: Sequence[str], *, answers: bool) -> Mark | None:
    """Judge a mail whose subject does not say that it is passed on, by the first sign of an earlier one."""
    for mark in found:
        if mark.sign is Sign.FORWARD and not header_blocks.depth(lines[mark.start]):
            return mark
        if mark.sign is Sign.ANSWER or mark.depth or answers:
            return None
        if mark.sign is Sign.BLOCK and mark.by_program:
            note = notes.said("\n".join(lines[: mark.start]))
            return mark if len(note) <= _SHORT_NOTE else None
    return None


def _innermost(found: Sequence[Mark], lines: Sequence[str]) -> Mark:
    mark = found[0]
    for inner in found[1:]:
        above = "\n".join(lines[mark.end : inner.start])
        if inner.sign is Sign.ANSWER or not inner.by_program or not _only_passes_on(mark, inner, above):
            return mark
        mark = inner
    return mark


def _only_passes_on(mark: Mark, inner: Mark, above: str) -> bool:
    subject = mark.fields.get("subject", "")
    if _ANSWERED.match(subject):
        return False
    if not notes.said(above):
        return True
    return (says_so(subject) or inner.sign is Sign.FORWARD) and notes.passes_on(above)


def _told(lines: Sequence[str], first: Mark, inner: Mark) -> Forwarded:
    return Forwarded(
        author=author(inner.fields.get("author", "")),
        subject=words.decode(inner.fields.get("subject", "")[:1_000]),
        date=written_dates.moment(inner.fields.get("date", "")),
        text=_below(lines, inner),
        note="\n".join(lines[: first.start]).strip("\n"),
        attached=False,
    )


def author(written: str) -> Mailbox:
    """Read a sender as it stands in a text: 'Karen <k@x>', 'Karen [mailto:k@x]', '"Karen" k@x', 'Karen'."""
    plain = _MAILTO.sub(r"<\1>", written[:2_000]).replace("*", "")
    boxes = list(addresses.mailboxes(plain.encode("utf-8", "replace")))
    for box in boxes:
        if _ADDRESS.match(box.address):
            return Mailbox(box.name, box.address)
    return Mailbox(boxes[0].name if boxes else "", "")


def _below(lines: Sequence[str], mark: Mark) -> str:
    """Give the text under a mark, without the quote marks that it shares with the mark or has for it."""
    kept: list[str] = []
    depth = mark.depth
    if mark.sign is Sign.ANSWER:
        depth = max(depth, *(header_blocks.depth(line) for line in lines[mark.end : mark.end + 2]), 0)
    for line in lines[mark.end :]:
        if header_blocks.is_end(line):
            break
        if depth and line.strip() and not header_blocks.depth(line) and kept and not kept[-1].strip():
            break  # the forwarder goes on in words of their own
        kept.append(_unquoted(line, depth))
    return "\n".join(kept).strip("\n")


def _unquoted(line: str, depth: int) -> str:
    for _ in range(depth):
        stripped = line.lstrip(" \t\xa0")
        if not stripped.startswith((">", "|")):
            break
        line = stripped[1:].removeprefix(" ")
    return line


def _only_mail(files: Sequence[File]) -> _Attached | None:
    mails = [file for file in files if file.content_type in containers.ATTACHED]
    raw = containers.letter_inside(mails[0]) if len(mails) == 1 else None
    if raw is None:
        return None
    root = parts.split(raw, [])
    return _Attached(root, *content.gather(root, []))


def _in_file(inner: _Attached, *, subject: str, text: str, level: int) -> Forwarded | None:
    """Take an attached mail for the one that is passed on, where the mail itself says next to nothing."""
    most = notes.MOST if says_so(subject) else _BESIDE_A_FILE
    if len(notes.said(text)) > most and not notes.passes_on(text):
        return None
    note, title, date = text.strip("\n"), _text(inner.root, "subject"), _text(inner.root, "date")
    found = _passed_on(title, inner.text, files=inner.files, answers=True, level=level + 1)
    if found and notes.passes_on(found.note):
        return replace(found, note=note, attached=True)
    return Forwarded(
        author=_sender(inner.root),
        subject=title[:1_000],
        date=dates.moment(date) if date else None,
        text=inner.text,
        note=note,
        attached=True,
    )


def _text(root: Part, name: str) -> str:
    value = root.header(name)[:10_000]
    return words.text(value, "" if value.isascii() else root.foreign_charset())


def _sender(root: Part) -> Mailbox:
    name = ""
    for header in ("from", "reply-to", "sender"):
        value = root.header(header)[:10_000]
        hint = "" if value.isascii() else root.foreign_charset()
        for box in addresses.mailboxes(value, hint):
            if _ADDRESS.match(box.address):
                return Mailbox(name or box.name, box.address)
            name = name or box.name
    return Mailbox(charset.clean(name), "")
