"""The numbers of submissions and of heard parties that people typed in a text, and whether they are right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from handlers.notat.finding import Finding, Lack
from handlers.notat.order import numbered
from handlers.notat.passages import Passage
from handlers.notat.texts import heard_count
from storage.dossier import Dossier
from storage.words import TextName
from templates import HERE

_WORDS = tomllib.loads((HERE / "counts.toml").read_text(encoding="utf-8"))
_VALUES: Mapping[str, int] = {
    **{word: value for value, word in enumerate(_WORDS["numbers"].split())},
    **dict.fromkeys(_WORDS["one"].split(), 1),
}
_TEXTS = frozenset(TextName)
_LONGEST = 60
_NEAR = r"\b[^.\d]{0,40}?"  # the rest of a sentence, up to its first number


def _any(words: str | Iterable[str]) -> str:
    listed = words.split() if isinstance(words, str) else words
    return rf"(?:{'|'.join(map(re.escape, listed))})\b"


_NUMBER = (
    rf"(?<![\w.,-])(\d{{1,3}}(?:\.\d{{3}})+(?![\d.]*\d)|\d{{1,6}}(?![.,]?\d)|{'|'.join(_VALUES)})"
    rf"\s+(?:{_any(_WORDS['between'])}\s+)?"
)
_IN, _ASKED = _WORDS["received"], _WORDS["heard"]
_RECEIVED = re.compile(
    rf"\b{_any(_IN['verbs'])}{_NEAR}{_NUMBER}{_any(_IN['counted'])}"
    rf"|\b{_any(_IN['verbs'])}{_NEAR}{_any(_IN['counted'])}\s+{_any(_IN['links'])}\s+"
    rf"(?:{_any(_WORDS['between'])}\s+)?{_NUMBER}{_any(_IN['senders'])}"
    rf"|{_NUMBER}{_any(_IN['counted'])}\s+(?:\w+\s+)?{_any(_IN['verbs'])}",
    re.IGNORECASE,
)
_HEARD = re.compile(
    rf"\b{_any(_ASKED['verbs'])}{_NEAR}{_NUMBER}{_any(_ASKED['counted'])}"
    rf"|{_NUMBER}{_any(_ASKED['counted'])}\s+{_any(_ASKED['after'])}",
    re.IGNORECASE,
)


def typed(read: Iterable[Passage], dossier: Dossier) -> Iterator[Finding]:
    """Yield where a number that somebody typed in a text of the hearing is not the counted one."""
    ordered, heard = tuple(numbered(dossier)), heard_count(dossier)
    senders = len({filed.party.id for _, filed in ordered})
    counts = ((_RECEIVED, len(ordered), senders), (_HEARD, heard, heard))
    for passage in (each for each in read if each.about.where in _TEXTS):
        for pattern, count, or_else in counts:
            for found in pattern.finditer(passage.said):
                if _value(found) not in {count, or_else}:
                    words = " ".join(found[0].split())[-_LONGEST:]
                    yield replace(passage.found(Lack.TYPED_NUMBER, words=words), count=count)


def _value(found: re.Match[str]) -> int:
    number = next(group for group in found.groups() if group).casefold()
    return _VALUES[number] if number in _VALUES else int(number.replace(".", ""))
