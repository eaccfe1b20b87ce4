"""The one topic that passages speak of most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from handlers.routing.sentences import sentences
from handlers.routing.topics import Topic, Vocabulary, topic


def subject(passages: Iterable[str], topics: Sequence[str]) -> str:
    """The topic, as it is written among `topics`, that the passages speak of most; "" when of none.

    Of topics that are spoken of as much, it is the first.
    """
    vocabulary, written = _ready(tuple(topics))
    spoken = defaultdict[Topic, float](float)
    for words in (words for passage in passages for words in sentences(passage)):
        for each, strength in _strongest(words, vocabulary).items():
            spoken[each] += strength
    places = {each: place for place, each in enumerate(written)}
    return written[max(spoken, key=lambda each: (spoken[each], -places[each]))] if spoken else ""


def _strongest(words: Sequence[str], vocabulary: Vocabulary) -> dict[Topic, float]:
    """How strongly a sentence speaks of each topic that it speaks of."""
    strongest: dict[Topic, float] = {}
    for hit in vocabulary.hits(words):
        strongest[hit.topic] = max(hit.strength, strongest.get(hit.topic, 0.0))
    return strongest


@lru_cache(maxsize=64)
def _ready(topics: tuple[str, ...]) -> tuple[Vocabulary, dict[Topic, str]]:
    written: dict[Topic, str] = {}
    for text in topics:
        written.setdefault(topic(text), text)
    written.pop((), None)
    return Vocabulary(topics), written
