"""Which hearings something that came in was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

Addresses = Mapping[str, frozenset[UUID]]
"""Each hearing address (lower case, no plus-tag) with the hearings that it is an address of."""


def without_tag(address: str) -> str:
    """A mail address in lower case without its plus-tag: `hoering+17@by.example` is `hoering@by.example`."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def tag_of(address: str) -> str:
    """The plus-tag of a mail address in lower case, empty when it has none."""
    return address.strip().lower().rpartition("@")[0].partition("+")[2]


def hearings_of(envelope: Mapping[str, Any], addresses: Addresses) -> frozenset[UUID]:
    """The hearings that an envelope may mean: the one it names, or all that it was sent to."""
    if "hearing" in envelope:
        return frozenset({UUID(envelope["hearing"])})
    sent_to = (addresses.get(without_tag(each), frozenset()) for each in envelope.get("recipients", ()))
    return frozenset().union(*sent_to)
