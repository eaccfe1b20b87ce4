"""Which of several titles a subject or the beginning of a text names, in whatever inflection."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.routing.danish import clean, stem

_WORD = re.compile(r"[^\W\d_]+|\d+")
_JOINT = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011](?=[^\W\d_])")
_LONG_WORD = 80
_LONG_STEM = 6  # signs; a compound that begins with a shorter one may mean anything
_SLACK = 6  # words that may come between those of a title, besides as many as it has
_NUMBERED = frozenset({"nr", "nummer"})
_TELLS_NOTHING = _NUMBERED | frozenset(
    stem(word)
    for word in (
        *("forslag", "forslaget", "udkast", "høring", "høringen", "hørings", "kommune", "kommunes"),
        *("offentlig", "ny", "nye", "nyt", "til", "for", "fra", "om", "i", "af", "på", "og", "ved", "med"),
        *("samt", "den", "det", "de", "en", "et", "vedr", "vedrørende", "ang", "angående"),
    )
)
_DATED = frozenset(
    stem(word)
    for word in (
        *("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september"),
        *("oktober", "november", "december", "kl", "klokken", "uge", "kvartal"),
    )
)
_Call = tuple[str, str]
"""A word and the number after it, as in lokalplan nr. 412: what a plan is called for short."""


@dataclass(frozen=True, slots=True)
class _Title:
    """A title by the stems of its telling words; `width` is within how many words they are to stand."""

    telling: frozenset[str]
    calls: frozenset[_Call]
    width: int


@dataclass(frozen=True, slots=True)
class _Match:
    """The words of a title that are spoken, and whether they are all of them."""

    words: frozenset[str]
    whole: bool


class Spoken:
    """A text by the stems of its words and where each stands; `least` telling words make a title named."""

    def __init__(self, text: str, *, least: int) -> None:
        stems = _stems(text)
        self._least = least
        self._calls = _calls(stems)
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(stems):
            self._places.setdefault(word, []).append(place)

    def match(self, text: str) -> _Match | None:
        """Tell which words of a title stand close together; None where it is not named.

        Nearly all will do: of every five words, one that is no number may be missing. So will one word with
        its number.
        """
        title = _title(text)
        heard = {word: places for word in title.telling if (places := self._heard(word))}
        close = _closest(heard, width=title.width)
        called = frozenset(itertools.chain.from_iterable(title.calls & self._calls))
        missing = title.telling - close
        nearly = len(missing) <= len(title.telling) // 5 and not any(map(str.isdigit, missing))
        if called or (nearly and len(close) >= self._least):
            return _Match(close | called, whole=not missing)
        return None

    def _heard(self, word: str) -> Sequence[int]:
        """Where a word stands, or a compound that begins with it: of lokalplan, lokalplanforslag."""
        if word in self._places or len(word) < _LONG_STEM or word.isdigit():
            return self._places.get(word, ())
        return [place for other, places in self._places.items() if other.startswith(word) for place in places]


def named(spoken: Spoken, titles: Iterable[str]) -> frozenset[str]:
    """Give the titles that are named. One whose words all serve another, fuller or truer one, is not."""
    matches = {title: match for title in dict.fromkeys(titles) if (match := spoken.match(title))}
    return frozenset(title for title, match in matches.items() if not _is_outdone(match, matches))


def _is_outdone(match: _Match, matches: Mapping[str, _Match]) -> bool:
    return any(
        match.words < other.words or (match.words == other.words and other.whole and not match.whole)
        for other in matches.values()
    )


def _closest(heard: Mapping[str, Sequence[int]], *, width: int) -> frozenset[str]:
    """The most of the words that stand within `width` words of each other."""
    standing = sorted((place, word) for word, places in heard.items() for place in places)
    within: dict[str, int] = {}
    best: frozenset[str] = frozenset()
    first = 0
    for place, word in standing:
        within[word] = within.get(word, 0) + 1
        while standing[first][0] <= place - width:
            _leave(standing[first][1], within)
            first += 1
        if len(within) > len(best):
            best = frozenset(within)
    return best


def _leave(word: str, within: dict[str, int]) -> None:
    within[word] -= 1
    if not within[word]:
        del within[word]


@lru_cache(maxsize=1_000)
def _title(text: str) -> _Title:
    stems = _stems(text)
    telling = frozenset(stems) - _TELLS_NOTHING or frozenset(stems)
    return _Title(telling, _calls(stems), width=2 * len(stems) + _SLACK)


def _calls(stems: Sequence[str]) -> frozenset[_Call]:
    """Words with the number that follows, with or without nr. between them; dates are none."""
    bare = [word for word in stems if word not in _NUMBERED]
    return frozenset(
        (word, number)
        for word, number in itertools.pairwise(bare)
        if number.isdigit() and not word.isdigit() and word not in _TELLS_NOTHING | _DATED
    )


def _stems(text: str) -> list[str]:
    words = _WORD.findall(_JOINT.sub("", clean(text).lower()))
    return [
        (word.lstrip("0") or "0") if word.isdigit() else stem(word)
        for word in words
        if len(word) <= _LONG_WORD
    ]
