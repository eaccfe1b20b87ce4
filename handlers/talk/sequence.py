"""The order of a remark's parts, as somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

OUT = 0
"""The place of a part that is to be no part any more."""


def sequence(parts: Sequence[str], places: Mapping[str, int]) -> tuple[str, ...]:
    """The parts that stay, in order: each that is to move stands at its place (from 1), the rest around them.

    A part without a place keeps its own as far as it can; one that is no part any more is passed over.
    """
    stay = [part for part in parts if places.get(part) != OUT]
    moving = {
        part: places[part]
        for number, part in enumerate(parts, 1)
        if part in places and places[part] not in (OUT, number)
    }
    ordered = [part for part in stay if part not in moving]
    for part in sorted(moving, key=lambda each: moving[each]):
        ordered.insert(moving[part] - 1, part)
    return tuple(ordered)
