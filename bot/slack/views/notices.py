"""What is said in a thread once: an approved remark changed, what a ✅ approved, or why it could not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views import elements, files, strays
from bot.slack.views.elements import Json
from bot.slack.views.split import cut, units
from handlers.content import Block, Content, load, plain
from handlers.richtext.rich_text import rich_text
from handlers.talk.difference import Fate, Stretch, difference
from handlers.talk.enclosed import enclosed
from handlers.talk.progress import Standing
from storage.talk import Approval, Reply
from templates import say

_SHOWN_AT_MOST = 6_000
_ELEMENT = 2_000


def changed(remark: Standing) -> Picture:
    """An approved remark says something else now: what is gone struck out, what is new in bold."""
    told = words("changed_notice")
    if remark.approval is None or not remark.changed:
        return elements.bare(told)
    stretches = difference(load(remark.approval.content), remark.content)
    if not stretches:
        return Picture(told, [elements.told(told), elements.context(words("changed_look"))])
    shown, whole = _shown(stretches)
    foot = words("changed_key") if whole else words("changed_cut")
    return Picture(
        told, [elements.told(told), elements.rich(elements.section(shown)), elements.context(foot)]
    )


def approved(approval: Approval) -> Picture:
    """What somebody has just said yes to, in the words they said yes to."""
    told = words("ticked")
    content, whole = _beginning(load(approval.content))
    foot = [] if whole else [elements.context(words("ticked_cut"))]
    return Picture(told, [elements.told(told, approval.approver), *rich_text(content), *foot])


def unsure(person: str, *, why: str) -> Picture:
    """Whose ✅ cannot count, why, and what they can do instead."""
    told = words("unsure", why=why)
    asked = elements.section([elements.person(person), elements.raw(f" {told}")])
    return Picture(f"\N{WHITE HEAVY CHECK MARK} {told}", [elements.rich(asked)])


def said(reply: Reply) -> Picture:
    """What somebody wrote in the channel, in the thread it was meant for."""
    if reply.deleted:
        told = _stray("deleted")
        gone = elements.section([elements.person(reply.author), elements.raw(told)])
        return Picture(told.strip(), [elements.rich(gone)])
    content, whole = _beginning(load(reply.content))
    wrote = elements.section([elements.person(reply.author), elements.raw(_stray("wrote"))])
    foot = [] if whole else [elements.context(words("ticked_cut"))]
    foot += [elements.context(sentence) for sentence in files.stayed(enclosed([reply]))]
    use = elements.button(strays.USE, _stray("use_button").strip(), f"{reply.referral_id} {reply.message}")
    shown = [elements.rich(wrote), *rich_text(content), *foot, elements.actions(use)]
    return Picture(elements.spoken(plain(content)), shown)


def _stray(phrase: str) -> str:
    """As templates give it, with the blank that parts it from the name before it."""
    return f" {say('slack/strays.j2', phrase)}"


def words(phrase: str, **values: Any) -> str:
    """One of our own Danish phrases."""
    return say("slack/notices.j2", phrase, **values)


def _shown(stretches: Sequence[Stretch]) -> tuple[list[Json], bool]:
    """As much of the stretches as a message holds, and whether that is all."""
    room, shown = _SHOWN_AT_MOST, list[Json]()
    for stretch in stretches:
        text = stretch.text[: cut(stretch.text, room)] if stretch.text else ""
        shown.extend(_pieces(text, stretch.fate))
        room -= units(text)
        if len(text) < len(stretch.text) or room <= 0:
            return shown, stretch is stretches[-1] and len(text) == len(stretch.text)
    return shown, True


def _pieces(text: str, fate: Fate) -> Iterator[Json]:
    style = {Fate.GONE: {"style": {"strike": True}}, Fate.NEW: {"style": {"bold": True}}}.get(fate, {})
    while text:
        at = cut(text, _ELEMENT)
        yield {"type": "text", "text": text[:at]} | style
        text = text[at:]


def _beginning(content: Content) -> tuple[Content, bool]:
    """The first blocks, as many as a message holds."""
    room, shown = _SHOWN_AT_MOST, list[Block]()
    for block in content:
        room -= units(plain((block,)))
        if room < 0:
            return tuple(shown), False
        shown.append(block)
    return content, True
