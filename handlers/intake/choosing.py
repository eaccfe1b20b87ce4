"""Which of the hearings that share a mail address a mail is for, and what says so; in doubt people are asked.

Some evidence is the sender's own word for it: the tag of the address, what the mail answers, a hearing's key
or case number in the subject or at the top of the text, its title in the subject. All of it must agree. Only
what that leaves open is settled by what makes a hearing likely: its title at the top of the text, its period,
the sender's earlier answers. What stands deeper in a text is no evidence: people tell of other hearings too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from handlers.intake.titles import Spoken, named
from handlers.routing.danish import clean, fold

_SUBJECT, _LOOKED_AT, _TOP = 1_000, 20_000, 1_000  # signs
_JUST_CLOSED, _LONG_CLOSED = timedelta(days=2), timedelta(days=30)
_TOKEN = re.compile(r"\[([^\[\]]{1,80})\]")
_NO_KEY = re.compile(r"[^a-z0-9]")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_SHORTEST_CASE_NUMBER = 6

Meant = frozenset[UUID]


class By(StrEnum):
    """What says which hearing a mail is for."""

    ALONE = "alone"
    """There is only one that it can be."""
    TAG = "tag"
    ANSWERED = "answered"
    TOKEN = "token"  # noqa: S105  # the key in brackets, no secret
    CASE_NUMBER = "case_number"
    TITLE = "title"
    PERIOD = "period"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hearing that has the address a mail came to. Times are aware."""

    hearing_id: UUID
    key: str
    title: str
    case_number: str
    opens: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail tells of its hearing.

    `text` is what the sender wrote; `tags` are the plus-tags of its recipients, `answered` the hearings of
    what it refers to, and `earlier` those that its sender has answered before.
    """

    subject: str
    text: str
    tags: frozenset[str] = frozenset()
    answered: Meant = frozenset()
    earlier: Meant = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hearing and what said so; or None twice, and in `left` those in doubt, as they were given."""

    hearing_id: UUID | None
    by: By | None
    left: tuple[Candidate, ...] = ()


def choose(mail: Asked, candidates: Sequence[Candidate], *, at: datetime) -> Chosen:
    """Choose the hearing that a mail received `at` (aware) is for. One that is alone is always chosen.

    Evidence is taken in the order of `By`; what narrows the choice to one is named. Takes time linear in the
    mail, of which a part is looked at, and in the candidates.
    """
    everyone = frozenset(each.hearing_id for each in candidates)
    said = [(by, meant) for by, meant in _said(mail, candidates) if meant] if len(everyone) > 1 else []
    agreed = everyone.intersection(*(meant for _, meant in said))
    if said and not agreed:
        return _asked(frozenset().union(*(meant for _, meant in said)), candidates)
    left = everyone
    for by, meant in [(By.ALONE, everyone), *said]:
        left &= meant
        if len(left) == 1:
            return Chosen(next(iter(left)), by)
    return _likely(mail, [each for each in candidates if each.hearing_id in left], at=at)


def _said(mail: Asked, candidates: Sequence[Candidate]) -> Iterator[tuple[By, Meant]]:
    """Yield what the sender says by itself; all of it is looked at, for it may contradict itself."""
    subject = clean(mail.subject[:_SUBJECT])
    both = f"{subject}\n{_top(mail)}"
    tags = {_key(tag) for tag in mail.tags} - {""}
    tokens = {_key(token) for token in _TOKEN.findall(both)} - {""}
    yield By.TAG, _those(candidates, lambda each: _key(each.key) in tags)
    yield By.ANSWERED, _those(candidates, lambda each: each.hearing_id in mail.answered)
    yield By.TOKEN, _those(candidates, lambda each: _key(each.key) in tokens)
    yield By.CASE_NUMBER, _those(candidates, lambda each: _tells_case(both, each.case_number))
    yield By.TITLE, _titled(Spoken(subject, least=1), candidates)


def _likely(mail: Asked, candidates: Sequence[Candidate], *, at: datetime) -> Chosen:
    """Choose among what is left by what makes one likelier; a title that is out of its period is doubt."""
    left = frozenset(each.hearing_id for each in candidates)
    lately = _those(candidates, lambda each: each.opens <= at <= each.deadline + _LONG_CLOSED)
    mentioned = _titled(Spoken(_top(mail), least=2), candidates)
    if mentioned and lately and not mentioned & lately:
        return _asked(mentioned | lately, candidates)
    now = _those(candidates, lambda each: each.opens <= at <= each.deadline + _JUST_CLOSED)
    for by, meant in (
        (By.TITLE, mentioned), (By.PERIOD, now), (By.PERIOD, lately), (By.HISTORY, mail.earlier),
    ):  # fmt: skip
        left = left & meant or left
        if len(left) == 1:
            return Chosen(next(iter(left)), by)
    return _asked(left, candidates)


def _asked(doubtful: Meant, candidates: Sequence[Candidate]) -> Chosen:
    return Chosen(None, None, tuple(each for each in candidates if each.hearing_id in doubtful))


def _those(candidates: Sequence[Candidate], holds: Callable[[Candidate], bool]) -> Meant:
    return frozenset(each.hearing_id for each in candidates if holds(each))


def _titled(spoken: Spoken, candidates: Sequence[Candidate]) -> Meant:
    found = named(spoken, [each.title for each in candidates])
    return _those(candidates, lambda each: each.title in found)


def _top(mail: Asked) -> str:
    return clean(" ".join(mail.text[:_LOOKED_AT].split())[:_TOP])


def _key(text: str) -> str:
    """A key, tag or token as it is compared: case, hyphens and spaces make no difference."""
    return _NO_KEY.sub("", fold(text))


def _tells_case(text: str, case_number: str) -> bool:
    pattern = _case(case_number)
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=1_000)
def _case(number: str) -> re.Pattern[str] | None:
    """Find a case number however it is parted; None for one so short that a date may look like it."""
    pieces = _PIECE.findall(number)
    if len("".join(pieces)) < _SHORTEST_CASE_NUMBER:
        return None
    parted = r"[\s./\-\u2010\u2011\u2013]{0,3}".join(map(re.escape, pieces))
    return re.compile(rf"(?<!\w){parted}(?!\w)", re.IGNORECASE)
