"""Which hearing something that came in was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID


def without_tag(address: str) -> str:
    """A mail address in lower case without its plus-tag: `hoering+17@by.example` is `hoering@by.example`."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def hearing_of(envelope: Mapping[str, Any], addresses: Mapping[str, UUID]) -> UUID | None:
    """The hearing that an envelope names, by its id or by one of `addresses`; None when it names none."""
    if "hearing" in envelope:
        return UUID(envelope["hearing"])
    found = (addresses.get(without_tag(address)) for address in envelope.get("recipients", ()))
    return next((hearing_id for hearing_id in found if hearing_id is not None), None)
