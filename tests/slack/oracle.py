"""What people wrote and said yes to, kept apart from the service: what a notat may and must say of it.

Every text that anybody writes is told from all others by its number, so that a notat, a draft or a message
can be read as the numbers that stand in it. The usual sentence has none: of each submission it is used once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.sandbox import Message
from tests.world import shown

NOTED = "noted"
Texts = tuple[str, ...]
_TEXT = re.compile(r"Svar (\d+)\.|(til efterretning)")


def texts_in(words: str, number: int) -> Texts:
    """The texts that stand somewhere about a submission, in order."""
    return tuple(found[1] or f"{NOTED} {number}" for found in _TEXT.finditer(words))


def written(number: int) -> str:
    return f"Svar {number}."


@dataclass(slots=True)
class Line:
    """A message that somebody wrote, and the texts it ever had, the newest last."""

    message: Message
    author: str
    texts: list[str]
    deleted: bool = False
    ticked_by: set[str] = field(default_factory=set)

    @property
    def edited(self) -> bool:
        return len(self.texts) > 1


@dataclass(frozen=True, slots=True)
class Yes:
    """What an approver had before their eyes, and on which message their ✅ stands, if it was one."""

    texts: Texts
    by: str
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A yes, or taking one back: that of somebody's ✅ on a message, or whichever counts.

    `sure` when nothing that anybody did, or that broke, can have come in its way.
    """

    sure: bool
    yes: Yes | None = None
    tick: str = ""
    by: str = ""


def may_say(acts: Iterable[Act]) -> set[Texts | None]:
    """What may stand in the notat of a remark after all this; None for nothing."""
    stands: set[Yes | None] = {None}
    for act in acts:
        after = {_after(each, act) for each in stands}
        stands = after if act.sure else stands | after
    return {each.texts if each else None for each in stands}


def _after(stands: Yes | None, act: Act) -> Yes | None:
    if act.yes is not None:
        same = stands is not None and stands.texts == act.yes.texts
        return stands if same else act.yes
    if stands is None or not act.tick:
        return None
    return None if (stands.tick, stands.by) == (act.tick, act.by) else stands


def draft_says(draft: Texts, approved: Texts | None, words: str) -> bool:
    """Whether a draft tells the truth of what it shows and what the notat says."""
    if not draft:
        return ("Notatet gengiver stadig den tekst" if approved else "er tom og kommer ikke") in words
    if approved is None:
        return "Venter på godkendelse" in words and "Notatet gengiver" not in words
    if approved == draft:
        return "Godkendt til notatet af" in words
    return "Ændret efter godkendelse" in words


def card_says(drafts: Sequence[tuple[Texts, Texts | None]], *, talked: bool) -> set[str]:
    """The words with which a card may tell how far it is: each draft as it stands and as approved."""
    counted = [each for each in drafts if any(each)]
    if not counted:
        return {"I arbejde" if talked else "Ny", "Genåbnet"}
    if any(approved is None for _, approved in counted):
        return {"Til godkendelse", "Genåbnet"}
    same = all(approved == draft for draft, approved in counted)
    return {"Godkendt" if same else "Ændret efter godkendelse"}


def state_of(card: Message) -> str:
    """What a card says of how far it is."""
    found = re.search(r"Status:\s+(Ændret efter godkendelse|Til godkendelse|I arbejde|Ingen bemærkninger|"
                      r"Sendt videre|Genåbnet|Godkendt|Ny)", shown(card))  # fmt: skip
    assert found, shown(card)
    return found[1]
