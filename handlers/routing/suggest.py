"""Text and departments' topics to suggested departments, each with the passages that speak for it.

**Score.** Each topic of a department counts once: 1 when the text speaks of it as itself, ½ when it only
touches it (see `handlers.routing.topics`), and ¼ more for every further sentence that does, four at most.

**Sure** means that a person need not look first. It is so when the text says shortly that there is nothing to
say (the owner answers), or when some department was found and every one found has a score of 1 or more and at
least one topic that no other department has. Whatever rests on a single touch, on a shared topic alone, or on
nothing at all is not sure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from handlers.routing.danish import clean
from handlers.routing.sentences import sentences
from handlers.routing.topics import AS_ITSELF, Topic, Vocabulary, topic
from storage.hearings import Seat

_MOST_PASSAGES, _LONGEST_PASSAGE = 4, 300
_AGAIN, _MOST_AGAIN = 0.25, 4
_SHORT = 80
_NOTHING = re.compile(
    r"\b(?:ingen|ikke)(?: (?:har|have|haft|nogen|særlige|konkrete|anledning|grundlag|for|til|at|give|giver"
    r"|afgive|fremsætte|komme|med|ønsker|finder|i|sagen|forslaget|høringen)){0,7}"
    r" (?:bemærkning(?:er)?|kommentar(?:er)?|indvendinger|indsigelser)\b"
)
_YET = re.compile(
    r"\b(?:men(?! (?:\w+ ){0,3}(?:ingen|ikke)\b)|dog|bortset|undtagen|undtaget|ud over|udover|derudover"
    r"|ellers|imidlertid|øvrigt|øvrige|yderligere|alligevel|blot|foreslår|opfordrer|anbefaler|bør|savner|mangler"
    r"|ønsker at|vedhæft\w*)\b"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A department that a text concerns; `passages` are the party's own sentences, each at most 300 signs."""

    department: str
    score: float
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """The departments suggested, highest score first; never none: the owner answers what no other does."""

    suggestions: tuple[Suggestion, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Matcher:
    """The topics of a hearing's departments, made ready to route many texts."""

    departments: Mapping[Topic, tuple[str, ...]]
    vocabulary: Vocabulary


@dataclass(slots=True)
class _Evidence:
    """What speaks for one department: its topics, how strongly and in how many sentences, and which."""

    strength: dict[Topic, float] = field(default_factory=dict)
    sentences: Counter[Topic] = field(default_factory=Counter)
    speaking: list[tuple[Sequence[str], int, dict[Topic, float]]] = field(default_factory=list)

    def add(self, words: Sequence[str], place: int, found: dict[Topic, float]) -> None:
        for each, strength in found.items():
            self.strength[each] = max(strength, self.strength.get(each, 0.0))
            self.sentences[each] += 1
        self.speaking.append((words, place, found))

    def score(self) -> float:
        again = (min(times - 1, _MOST_AGAIN) * _AGAIN for times in self.sentences.values())
        return sum(self.strength.values()) + sum(again)


def matcher(topics: Mapping[str, Sequence[str]]) -> Matcher:
    """Make the topics of departments, by department key, ready. Order makes no difference."""
    departments: defaultdict[Topic, set[str]] = defaultdict(set)
    for department, texts in topics.items():
        for text in texts:
            departments[topic(text)].add(department)
    departments.pop((), None)
    ordered = {each: tuple(sorted(keys)) for each, keys in departments.items()}
    return Matcher(ordered, Vocabulary(text for texts in topics.values() for text in texts))


def suggest(text: str, topics: Mapping[str, Sequence[str]] | Matcher, *, owner: str) -> Routing:
    """Suggest the departments that a submission concerns, in time linear in the text.

    `topics` maps department keys to their topics; give a `Matcher` when routing many. When no topic is found,
    or the text only says that there is nothing to remark, `owner` is the one suggestion, with score 0.
    """
    ready = topics if isinstance(topics, Matcher) else matcher(topics)
    read = list(sentences(clean(text)))
    nothing = _nothing_to_say(read)
    if nothing:
        return Routing((Suggestion(owner, 0.0, (_trimmed(nothing, 0),)),), sure=True)
    evidence = _evidence(read, ready)
    if not evidence:
        return Routing((Suggestion(owner, 0.0, ()),), sure=False)
    found = [Suggestion(key, each.score(), _passages(each)) for key, each in evidence.items()]
    found.sort(key=lambda each: (-each.score, each.department))
    return Routing(tuple(found), sure=all(_stands(each, ready) for each in evidence.values()))


def among(text: str, seats: Sequence[Seat]) -> Routing:
    """Suggest among the departments of one hearing, the owner with them; one that left is never suggested."""
    asked = tuple((seat.key, seat.topics) for seat in seats if not seat.retired)
    return suggest(text, _ready(asked), owner=next(seat.key for seat in seats if seat.owner))


def says_nothing(text: str) -> bool:
    """Whether a text says shortly that there is nothing to remark, and no more."""
    return bool(_nothing_to_say(list(sentences(clean(text)))))


@lru_cache(maxsize=32)
def _ready(topics: tuple[tuple[str, tuple[str, ...]], ...]) -> Matcher:
    return matcher(dict(topics))


def _nothing_to_say(read: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the sentence of a short text that says there is nothing to remark; () when it says more."""
    if sum(len(words) for words in read) > _SHORT:
        return ()
    said = [words for words in read if _NOTHING.search(" ".join(words).lower())]
    return said[0] if said and not any(_YET.search(" ".join(words).lower()) for words in read) else ()


def _evidence(read: Iterable[Sequence[str]], ready: Matcher) -> dict[str, _Evidence]:
    evidence: dict[str, _Evidence] = {}
    for words in read:
        hits = [*ready.vocabulary.hits(words)]
        if not hits:
            continue
        spoken: defaultdict[str, dict[Topic, float]] = defaultdict(dict)
        places: dict[str, int] = {}
        for hit in hits:
            for department in ready.departments[hit.topic]:
                found = spoken[department]
                found[hit.topic] = max(hit.strength, found.get(hit.topic, 0.0))
                places.setdefault(department, hit.place)
        for department, found in spoken.items():
            evidence.setdefault(department, _Evidence()).add(words, places[department], found)
    return evidence


def _stands(evidence: _Evidence, ready: Matcher) -> bool:
    """Say whether a department's evidence needs no second look: enough of it, and some of it its own."""
    own = any(len(ready.departments[each]) == 1 for each in evidence.strength)
    return own and evidence.score() >= AS_ITSELF


def _passages(evidence: _Evidence) -> tuple[str, ...]:
    """Choose the sentences that say most, first those with a new topic; in the text's order, none twice."""
    ranked = sorted(range(len(evidence.speaking)), key=lambda n: (-sum(evidence.speaking[n][2].values()), n))
    bringing, met = [], set[Topic]()
    for number in ranked:
        if not met.issuperset(evidence.speaking[number][2]):
            bringing.append(number)
            met.update(evidence.speaking[number][2])
    chosen: dict[str, int] = {}
    for number in dict.fromkeys([*bringing, *ranked[: 4 * _MOST_PASSAGES]]):
        words, place, _ = evidence.speaking[number]
        chosen.setdefault(_trimmed(words, place), number)
        if len(chosen) == _MOST_PASSAGES:
            break
    return tuple(sorted(chosen, key=lambda passage: chosen[passage]))


def _trimmed(words: Sequence[str], place: int) -> str:
    """Return a sentence, or the part of a long one around the word that speaks, cut between words."""
    whole = " ".join(words)
    if len(whole) <= _LONGEST_PASSAGE:
        return whole
    first, last, room = place, place + 1, _LONGEST_PASSAGE - len("… …") - len(words[place])
    if room < 0:
        return words[place][: _LONGEST_PASSAGE - 1] + "…"
    before = room // 3
    while first > 0 and len(words[first - 1]) < before:
        first -= 1
        before -= len(words[first]) + 1
        room -= len(words[first]) + 1
    while last < len(words) and len(words[last]) < room:
        room -= len(words[last]) + 1
        last += 1
    return ("… " if first else "") + " ".join(words[first:last]) + (" …" if last < len(words) else "")
