"""The card at the head of a referral's thread: how far it is, what is missing, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.slack.api.board import Picture
from bot.slack.views import blocks, elements, marks
from bot.slack.views.elements import Json
from bot.slack.views.split import messages
from handlers.days import LONG_OVER, days_left
from handlers.discretion import veil
from handlers.notat.additions import addition, answered_before
from handlers.notat.findings import state_of
from handlers.referral.attach_mail import may_be_shown
from handlers.talk.progress import Ending, Standing, State, approvers, ending, standing
from storage.dossier import Filed, Laid
from storage.ending import Handover
from storage.endings import Elsewhere
from storage.models import Hearing
from storage.words import Channel
from templates import say

NOTE, DECLINE, REOPEN, MORE = "take_note", "no_remarks", "reopen", "more"
CHANGE, ELSEWHERE, SPLIT, WHOLE, MAIL = "change", "elsewhere", "split", "whole", "mail"
_CARDS = "slack/cards.j2"
_DONE = frozenset({State.APPROVED, State.NO_REMARKS, State.SENT_ON})


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a referral shows as it is `now`.

    `numbers` are those of the submissions that stand behind it; `elsewhere` are the threads that it was
    sent on to, or came from.
    """

    laid: Laid
    filed: Filed
    party: str
    hearing: Hearing
    points: Sequence[str]
    now: datetime
    numbers: Sequence[int] = ()
    elsewhere: Mapping[UUID, Elsewhere] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return state_of(self.laid)

    @property
    def remarks(self) -> tuple[Standing, ...]:
        return tuple(standing(facts) for facts in self.laid.remarks)

    @property
    def ending(self) -> Ending:
        return ending(self.laid.ends, self.remarks)


def card(card: Card) -> Picture:
    """The head of a referral's thread."""
    submission = card.filed.submission
    subject = blocks.words("subject", number=submission.number, party=card.party)
    shown = [elements.header(subject), elements.sections(_lines(card)), *marks.notes(submission)]
    shown += [*_points(card.points), elements.context(blocks.words("card_help"))]
    return Picture(elements.spoken(subject), [*shown, elements.actions(*_buttons(card))])


def sent_on(handover: Handover, *, here: UUID | None, elsewhere: Mapping[UUID, Elsewhere]) -> Picture:
    """The line in a thread, `here`, that says where its submission was sent on to, or whence it came."""
    if handover.to_referral_id == here:
        told = [elements.raw(f"{_say('came_lead')} "), *_there(elsewhere[handover.referral_id])]
    elif handover.to_referral_id is None:
        told = [elements.raw(_say("given_back_lead"))]
    else:
        told = [elements.raw(f"{_say('sent_lead')} "), *_there(elsewhere[handover.to_referral_id])]
    by = [*_by([handover.handed_by]), elements.raw(": ")]
    block = elements.rich(elements.section([*told, *by, elements.raw(handover.reason)]))
    return Picture(elements.spoken(_say("sent_summary")), [block])


def given_back(
    filed: Filed, laid: Laid, *, party: str, handover: Handover, options: Sequence[Json]
) -> Picture:
    """The question to the coordinator whose a submission is; without options, what came of it."""
    lead = blocks.words("placement_lead", number=filed.submission.number, party=party)
    told = [elements.raw(_say("given_back", name=laid.seat.name)), *_by([handover.handed_by])]
    told.append(elements.raw(f": {handover.reason}"))
    head = [elements.header(lead), elements.rich(elements.section(told))]
    if not options:
        to = [each.seat.name for each in filed.referrals if _answers_for(each, handover)]
        return Picture(elements.spoken(lead), [*head, elements.context(_say("given_back_done", names=to))])
    ask = blocks.choosing(options, told=blocks.words("placement_reason", sure=True))
    button = elements.button(
        blocks.PLACE_AGAIN, blocks.words("placement_button"), str(handover.id), style="primary"
    )
    shown = [*head, *blocks.opening(filed), ask, elements.actions(button)]
    return Picture(elements.spoken(lead), shown)


def mail_name(number: int) -> str:
    """The name of the file that holds the mail of a submission."""
    return _say("mail_name", number=number)


def is_split(text: str) -> bool:
    """Whether a submission's text does not fit into one message."""
    split = messages(text, most=1)
    return bool(split.rest)


def _answers_for(laid: Laid, handover: Handover) -> bool:
    """Whether this referral is where a submission went that was given back."""
    return any(
        each.referral_id == handover.referral_id and each.handed_at >= handover.handed_at
        for each in laid.ends.received
    )


def _lines(card: Card) -> Iterator[list[Json]]:
    submission, hearing = card.filed.submission, card.hearing
    received = blocks.words("received", submission=submission) + marks.late(card.filed, hearing)
    yield elements.line(blocks.words("received_label"), received)
    yield elements.line(blocks.words("answer_label"), _deadline(card))
    if card.laid.referral.theme:
        yield elements.line(_say("theme_label"), card.laid.referral.theme)
    yield [
        *elements.line(blocks.words("state_label"), blocks.words("state", state=card.state)),
        *_state(card),
    ]
    missing = _missing(card)
    if missing:
        yield elements.line(_say("missing_label"), missing)
    change = card.laid.ends.change
    if change is not None:
        yield elements.line(
            _say("change_label"),
            _say("change", verdict=change.verdict, what=change.what, settled=change.settled),
        )
    for handover in card.laid.ends.received[-1:]:
        there = _there(card.elsewhere[handover.referral_id])
        label = elements.raw(f"{_say('came_label')}: ", bold=True)
        yield [label, *there, elements.raw(f": {handover.reason}")]
    if card.filed.attachments:
        count, shown = len(card.filed.attachments), veil(card.filed.party, card.hearing).lifted
        yield elements.line(blocks.words("files_label"), blocks.words("files", count=count, shown=shown))
    yield from marks.lines(card.filed, numbers=card.numbers)


def _deadline(card: Card) -> str:
    until = card.hearing.answer_deadline
    told = blocks.words("answer", moment=until)
    if card.state in _DONE:
        return told
    left = days_left(until, now=card.now)
    return f"{told} ({_say('days', left=left, over=card.now > until, long_over=LONG_OVER)})"


def _state(card: Card) -> Iterator[Json]:
    """Yield who brought it there."""
    end, said_yes = card.ending, approvers(card.remarks)
    if end.sent_on:
        to = [each for each in end.sent_on if each.to_referral_id is not None]
        yield from _sent_on([card.elsewhere[each.to_referral_id] for each in to if each.to_referral_id])
        yield from _by(list(dict.fromkeys(each.handed_by for each in end.sent_on)))
    elif end.no_remarks is not None and end.no_remarks.settled:
        yield elements.raw(f"{_say('said_by')} ")
        yield elements.person(end.no_remarks.said_by)
    elif said_yes:
        counted = [remark for remark in card.remarks if not remark.void]
        done = sum(1 for remark in counted if remark.approval is not None)
        told = _say("approved_by", state=card.state, done=done, total=len(counted))
        yield elements.raw(f"{told} " if told.startswith(",") else f" {told} ")
        yield from elements.people(said_yes, last=_say("and"))


def _sent_on(places: Sequence[Elsewhere]) -> Iterator[Json]:
    for index, place in enumerate(places):
        last = index == len(places) - 1
        yield elements.raw(f" {_say('to')} " if not index else f" {_say('and')} " if last else ", ")
        yield from _there(place)


def _by(people: Sequence[str]) -> list[Json]:
    return [elements.raw(f" {_say('by')} "), *elements.people(people, last=_say("and"))]


def _there(place: Elsewhere) -> Iterator[Json]:
    """Yield the name of a department, as a link to its thread once that is known."""
    name = _say("department", name=place.department, theme=place.theme)
    yield elements.linked(place.permalink, name) if place.permalink else elements.raw(name)


def _missing(card: Card) -> str:
    """What is needed before the referral is done; empty when nothing is."""
    end, remarks = card.ending, [remark for remark in card.remarks if not remark.void]
    waiting = sum(1 for remark in remarks if remark.approval is None or remark.changed)
    if end.sent_on:
        return "" if any(each.to_referral_id for each in end.sent_on) else _say("missing_department")
    if end.no_remarks is not None and not end.no_remarks.settled:
        return _say("missing_confirmation")
    if waiting:
        return _say("missing_approval", count=waiting, again=card.state == State.CHANGED)
    if answered_before(card.laid, addition(card.filed.asked)):
        return _say("missing_look")
    return "" if remarks or end.no_remarks is not None else _say("missing_remark")


def _points(points: Sequence[str]) -> list[Json]:
    if not points:
        return []
    lead = elements.section([elements.raw(blocks.words("points"))])
    return [elements.rich(lead, elements.bullets(points))]


def _buttons(card: Card) -> list[Json]:
    """The few that are used daily in full sight, the others in a menu."""
    end, about = card.ending, str(card.laid.referral.id)
    write = elements.button(blocks.WRITE, blocks.words("write_button"), about, style="primary")
    note = elements.button(NOTE, _say("note_button"), about)
    decline = elements.button(DECLINE, _say("decline_button"), about)
    again = elements.button(REOPEN, _say("reopen_button"), about)
    submission = card.filed.submission
    whole = [WHOLE] if is_split(submission.text) else []
    if submission.channel == Channel.MAIL and may_be_shown(submission, card.filed.party, card.hearing):
        whole.append(MAIL)
    if end.sent_on:
        return [again, *_more(whole, about)]
    if end.no_remarks is not None and end.no_remarks.settled:
        return [again, *_more([CHANGE, ELSEWHERE, *whole], about)]
    if end.no_remarks is not None:
        confirm = elements.button(DECLINE, _say("confirm_decline_button"), about, style="primary")
        plain = elements.button(blocks.WRITE, blocks.words("write_button"), about)
        return [confirm, plain, again, *_more([CHANGE, ELSEWHERE, SPLIT, *whole], about)]
    if any(remark.approval is not None for remark in card.remarks):
        return [write, *_more([CHANGE, SPLIT, *whole], about)]
    return [write, note, decline, *_more([CHANGE, ELSEWHERE, SPLIT, *whole], about)]


def _more(acts: Sequence[str], about: str) -> list[Json]:
    if not acts:
        return []
    return [elements.overflow(MORE, {f"{act}:{about}": _say("more", act=act) for act in acts})]


def _say(phrase: str, **values: Any) -> str:
    return say(_CARDS, phrase, **values)
