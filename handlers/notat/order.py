"""The order that a hearing's notat numbers its submissions in, and which of them speak for several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.notat.counting import counted
from storage.dossier import Dossier, Filed
from storage.words import Channel, Order, PartyKind

_KINDS = tuple(PartyKind)
_SPAN = 3  # numbers in a row that are written as from and to

Numbered = tuple[int, Filed]
"""A submission with the number it is printed under."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What the notat has a chapter for: a submission, and with it those that say the same.

    The number and name over the chapter are `first`'s; `bearer` is the one that was referred and summarised.
    The two differ when the party whose submission leads a campaign has taken its own back.
    """

    first: Numbered
    bearer: Filed
    others: tuple[Numbered, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Their printed numbers."""
        return tuple(sorted((self.first[0], *(number for number, _ in self.others))))

    @property
    def all(self) -> tuple[Filed, ...]:
        """Everybody who is spoken for."""
        return (self.first[1], *(filed for _, filed in self.others))


def in_order(dossier: Dossier) -> tuple[Filed, ...]:
    """The submissions that count, as a coordinator has put them; the rest follow by the hearing's rule.

    What the rule leaves open goes by arrival.
    """
    rule, placed = dossier.hearing.order, {each: at for at, each in enumerate(dossier.edits.submissions)}

    def place(filed: Filed) -> tuple[int, int, datetime, int]:
        by_hand = placed.get(filed.submission.id, len(placed))
        otherwise = filed.submission.channel != Channel.PORTAL
        first = {Order.PORTAL_FIRST: int(otherwise), Order.KIND: _KINDS.index(filed.party.kind)}.get(rule, 0)
        return by_hand, first, filed.submission.received_at, filed.submission.number

    return tuple(sorted(counted(dossier), key=place))


def numbered(dossier: Dossier) -> Iterator[Numbered]:
    """Each submission that counts with the number it is printed under, from one and without gaps."""
    return enumerate(in_order(dossier), 1)


def voices(dossier: Dossier) -> tuple[Voice, ...]:
    """The chapters of the notat, by the numbers over them."""
    known = {filed.submission.id: filed for filed in dossier.submissions}
    together: dict[UUID, list[Numbered]] = defaultdict(list)
    for number, filed in numbered(dossier):
        together[filed.lead_id or filed.submission.id].append((number, filed))
    found = (_voice(known[lead], same) for lead, same in together.items())
    return tuple(sorted(found, key=lambda voice: voice.first[0]))


def _voice(bearer: Filed, same: list[Numbered]) -> Voice:
    """Its bearer speaks where it counts itself, else whoever of the others is printed first."""
    first = next((each for each in same if each[1] is bearer), same[0])
    return Voice(first, bearer, tuple(each for each in same if each is not first))


def spans(numbers: Iterable[int]) -> list[str]:
    """Numbers in ascending order, three and more in a row as "7\N{EN DASH}9"."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [text for row in rows for text in _span(row)]


def _span(row: list[int]) -> list[str]:
    if len(row) < _SPAN:
        return [str(number) for number in row]
    return [f"{row[0]}\N{EN DASH}{row[-1]}"]
