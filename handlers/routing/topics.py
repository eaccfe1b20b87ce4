"""Which topics a Danish sentence speaks of: whole words by their stem, compounds by their parts.

A topic is spoken of *as itself* when its word stands alone in any inflection, when a phrase of several words
stands so, or when it is the last part of a compound, for the last part says what the thing is:
"cykelparkering" is parkering. It is *touched* when it is an earlier part ("skolevej" has to do with skole),
or a last part so short (three letters) that chance may have put it there. Shorter topics are found alone, so
that "by" is never heard in "byder". "ae", "oe" and "aa" are read as "æ", "ø" and "å".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.routing.danish import clean, fold, stem

Topic = tuple[str, ...]
"""A topic by the folded stems of its words."""
AS_ITSELF, TOUCHED = 1.0, 0.5

_HYPHEN = "-\u2010\u2011"
_HYPHENS = re.compile(f"[{_HYPHEN}]")
_WORD = re.compile(rf"[{_HYPHEN}]?[^\W_]+(?:[{_HYPHEN}][^\W_]+)*[{_HYPHEN}]?")
_JOINING = frozenset({"og", "eller", "samt"})
_DERIVED = (
    *("lig", "ig", "isk", "isme", "ist", "ering", "erer", "ered", "erend", "ere", "ning", "else", "ende"),
    *("som", "hed", "eri", "bar"),
)
_OTHER_ENDINGS = ("erer", "ered", "erend", "lig", "ig")
"""Endings that Snowball takes off though they make another word: parkerer is no park, naturlig no natur."""
_OTHER_WORDS = frozenset({"for", "sig", "tran", "eks", "mis", "und", "koeben", "over", "under"})
"""Beginnings that make another word of an ending: forældre, signatur, transport, København, overvej."""
_LONG_WORD = 80
_REMEMBERED = 25_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic met in a sentence; `place` is the index of the word that speaks."""

    place: int
    topic: Topic
    strength: float


@dataclass(frozen=True, slots=True)
class _Noun:
    """A topic of one word: its stem and its folded form. One only `near` it is no part of compounds."""

    topic: Topic
    stem: str
    form: str
    near: bool = False

    def speaks(self, word: str, at: int, *, stemmed: str) -> float:
        """Return how strongly a folded word speaks of this, whose stem begins `at` a place; 0: not at all."""
        if stemmed[at:] == self.stem and word[:at] in {"", "u"}:
            other = word[at + len(self.stem) :].startswith(_OTHER_ENDINGS)
            same = self.form[len(self.stem) :].startswith(_OTHER_ENDINGS)
            return 0.0 if other and not same else AS_ITSELF
        return self.within(word, at, stemmed=stemmed) if len(self.stem) > 2 and not self.near else 0.0

    def within(self, word: str, at: int, *, stemmed: str) -> float:
        """Return how strongly a folded word speaks of this as its part from `at` on; 0 when not at all."""
        if at == 0:
            return TOUCHED if self._leads(word) else 0.0
        front = word[:at]
        if front in _OTHER_WORDS or len(front) < 3:
            return 0.0
        if stemmed[at:] == self.stem:
            if len(self.stem) > 3:
                return AS_ITSELF
            return TOUCHED if len(front) > 3 else 0.0
        inner = len(self.stem) > 5 and _carries_on(word[at + len(self.stem) :])
        return TOUCHED if inner else 0.0

    def _leads(self, word: str) -> bool:
        """Say whether the word is a compound that begins with this: as written, or its stem and a link."""
        if len(self.form) > 3 and word.startswith(self.form):
            return _carries_on(word[len(self.form) :])
        rest = word[len(self.stem) :]
        return len(self.stem) > 3 and (len(self.stem) > 4 or rest[:1] in {"e", "s"}) and _carries_on(rest)


def _is_suspended(word: str) -> bool:
    """Say whether a hyphen at an end of the word stands for a part that is left out."""
    return not (word[0].isalnum() and word[-1].isalnum())


def _carries_on(rest: str) -> bool:
    """Say whether what follows may be another part of a compound, and no mere ending."""
    return len(rest) > 2 and not rest.startswith(_DERIVED)


def topic(text: str) -> Topic:
    """Return the topic that a text of one or more words names; () when it holds no word."""
    return tuple(stem(word) for word in _spelt(text))


def words(chunk: str) -> list[str]:
    """Return the words of a text in lower case; hyphens inside and at the ends stay."""
    return _WORD.findall(chunk.lower())


def _spelt(text: str) -> list[str]:
    return [_HYPHENS.sub("", word) for word in words(clean(text))]


@dataclass(frozen=True, slots=True)
class _Known:
    """What one word says by itself; `stem` is "" when no topic has such a stem."""

    stem: str
    hits: tuple[tuple[Topic, float], ...]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What stands between blanks; it `tells` when a word of it says something, or may with its neighbours."""

    words: tuple[str, ...]
    tells: bool


class Vocabulary:
    """Topics made ready to be looked for. It remembers words it has met, which changes no answer."""

    def __init__(self, topics: Iterable[str]) -> None:
        self._nouns: defaultdict[str, list[_Noun]] = defaultdict(list)
        self._phrases: defaultdict[str, list[Topic]] = defaultdict(list)
        self._before: defaultdict[str, list[tuple[str, Topic]]] = defaultdict(list)
        self._after: defaultdict[str, list[tuple[str, Topic]]] = defaultdict(list)
        self._starts: set[str] = set()
        self._met: dict[str, _Known] = {}
        self._chunks: dict[str, _Chunk] = {}
        for text in sorted(set(topics)):
            self._learn(_spelt(text))

    def hits(self, chunks: Sequence[str]) -> Iterator[Hit]:
        """Yield every topic met in a sentence, given as its words with their signs."""
        met = [self._chunk(chunk) for chunk in chunks]
        if not any(chunk.tells for chunk in met):
            return
        spoken = [(place, word) for place, chunk in enumerate(met) for word in chunk.words]
        number = 0
        for chunk in met:
            if chunk.tells:
                for at in range(number, number + len(chunk.words)):
                    yield from self._hits_at(spoken, at)
            number += len(chunk.words)

    def _hits_at(self, spoken: Sequence[tuple[int, str]], number: int) -> Iterator[Hit]:
        place, word = spoken[number]
        known = self._know(word)
        for found, strength in known.hits:
            yield Hit(place, found, strength)
        if known.stem in self._phrases:
            yield from self._phrases_at(spoken, number)
        if _is_suspended(word):
            near = [each for _, each in spoken[max(0, number - 2) : number + 3]]
            for found in self._suspended(near, min(number, 2)):
                yield Hit(place, found, AS_ITSELF)

    def _chunk(self, chunk: str) -> _Chunk:
        met = self._chunks.get(chunk)
        if met is None:
            met = self._split(chunk)
            if len(self._chunks) >= _REMEMBERED:
                self._chunks.clear()
            if len(chunk) <= _LONG_WORD:
                self._chunks[chunk] = met
        return met

    def _split(self, chunk: str) -> _Chunk:
        found = tuple(words(chunk))
        return _Chunk(found, any(self._may_tell(word) for word in found))

    def _may_tell(self, word: str) -> bool:
        known = self._know(word)
        return bool(known.hits) or known.stem in self._phrases or _is_suspended(word)

    def _learn(self, spelt: Sequence[str]) -> None:
        found = tuple(stem(word) for word in spelt)
        self._starts.update(part[:3] for part in found)
        if len(found) > 1:
            self._phrases[found[0]].append(found)
        elif found:
            self._learn_noun(found, fold(spelt[0]))

    def _learn_noun(self, found: Topic, form: str) -> None:
        nouns = [_Noun(found, found[0], form)]
        if found[0].endswith("hed"):
            adjective = stem(found[0].removesuffix("hed"))
            nouns.append(_Noun(found, adjective, adjective, near=True))
            self._starts.add(adjective[:3])
        for noun in nouns:
            self._nouns[noun.stem[:3]].append(noun)
        for cut in range(2, len(found[0]) - 2):
            self._before[found[0][:cut]].append((found[0][cut:], found))
            self._after[found[0][cut:]].append((found[0][:cut], found))

    def _know(self, word: str) -> _Known:
        known = self._met.get(word)
        if known is None:
            known = self._read(word)
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            if len(word) <= _LONG_WORD:
                self._met[word] = known
        return known

    def _read(self, word: str) -> _Known:
        """Read one word; a hyphen joins parts, of which the last says what the thing is."""
        if len(word) > _LONG_WORD:
            return _Known("", ())
        *first, last = parts = [part for part in _HYPHENS.split(word) if part]
        whole = "".join(parts)
        best: dict[Topic, float] = {}
        _keep(best, self._alone(whole))
        for part in first:
            _keep(best, ((found, min(TOUCHED, strength)) for found, strength in self._alone(part)))
        _keep(best, self._alone(last) if first else ())
        starts = fold(whole[:3])[:3]
        gated = starts in self._starts or starts[:2] in self._starts or starts[:1] in self._starts
        return _Known(stem(whole) if gated else "", tuple(best.items()))

    def _alone(self, word: str) -> Iterator[tuple[Topic, float]]:
        """Yield what a word without hyphens speaks of, whole or in parts."""
        folded = fold(word)
        for at in range(len(folded)):
            for size in (3, 2, 1) if at == 0 else (3,):
                for noun in self._nouns.get(folded[at : at + size], ()):
                    if folded.startswith(noun.stem, at):
                        yield noun.topic, noun.speaks(folded, at, stemmed=stem(word))

    def _phrases_at(self, spoken: Sequence[tuple[int, str]], number: int) -> Iterator[Hit]:
        for phrase in self._phrases[self._know(spoken[number][1]).stem]:
            following = [self._know(word).stem for _, word in spoken[number : number + len(phrase)]]
            if tuple(following) == phrase:
                yield Hit(spoken[number][0], phrase, AS_ITSELF)

    def _suspended(self, near: Sequence[str], here: int) -> Iterator[Topic]:
        """Yield topics of which a part is left out: "børne- og ungeliv", "livsvilkår og -muligheder"."""
        word = near[here]
        bare = fold(word.strip(_HYPHEN))
        if not word[-1].isalnum():
            following = [each for each in near[here + 1 :] if each not in _JOINING][:1]
            for other in following:
                end = stem(other)
                yield from (found for rest, found in self._before.get(bare, ()) if end.endswith(rest))
        if not word[0].isalnum():
            begun = [fold(each) for each in near[:here] if each not in _JOINING][-1:]
            for other in begun:
                starts = self._after.get(stem(word.strip(_HYPHEN)), ())
                yield from (found for start, found in starts if other.startswith(start))


def _keep(best: dict[Topic, float], found: Iterable[tuple[Topic, float]]) -> None:
    for each, strength in found:
        if strength > best.get(each, 0.0):
            best[each] = strength
