"""What a mail is to what came before it: an answer to our receipt, a later mail of a party, or news."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

_RECEIPT = re.compile(
    r"<kvittering\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.\d{1,18})?@[^\s<>@]{1,255}>",
    re.IGNORECASE,
)
_LONGEST_SUBJECT, _MOST_PREFIXES = 1_000, 20
_PREFIX = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?"  # servers mark what came from outside: [EKSTERN] SV: …
    r"(?:(?P<reply>sv|svar|re|aw|antw)|vs|fw|fwd|wg|videresendt)\s*(?:[\[(]\d{1,3}[\])])?\s*:",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.&/\-])(?:#\s?|(?:nr|no|nummer)\b\.?\s{0,3})(?P<number>\d{1,6})(?!\w|[-./:,]\d)", re.IGNORECASE
)
_SUBMISSION = re.compile(
    r"(?:h(?:ø|oe)rings)?(?:svar|bidrag|indl(?:æ|ae)g|indsigelse|bem(?:æ|ae)rkning|henvendelse|kvittering)"
    r"(?:en|et|er|erne)?|til|om|på|paa|vedr|vedrørende|ang|angående",
    re.IGNORECASE,
)
"""Words before a number that say it is a submission's: others make it a street's, a plan's or a case's."""
_OPENING = ":(\u2013\u2014-|"


class Why(StrEnum):
    """What tells that a mail belongs to an earlier submission, the surest first."""

    ANSWERS = "answers"
    """It refers to our receipt or to an earlier mail of the submission, and is from the same sender."""
    NUMBER = "number"
    """It is a reply that carries the number of one of the sender's own submissions."""
    ANSWERS_AS_OTHER = "answers_as_other"
    """It refers to it, but is another's: perhaps a neighbour with an own answer, who was sent our receipt."""
    SAME_PARTY = "same_party"
    """Its sender has answered before, and nothing else is known."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The submission that a mail belongs, or seems to belong, to."""

    submission_id: UUID
    why: Why

    @property
    def is_sure(self) -> bool:
        """Whether nobody need be asked where the mail belongs."""
        return self.why in {Why.ANSWERS, Why.NUMBER}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a hearing has of all that one mail may refer to.

    `own` are the submissions of the mail's sender by their numbers, in the order they came: known by its mail
    address, for anybody can write any name. `receipts` are those of `receipts_in` that are submissions here,
    and `mails` the mails kept before, by Message-ID with its brackets.
    """

    own: Mapping[int, UUID] = field(default_factory=lambda: MappingProxyType({}))
    receipts: frozenset[UUID] = frozenset()
    mails: Mapping[str, UUID] = field(default_factory=lambda: MappingProxyType({}))


def relation(earlier: Earlier, *, subject: str, references: Iterable[str]) -> Relation | None:
    """Tell what a mail belongs to; None when it is the first of its sender and answers nothing.

    `references` are Message-IDs with brackets, the one answered first. Where only the sender is known, the
    submission is the one that the subject names, else the sender's newest.
    """
    answered = [*_answered(references, earlier)]
    own = frozenset(earlier.own.values())
    for submission_id in answered:
        if submission_id in own:
            return Relation(submission_id, Why.ANSWERS)
    named = [earlier.own[number] for number in _numbers(subject) if number in earlier.own]
    if named and _is_reply(subject):
        return Relation(named[0], Why.NUMBER)
    if answered:
        return Relation(answered[0], Why.ANSWERS_AS_OTHER)
    mine = [*named[:1], *reversed([*earlier.own.values()])]
    return Relation(mine[0], Why.SAME_PARTY) if mine else None


def receipts_in(references: Iterable[str]) -> tuple[UUID, ...]:
    """Give the submissions whose receipts are among Message-IDs, in order, none twice."""
    found = (_receipt(reference) for reference in references)
    return tuple(dict.fromkeys(each for each in found if each))


def numbers_in(subject: str) -> tuple[int, ...]:
    """Give the numbers of submissions that the subject of a reply names as our receipt's subject does.

    A number of a street, plan or case is none of them; nor is any in a subject that is no reply.
    """
    return tuple(_numbers(subject)) if _is_reply(subject) else ()


def _answered(references: Iterable[str], earlier: Earlier) -> Iterator[UUID]:
    for reference in references:
        receipt = _receipt(reference)
        if receipt in earlier.receipts:
            yield receipt
        elif reference in earlier.mails:
            yield earlier.mails[reference]


def _receipt(reference: str) -> UUID | None:
    found = _RECEIPT.fullmatch(reference)
    return UUID(found[1]) if found else None


def _is_reply(subject: str) -> bool:
    at = 0
    for _ in range(_MOST_PREFIXES):
        prefix = _PREFIX.match(subject, at, at + 100)
        if prefix is None:
            return False
        if prefix["reply"]:
            return True
        at = prefix.end()
    return False


def _numbers(subject: str) -> dict[int, None]:
    """The numbers in the order of the subject, none twice."""
    line = " ".join(subject[:_LONGEST_SUBJECT].split())
    return {
        int(found["number"]): None
        for found in _NUMBER.finditer(line)
        if int(found["number"]) and _is_of_a_submission(line[: found.start()].rstrip())
    }


def _is_of_a_submission(before: str) -> bool:
    """Whether what stands before a number lets it be a submission's: one of our words, or nothing."""
    if not before or before[-1] in _OPENING:
        return True
    return bool(_SUBMISSION.fullmatch(before.rsplit(maxsplit=1)[-1].rstrip(".").lstrip("([\"'")))
