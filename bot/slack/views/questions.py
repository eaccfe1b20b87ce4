"""Views of doubt: what a coordinator is asked, what is told in a line, and a party's later mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views import elements, marks
from bot.slack.views.elements import Json
from bot.slack.views.split import cut, messages, short, shown
from bot.slack.views.windows import window
from handlers.intake.kinship import Why
from handlers.referral.refer import BOT
from storage.asked import About, FollowUp, Verdict
from storage.questions import TELLING
from templates import say

DECIDE, REST = "decide", "show_rest"

_QUESTIONS, _LINES = "slack/questions.j2", "slack/lines.j2"
_OPENING, _LONG_OPENING = 600, 3_000  # signs
_MOST_FILES = 5
_REST_MESSAGES = 5
_LIKELY: Mapping[About, Verdict] = {
    About.FOLLOW_UP: Verdict.SUPPLEMENT,
    About.AUTHOR: Verdict.ORIGINAL,
    About.LATE: Verdict.ADMITTED,
    About.KIND: Verdict.NO_SUBMISSION,
}
_UNSEEN = frozenset({About.FOLLOW_UP, About.HEARING, About.KIND})
_GRAVE = frozenset({Verdict.WITHDRAWN, Verdict.LEFT_OUT, Verdict.APART})
"""Verdicts that take something out of the notat, or cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a question shows.

    `verdict` is what counts now, empty for nothing, said by `by`; `open` are those that may still be said.
    `number` is the submission's, 0 where there is none; `numbers` are all of a campaign, its lead first.
    `why` is what speaks for it: a word of `Why` for a later mail, of `Kind` for one that seems to be none;
    `seems` is the verdict that a later mail speaks for by itself, empty for none.
    `rest_of` is the id of the later mail of which something was cut. `titles` are the hearings' by key.
    """

    id: str
    about: About
    came_at: datetime
    deadline: datetime
    open: tuple[str, ...] = ()
    verdict: str = ""
    by: str = ""
    number: int = 0
    numbers: tuple[int, ...] = ()
    party: str = ""
    original: str = ""
    forwarder: str = ""
    subject: str = ""
    text: str = ""
    files: tuple[str, ...] = ()
    why: str = ""
    seems: str = ""
    rest_of: str = ""
    is_late: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


def question(doubt: Doubt) -> Picture:
    """What is asked, or how it was decided, with the buttons that may still change it."""
    lead = _say("lead", doubt=doubt)
    blocks = [elements.header(lead), elements.sections(_facts(doubt)), *_excerpt(doubt)]
    if doubt.about == About.LATE and not doubt.is_late:
        return Picture(elements.spoken(lead), blocks)
    blocks.append(_decided(doubt) if doubt.verdict else elements.told(_say("ask", doubt=doubt)))
    buttons = [*_buttons(doubt), *([_rest_button(doubt.rest_of)] if doubt.rest_of else [])]
    return Picture(elements.spoken(lead), [*blocks, *elements.rows(buttons)])


def line(detail: Mapping[str, Any]) -> Picture:
    """One line; `detail` holds its phrase and that phrase's values.

    Raises:
        AttributeError: there is no such phrase.
    """
    values = {name: value for name, value in detail.items() if name != "phrase"}
    return elements.bare(say(_LINES, str(detail["phrase"]), **values))


def later_mail(follow_up: FollowUp, verdict: str) -> tuple[Picture, bool]:
    """A later mail in the thread, and whether the whole text must follow as a file."""
    lead = _say("follow_up_lead", verdict=verdict, at=follow_up.received_at)
    if verdict and verdict not in TELLING:
        return elements.bare(lead), False
    split = messages(follow_up.text, most=1)
    body = split.messages[0] if split.messages else [elements.context(_say("follow_up_empty"))]
    blocks = [elements.told(lead), *body]
    if split.rest:
        blocks.append(elements.context(_say("follow_up_cut")))
    told = marks.flaws(follow_up.flaws)
    if told:
        blocks.append(elements.rich(elements.bullets(told)))
    if follow_up.rest:
        blocks.append(elements.actions(_rest_button(str(follow_up.id))))
    return Picture(elements.spoken(lead), blocks), bool(split.rest)


def whole_later_mail(follow_up: FollowUp, *, number: int) -> tuple[str, str]:
    """The name of the file that holds all of a later mail, and what is said above it."""
    return _say("follow_up_name", number=number, at=follow_up.received_at), _say("follow_up_whole")


def rest_view(rest: str) -> Json:
    """The modal that shows what was cut from a later mail."""
    split = messages(rest, most=_REST_MESSAGES)
    blocks = [elements.context(_say("rest_lead")), *(block for part in split.messages for block in part)]
    if split.rest:
        blocks.append(elements.context(_say("rest_cut")))
    return window(_say("rest_title"), blocks)


def _facts(doubt: Doubt) -> Iterator[list[Json]]:
    of_one = doubt.about != About.CAMPAIGN
    if of_one:
        yield elements.line(_say("received_label"), _say("received", doubt=doubt))
    if of_one and doubt.subject.strip():
        yield elements.line(_say("subject_label"), short(doubt.subject, 300))
    if doubt.files:
        names = [short(name, 80) for name in doubt.files[:_MOST_FILES]]
        told = _say("files", names=names, more=len(doubt.files) - len(names))
        yield elements.line(_say("files_label"), told)
    yield [elements.raw(short(_say("reason", doubt=doubt), 1_000))]


def is_cut(doubt: Doubt) -> bool:
    """Whether a question shows only the beginning of a text, so that the whole must follow as a file."""
    return len(_opening(doubt)) < len(shown(doubt.text))


def whole_text(doubt: Doubt) -> tuple[str, str]:
    """The name of the file that holds the text of which a question shows the beginning, and that text."""
    return _say("whole_name", number=doubt.number), doubt.text


def _opening(doubt: Doubt) -> str:
    """The opening of the text: longer of a mail that nobody sees elsewhere before it is decided."""
    text = shown(doubt.text)
    return text[: cut(text, _LONG_OPENING if doubt.about in _UNSEEN else _OPENING)]


def _excerpt(doubt: Doubt) -> list[Json]:
    opening = _opening(doubt)
    if not opening:
        return [elements.context(_say("no_text"))]
    told = elements.rich(elements.section([elements.raw(opening)]))
    more = [elements.context(_say("excerpt_cut"))] if is_cut(doubt) else []
    return [elements.context(_say("excerpt", doubt=doubt)), told, *more]


def _decided(doubt: Doubt) -> Json:
    if doubt.by == BOT:
        return elements.told(_say("by_itself", doubt=doubt, verdict=doubt.verdict))
    outcome = short(_say("outcome", doubt=doubt, verdict=doubt.verdict), 1_000)
    return elements.told(f"{outcome} {_say('decided_by')}", doubt.by)


def _buttons(doubt: Doubt) -> Iterator[Json]:
    likely = "" if doubt.verdict else _likely(doubt)
    for verdict in doubt.open:
        yield elements.button(
            f"{DECIDE}:{verdict}", _say("button", doubt=doubt, verdict=verdict), f"{doubt.id}:{verdict}",
            style="primary" if verdict == likely else "",
            confirm=_confirmation(doubt, verdict) if verdict in _GRAVE else None,
        )  # fmt: skip


def _likely(doubt: Doubt) -> str:
    """What the mail itself speaks for, else what most such mails turn out to be."""
    if doubt.about == About.FOLLOW_UP and doubt.why == Why.ANSWERS_AS_OTHER:
        return Verdict.NEW
    if doubt.seems and doubt.seems != Verdict.NEW:  # which cannot be taken back, so nobody is led to it
        return doubt.seems
    return _LIKELY.get(doubt.about, "")


def _confirmation(doubt: Doubt, verdict: str) -> Json:
    title, text, yes, no = (
        _say(f"confirm_{part}", doubt=doubt, verdict=verdict) for part in ("title", "text", "yes", "no")
    )
    return elements.confirmation(title, text, yes=yes, no=no)


def _rest_button(follow_up_id: str) -> Json:
    return elements.button(REST, _say("rest_button"), follow_up_id)


def _say(phrase: str, **values: Any) -> str:
    return say(_QUESTIONS, phrase, **values)
