"""The order that a hearing's notat numbers its submissions in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from storage.dossier import Dossier, Filed
from storage.words import Channel, Order, PartyKind

_KINDS = tuple(PartyKind)


def in_order(dossier: Dossier) -> tuple[Filed, ...]:
    """The submissions as the hearing's rule numbers them; whatever the rule leaves open goes by arrival."""
    rule = dossier.hearing.order

    def place(filed: Filed) -> tuple[int, datetime, int]:
        otherwise = filed.submission.channel != Channel.PORTAL
        first = {Order.PORTAL_FIRST: int(otherwise), Order.KIND: _KINDS.index(filed.party.kind)}.get(rule, 0)
        return first, filed.submission.received_at, filed.submission.number

    return tuple(sorted(dossier.submissions, key=place))


def numbered(dossier: Dossier) -> Iterator[tuple[int, Filed]]:
    """Each submission with the number it is printed under, from one and without gaps."""
    return enumerate(in_order(dossier), 1)
