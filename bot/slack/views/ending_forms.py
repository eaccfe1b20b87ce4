"""The forms behind a card's menu: a change of the proposal, whose it is, two themes, the whole text."""

from __future__ import annotations

from typing import Any

from bot.slack.views import blocks, elements
from bot.slack.views.elements import Json
from bot.slack.views.split import cut, shown
from bot.slack.views.windows import window
from handlers.referral.hold import Held
from handlers.referral.split import LONGEST
from storage.ending import Change
from storage.models import Submission
from templates import say

CHANGE_FORM, ELSEWHERE_FORM, SPLIT_FORM = "change_form", "elsewhere_form", "split_form"
UNKNOWN = "?"
"""Nobody knows whose it is: a menu's values are never empty."""
_CARDS = "slack/cards.j2"
_BLOCK, _MOST = 3_000, 30  # signs of a block, blocks
_MOST_TOLD = 500


def change(held: Held) -> Json:
    """Whether the answer changes the proposal, with what counts now."""
    newest = held.ends.change
    ways = {each.value: _say("change_choice", verdict=each) for each in Change}
    what = blocks.text_field(
        "what",
        _say("change_what"),
        value=newest.what if newest else "",
        optional=True,
        most=_MOST_TOLD,
        lines=True,
        hint=_say("change_hint"),
    )
    radio = blocks.radio_field("verdict", _say("change_ask"), ways, value=newest.verdict if newest else "")
    return blocks.modal(CHANGE_FORM, _say("change_title"), [radio, what], about=str(held.referral.id))


def elsewhere(held: Held) -> Json:
    """Whose a submission is, and why."""
    others = {seat.key: seat.name for seat in held.seats if not seat.retired and seat.id != held.seat.id}
    whose = blocks.choice_field(
        "to", _say("elsewhere_whose"), others | {UNKNOWN: _say("elsewhere_unknown")},
        placeholder=_say("elsewhere_choose"),
    )  # fmt: skip
    reason = blocks.text_field(
        "reason", _say("elsewhere_reason"), most=_MOST_TOLD, lines=True, hint=_say("elsewhere_hint")
    )
    title, about = _say("elsewhere_title"), str(held.referral.id)
    return blocks.modal(ELSEWHERE_FORM, title, [whose, reason], about=about, send=_say("send"))


def split(held: Held) -> Json:
    """The names of two themes; only the new one's where this thread has a theme already."""
    this = blocks.text_field("this", _say("split_this"), most=LONGEST)
    other = blocks.text_field("other", _say("split_other"), most=LONGEST, hint=_say("split_hint"))
    fields = [other] if held.referral.theme else [this, other]
    return blocks.modal(
        SPLIT_FORM, _say("split_title"), fields, about=str(held.referral.id), send=_say("divide")
    )


def whole(submission: Submission) -> Json:
    """All that was written, in one place."""
    text = shown(submission.text)
    pages: list[str] = []
    while text and len(pages) < _MOST:
        at = cut(text, _BLOCK)
        pages.append(text[:at])
        text = text[at:]
    told = [elements.rich(elements.section([elements.raw(page)])) for page in pages]
    more = [elements.context(_say("whole_cut"))] if text else []
    return window(_say("whole_title", number=submission.number), [*told, *more])


def _say(phrase: str, **values: Any) -> str:
    return say(_CARDS, phrase, **values)
