"""The headers of an earlier mail where a mail program wrote them into the text of a later one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MAX_LINES = 5_000
MAX_MARKS = 40
_LONGEST = 1_000  # signs of a line that may still be a header
_MOST_OTHERS = 5
_WRAPPED = {"to": 30, "cc": 30}  # lines that a header may run over; three for any other

_LABELS = {
    "author": "fra from von från van de da frå",
    "sent": "sendt sent gesendet skickat verzonden envoyé enviado",
    "date": "dato date datum fecha data",
    "to": "til to an till aan à para",
    "cc": "cc kopi kopia",
    "subject": "emne subject betreff ämne onderwerp objet asunto",
    "other": "bcc prioritet priority importance vigtighed attachments svar-til reply-to organization",
}
_FIELDS = {word: name for name, words in _LABELS.items() for word in words.split()} | {
    "kopi til": "cc", "vedhæftede filer": "other", "svar til": "other", "reply to": "other",
    "antwort an": "other", "blind kopi": "other",
}  # fmt: skip
_PROVES = frozenset({"date", "to", "cc", "subject"})

_QUOTE = re.compile(r"[ \t\xa0]*(?:[>|][ \t\xa0]?)*")
_HEADER = re.compile(
    r"[*_]{0,2}([^\W\d_]{1,12}(?:[ -][^\W\d_]{1,8})?)[*_]{0,2}[ \t\xa0]?:[*_]{0,2}(.*)\Z", re.DOTALL
)
_NAMES = (
    r"(?:videresend(?:t|te) (?:besked|meddelelse|mail|e-mail|melding)|videresendt af\b[^\n]{0,200}"
    r"|forwarded (?:message|mail)|forwarded by\b[^\n]{0,200}|weitergeleitete (?:nachricht|mail)"
    r"|vidarebefordrat (?:meddelande|mail)|doorgestuurd bericht)"
)
_FORWARD = re.compile(
    rf"(?:[-=*_]{{2,60}}[ \t]*(?:start på |begin )?{_NAMES}[ \t]*:?[ \t]*[-=*_]{{0,60}}"
    rf"|(?:start på (?:den )?|begin |anfang der ){_NAMES}[ \t]*:?|videresendt besked[ \t]*:)\Z",
    re.IGNORECASE,
)
_FOR_ANSWERS_TOO = re.compile(
    r"[-=*_]{2,60}[ \t]*(?:oprindelig (?:meddelelse|besked|mail|e-mail)|original (?:message|mail|e-?mail)"
    r"|ursprüngliche nachricht|ursprungligt meddelande|opprinnelig melding|message d'origine"
    r"|oorspronkelijk bericht)[ \t]*[-=*_]{0,60}\Z|(?:_{10,}|-{10,})\Z",
    re.IGNORECASE,
)
_END = re.compile(
    r"[-=*_ \t]{2,60}(?:slut på|end(?: of)?) (?:den )?(?:videresendt|forwarded)[^\n]{0,60}\Z", re.IGNORECASE
)
_CLOCK = re.compile(r"\d[:.]\d\d")
_WROTE = re.compile(r"\b(?:skrev|wrote|schrieb|a écrit)\b", re.IGNORECASE)
_WHEN = re.compile(r"(?:den|on|am|le|(?:man|tirs|ons|tors|fre|lør|søn)dag)\b[^\n]{0,20}\d", re.IGNORECASE)


class Sign(StrEnum):
    """What shows that an earlier mail begins here."""

    FORWARD = "forward"  # a line that says it is passed on
    BLOCK = "block"  # its headers, alone or below a line that is used for answers too
    ANSWER = "answer"  # 'Den 20. november skrev Karen:'


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an earlier mail begins: its text stands from line `end` on, and `start` is the first not its own.

    `fields` are its headers by name ('author', 'date', 'to', 'cc', 'subject'), values as written. `depth` is
    the number of quote marks before them. `by_program` says that no person wrote them: a letter may open
    with Til, Fra, Dato and Emne too.
    """

    sign: Sign
    start: int
    end: int
    depth: int
    fields: dict[str, str] = field(default_factory=dict)
    by_program: bool = True


@dataclass(slots=True)
class _Block:
    """Headers while they are gathered."""

    first: str = ""
    last: str = ""
    end: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    has_sent: bool = False
    others: int = 0

    def takes(self, name: str) -> bool:
        """Tell whether a header of this name still has its place: each comes once."""
        return _named(name) not in self.fields or (name == "other" and self.others < _MOST_OTHERS)

    def add(self, name: str, value: str) -> None:
        self.first, self.last = self.first or name, name
        self.has_sent = self.has_sent or name == "sent"
        self.others += name == "other"
        self.fields[_named(name)] = value


def bare(line: str) -> str:
    """Give a line without its quote marks and outer white space."""
    found = _QUOTE.match(line)
    return line[found.end() if found else 0 :].strip()


def depth(line: str) -> int:
    """Count the quote marks before a line."""
    found = _QUOTE.match(line)
    return found[0].count(">") + found[0].count("|") if found else 0


def is_end(line: str) -> bool:
    """Tell whether a line says that what was passed on ends here."""
    return bool(_END.match(bare(line)[:200]))


def marks(lines: Sequence[str]) -> Iterator[Mark]:
    """Give the places where earlier mails begin, in order; at most `MAX_MARKS`, in one pass."""
    at, given, set_off, forward = 0, 0, -1, -1  # lines where a dividing line stands with only blanks below it
    while at < min(len(lines), MAX_LINES) and given < MAX_MARKS:
        line = bare(lines[at])
        mark: Mark | None = None
        if not line or len(line) > _LONGEST:
            set_off, forward = (set_off, forward) if not line else (-1, -1)
        elif _FORWARD.match(line):
            mark = _mark(lines, _after_blanks(lines, at + 1), start=at, sign=Sign.FORWARD)
            mark = mark or Mark(Sign.FORWARD, at, at + 1, depth(lines[at]))
        elif _FOR_ANSWERS_TOO.match(line):
            set_off = at
        else:
            start = set_off if set_off >= 0 else at
            mark = _mark(lines, at, start=start, sign=Sign.BLOCK) or _answer(lines, at)
            set_off = -1
        if mark:
            yield mark
            given += 1
        at = mark.end if mark else at + 1


def _mark(lines: Sequence[str], at: int, *, start: int, sign: Sign) -> Mark | None:
    """Read a header block at a line; None when there is none, or too little of one."""
    if at >= len(lines) or _header(lines[at]) is None:
        return None
    block = _gather(lines, at)
    is_set_off = start < at
    if "author" not in block.fields or len(_PROVES & block.fields.keys()) < (1 if is_set_off else 2):
        return None
    by_program = (
        is_set_off
        or (block.first == "author" and block.has_sent)
        or ("@" in block.fields["author"] and bool(_CLOCK.search(block.fields.get("date", "")[:100])))
    )
    return Mark(sign, start, block.end, depth(lines[at]), block.fields, by_program)


def _gather(lines: Sequence[str], at: int) -> _Block:
    block = _Block()
    while at < len(lines):
        header = _header(lines[at])
        if header and block.takes(header[0]):
            block.add(*header)
            block.end = at = at + 1
            continue
        following = _next_header(lines, at, block)
        if following < 0:
            break
        rest = " ".join(filter(None, map(bare, lines[at:following])))
        block.fields[_named(block.last)] = f"{block.fields[_named(block.last)]} {rest}".strip()
        at = following
    return block


def _next_header(lines: Sequence[str], at: int, block: _Block) -> int:
    """Find where the block goes on after a wrapped value or one blank line; -1 when it is at its end."""
    is_gap = not bare(lines[at])
    reach = 2 if is_gap and block.fields[_named(block.last)] else 1 + _WRAPPED.get(block.last, 3)
    for place in range(at + 1, min(at + reach, len(lines))):
        header = _header(lines[place])
        if header:
            goes_on = block.takes(header[0]) and not (is_gap and header[0] == "other")
            return place if goes_on else -1
        if not bare(lines[place]):
            return -1
    return -1


def _header(line: str) -> tuple[str, str] | None:
    """Read one line as a header: the name of its field ('author', 'sent', …) and its value."""
    if ":" not in line[:60]:
        return None
    found = _HEADER.match(bare(line)[:_LONGEST])
    name = _FIELDS.get(found[1].lower()) if found else None
    return (name, found[2].strip(" \t\xa0*_")) if found and name else None


def _named(name: str) -> str:
    return "date" if name == "sent" else name


def _after_blanks(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not bare(lines[at]):
        at += 1
    return at


def _answer(lines: Sequence[str], at: int) -> Mark | None:
    """Recognise 'Den 20. november 2025 kl. 9.00 skrev Karen <…>:', which may be wrapped once."""
    line = bare(lines[at])
    wrote = _WROTE.search(line[:300])
    if not wrote:
        return None
    following = bare(lines[at + 1]) if at + 1 < len(lines) else ""
    is_whole = line.endswith(":")
    if not is_whole and not (following.endswith(":") and len(following) < 200):
        return None
    if not (_WHEN.match(line) or "@" in line or wrote.start() == 0 or following.startswith("<")):
        return None
    said = line if is_whole else f"{line} {following}"
    before, after = said[: wrote.start()].strip(" ,"), said[wrote.end() :].strip(" :")
    date, author = (before, after) if _WHEN.match(line) or not before else (after, before)
    end = at + (1 if is_whole else 2)
    return Mark(Sign.ANSWER, at, end, depth(lines[at]), {"author": author, "date": date})
