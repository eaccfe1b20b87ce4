"""Bytes of a file to the text in it, or why there is none."""

import re
from collections.abc import Callable

from handlers import mail
from handlers.annex import kinds, packages, plain
from handlers.annex.kinds import OLE, Way
from handlers.annex.shape import CUT, MAX_TEXT, Extracted, NoTextError
from handlers.letter import charset, containers
from handlers.letter.shape import File
from storage.words import Outcome

MAX_DEPTH, MAX_FILES = 3, 20  # of mails in mails, and of the files of one

_LETTER = re.compile(r"[^\W_]")
_BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\ufffe": None, "\uffff": None})
_LINE_END = re.compile(r"[ \t\xa0]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def extracted(payload: bytes, *, content_type: str, name: str = "", depth: int = 1) -> Extracted:
    """Read a file. Never raises for what is wrong with the file; a hostile one may take long or much memory.

    `content_type` is what the file claims to be and `name` its name; its content goes before both.
    """
    try:
        found = tidy(_text(payload, content_type=content_type, name=name, depth=depth))
    except NoTextError as error:
        return Extracted(error.outcome)
    except MemoryError:
        return Extracted(Outcome.TOO_LARGE)
    except (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError, OSError):
        return Extracted(Outcome.DAMAGED)  # a fault of a library is the same to people as one of the file
    return Extracted(Outcome.TEXT, found) if _LETTER.search(found) else Extracted(Outcome.EMPTY)


def tidy(text: str) -> str:
    """Clean a text and take away blanks at line ends and more than one blank line on end; cut to MAX_TEXT."""
    is_long = len(text) > MAX_TEXT
    text = charset.clean(text[:MAX_TEXT]).translate(_BULLETS)
    text = _BLANK_LINES.sub("\n\n", _LINE_END.sub("\n", text)).strip()
    return text[: MAX_TEXT - len(CUT)] + CUT if is_long else text[:MAX_TEXT]


def _text(payload: bytes, *, content_type: str, name: str, depth: int) -> str:
    kind = kinds.kind(payload, content_type=content_type, name=name)
    way = kinds.way(kind, is_ole=payload.startswith(OLE))
    if way is None:
        raise NoTextError(Outcome.UNKNOWN)
    if way is Way.MAIL:
        return _mail(File(name, kind, payload, inline=False), depth=depth)
    return _office(payload, kind) if way is Way.OFFICE else _READERS[way](payload)


def _pdf(payload: bytes) -> str:
    from handlers.annex import pdf  # noqa: PLC0415  a library is loaded by the first file that needs it

    return pdf.text(payload)


def _office(payload: bytes, kind: str) -> str:
    from handlers.annex import office  # noqa: PLC0415

    return office.text(payload, kind=kind)


def _mail(attached: File, *, depth: int) -> str:
    """Give an attached mail: its subject, its text, and the texts of its own files."""
    raw = containers.letter_inside(attached)
    if raw is None:
        raise NoTextError(Outcome.DAMAGED)
    letter = mail.read(raw)
    said = [letter.subject, letter.text]
    if depth < MAX_DEPTH:
        sent = [file for file in letter.files if not file.inline][:MAX_FILES]
        for file in sent:
            found = extracted(file.payload, content_type=file.content_type, name=file.name, depth=depth + 1)
            said.append(found.text)
            if sum(map(len, said)) > MAX_TEXT:
                break
    return "\n\n".join(each for each in said if each)


_READERS: dict[Way, Callable[[bytes], str]] = {
    Way.PDF: _pdf,
    Way.WORD: packages.word,
    Way.WRITER: packages.writer,
    Way.PAGE: plain.page,
    Way.PLAIN: plain.text,
}
