"""What the answers change in the proposal, as the departments have marked it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.notat.order import Voice, voices
from handlers.talk.progress import ending
from storage.dossier import Dossier, Laid
from storage.ending import Change


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, the printed numbers of the submissions that it comes of, and whether it is certain."""

    what: str
    certain: bool
    numbers: tuple[int, ...]


def change_of(laid: Laid) -> tuple[str, bool] | None:
    """What one answer changes, and if that is certain; None when it changes nothing, or no approver said."""
    agreed = laid.ends.agreed
    if agreed is None or agreed.verdict == Change.NO or ending(laid.ends).sent_on:
        return None
    return agreed.what, agreed.verdict == Change.YES


def changes(dossier: Dossier) -> tuple[Changed, ...]:
    """Every change in the order of the submissions; what several answers change is told once."""
    found: dict[tuple[str, bool], list[int]] = {}
    for voice in voices(dossier):
        for change in _of(voice):
            numbers = found.setdefault(change, [])
            numbers.extend(number for number in voice.numbers if number not in numbers)
    return tuple(Changed(*change, tuple(sorted(numbers))) for change, numbers in found.items())


def _of(voice: Voice) -> Iterator[tuple[str, bool]]:
    for laid in voice.bearer.referrals:
        change = change_of(laid)
        if change is not None:
            yield change
