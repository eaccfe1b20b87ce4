"""The appendix, or a part of it, as a tagged PDF in which the sheets of files have pages, still empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import typst

from handlers.appendix.placing import Files, Placed
from handlers.appendix.shape import Appendix, Entry, Message
from handlers.content import clean
from handlers.notat.shape import Fact
from handlers.render.fonts import FAMILIES, breakable, readable
from handlers.render.pdf import shipped_fonts
from handlers.render.words import TEMPLATES
from templates import say

_WORDS = "notat/appendix.j2"
_LONGEST_NAME = 70  # signs of a file's name above its first page
_MOST_TEXT = 200_000  # signs of a file that is printed as text


class Part(StrEnum):
    """What is set at once: all of it, what stands before the submissions, or some of these."""

    WHOLE = "whole"
    FRONT = "front"
    VOLUME = "volume"


def base(appendix: Appendix, files: Files, *, at: datetime, part: Part = Part.WHOLE) -> bytes:
    """Set all of a part but the sheets; the same content and moment (aware) give the same bytes.

    On the page of sheet N stands an empty Figure whose Alt is `ark:N`.
    """
    return compiled("appendix.typ", values(appendix, files, part=part), at=at)


def values(appendix: Appendix, files: Files, *, part: Part = Part.WHOLE) -> dict[str, Any]:
    """What the template of the appendix prints, as JSON values."""
    entries = [_entry(entry, files[entry.number]) for entry in appendix.entries]
    before = {} if part == Part.VOLUME else _front(appendix, files)
    return _head(appendix) | before | {"part": part, "entries": entries}


def front(appendix: Appendix, files: Files, *, pages: Sequence[int], at: datetime) -> bytes:
    """What stands before the submissions, when these begin on `pages`.

    Its ways to submission N lead to `bilag:N`.
    """
    entries = [
        {"number": entry.number, "heading": heading(entry), "page": page}
        for entry, page in zip(appendix.entries, pages, strict=True)
    ]
    told = _head(appendix) | _front(appendix, files) | {"part": Part.FRONT, "entries": entries}
    return compiled("appendix.typ", told, at=at)


def compiled(template: str, told: dict[str, Any], *, at: datetime, tags: bool = True) -> bytes:
    """A PDF of values by a template of ours."""
    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=shipped_fonts(),
        sys_inputs={"appendix": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"] if tags else [],
        pdf_tags=tags,
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


def alt(each: Placed, place: int, *, words: str) -> str:
    """What is said in place of a sheet that is a picture."""
    told = _say("sheet_alt", name=each.file.name, page=place + 1, pages=len(each.places), words=words)
    return clean(told)


def _say(phrase: str, **values: object) -> str:
    return say(_WORDS, phrase, **values)


def _head(appendix: Appendix) -> dict[str, Any]:
    return {
        "fonts": FAMILIES,
        "title": _shown(appendix.title),
        "document_title": _shown(
            _say("document_title", title=appendix.title, edition=appendix.edition.value)
        ),
        "case_label": _shown(appendix.case_label),
        "edition": _say("edition", edition=appendix.edition.value),
    }


def _front(appendix: Appendix, files: Files) -> dict[str, Any]:
    unshown = [
        (entry, each) for entry in appendix.entries for each in files[entry.number] if not each.is_shown
    ]
    total = sum(map(len, files.values()))
    counts = (
        Fact(_say("submissions_label"), _say("submissions", count=len(appendix.entries))),
        Fact(_say("files_label"), _say("files", count=total, unshown=len(unshown))),
    )
    return {
        "owner": _shown(appendix.owner),
        "facts": _facts((*appendix.facts, *counts)),
        "lead": _paragraphs(_lead(appendix)),
        "contents_heading": _say("contents_heading"),
        "unshown_heading": _say("unshown_heading"),
        "unshown_lead": _paragraphs(_say("unshown_lead", count=len(unshown))) if unshown else [],
        "unshown": [
            {"number": entry.number, "entry": _say("stamp", number=entry.number), "line": _line(each)}
            for entry, each in unshown
        ],
    }


def _lead(appendix: Appendix) -> str:
    return _say(
        "lead", edition=appendix.edition.value, count=len(appendix.entries), version=appendix.numbered_as
    )


def heading(entry: Entry) -> str:
    """What stands over a submission."""
    return _shown(_say("heading", number=entry.number, name=entry.name))


def _entry(entry: Entry, files: tuple[Placed, ...]) -> dict[str, Any]:
    return {
        "number": entry.number,
        "heading": heading(entry),
        "stamp": _say("stamp", number=entry.number),
        "messages": [_message(message) for message in entry.messages],
        "files_heading": _say("files_heading", count=len(files)),
        "files": [_file(entry, each) for each in files],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "heading": _shown(message.heading),
        "facts": _facts(message.facts),
        "paragraphs": _paragraphs(message.text) or [_say("no_text")],
    }


def _file(entry: Entry, each: Placed) -> dict[str, Any]:
    file = each.file
    return {
        "line": _line(each),
        "detail": _detail(each),
        "heading": _shown(_say("file_heading", number=file.number, name=_shortened(file.name))),
        "paragraphs_lead": _say("text_lead"),
        "paragraphs": list(_text(each.text)),
        "sheets": [
            {
                "number": place.number,
                "wide": place.sheet.is_wide,
                "stamp": _say(
                    "sheet_stamp", entry=entry.number, file=file.number, page=page, pages=len(each.places)
                ),
            }
            for page, place in enumerate(each.places, 1)
        ],
    }  # fmt: skip


def _text(text: str) -> Iterator[str]:
    """The paragraphs of a file; of a very long one the lines that find room, and that it goes on."""
    if len(text) <= _MOST_TEXT:
        yield from _paragraphs(text)
        return
    yield from _paragraphs(text[: text.rfind("\n", 0, _MOST_TEXT) + 1 or _MOST_TEXT])
    yield _say("text_rest")


def _line(each: Placed) -> str:
    file = each.file
    phrase = "shown" if each.places else "as_text" if each.text else "unshown"
    more = {"pages": len(each.places)} if each.places else {}
    return _shown(_say(phrase, number=file.number, name=file.name, **more))


def _detail(each: Placed) -> str:
    if each.why is None:
        return ""
    file = each.file
    told = _say(
        "detail", why_word=each.why.value, content_type=file.content_type, bytes=file.size, sha256=file.sha256
    )
    return _shown(told)


def _facts(facts: Iterable[Fact]) -> list[dict[str, str]]:
    return [{"label": _shown(fact.label), "value": _shown(_on_one_line(fact.value))} for fact in facts]


def _paragraphs(text: str) -> list[str]:
    return list(_parted(clean(text)))


def _parted(text: str) -> Iterator[str]:
    """The paragraphs of a mail with their lines as they were broken; a blank line parts two."""
    for each in re.split(r"\n(?:[ \t]*\n)+", text):
        lines = [" ".join(line.split()) for line in each.split("\n")]
        if words := "\n".join(lines).strip("\n"):
            yield _shown(words)


def _on_one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 13]}…{name[-12:]}"


def _shown(text: str) -> str:
    return breakable(readable(clean(text)))
