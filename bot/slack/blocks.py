"""Views of our values as Block Kit. A citizen's words are raw text elements, never mrkdwn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack import elements, marks
from bot.slack.board import Picture
from bot.slack.split import messages, short
from handlers.content import Content, plain
from handlers.richtext.rich_text import rich_text
from handlers.talk.progress import Standing, State, approvers
from storage.dossier import Filed
from storage.hearings import Seat
from storage.models import Hearing
from templates import say

Json = dict[str, Any]

_WORDS = "slack/words.j2"
_SHOWN_AT_MOST = 7_000
JOIN, NEW = "join", "new"
WRITE, APPROVE, EDIT, WITHDRAW = "write_remark", "approve_remark", "edit_remark", "withdraw_approval"
PLACE, CHOOSE = "place", "departments"
REMARK_FORM, EDIT_FORM, SUMMARY_FORM = "remark_form", "edit_form", "summary_form"
PARTY_FORM = "party_form"


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a referral shows; `numbers` are those of the submissions that stand behind it."""

    referral_id: str
    filed: Filed
    party: str
    hearing: Hearing
    points: Sequence[str]
    state: State
    remarks: Sequence[Standing]
    numbers: Sequence[int] = ()


def words(phrase: str, **values: Any) -> str:
    """One of our own Danish phrases."""
    return say(_WORDS, phrase, **values)


def card(card: Card) -> Picture:
    """The head of a referral's thread."""
    submission, hearing = card.filed.submission, card.hearing
    subject = words("subject", number=submission.number, party=card.party)
    late = marks.late(card.filed, hearing)
    lines = [
        _line("received_label", words("received", submission=submission) + late),
        _line("answer_label", words("answer", moment=hearing.answer_deadline)),
        _state(card),
    ]
    if card.filed.attachments:
        lines.append(_line("files_label", words("files", count=len(card.filed.attachments))))
    lines.extend(marks.lines(card.filed, numbers=card.numbers))
    blocks = [elements.header(subject), elements.sections(lines), *marks.notes(card.filed.submission)]
    blocks += [*_points(card.points), elements.context(words("card_help"))]
    write = elements.button(WRITE, words("write_button"), card.referral_id, style="primary")
    return Picture(elements.spoken(subject), [*blocks, elements.actions(write)])


def text(text: str, *, part: int) -> tuple[Picture, bool]:
    """One message of a submission's text (parts count from 1), and whether more must follow."""
    split = messages(text)
    if not split.messages:
        return elements.bare(words("empty_text")), False
    lead = words("text_lead", part=part)
    body = split.messages[part - 1] if part <= len(split.messages) else []  # the text was longer once
    return Picture(lead, [elements.context(lead), *body]), part < len(split.messages)


def too_long(text: str) -> bool:
    """Whether the messages do not hold the whole text, so that it must follow as a file."""
    return bool(messages(text).rest)


def placement(
    filed: Filed, *, party: str, seats: Sequence[Seat], passages: Mapping[str, Sequence[str]], sure: bool
) -> Picture:
    """The question to the coordinator, or where it was answered."""
    number = filed.submission.number
    lead = words("placement_lead", number=number, party=party)
    head = [elements.header(short(lead, 150))]
    if filed.referrals:
        placed = words("placed", names=[laid.seat.name for laid in filed.referrals])
        return Picture(elements.spoken(lead), [*head, elements.context(placed)])
    options = [_option(seat) for seat in seats]
    initial = [_option(seat) for seat in seats if seat.key in passages]
    body = messages(filed.submission.text, most=1).messages
    choose: Json = {
        "type": "multi_static_select", "action_id": CHOOSE, "options": options,
        "placeholder": elements.plain(words("placement_choose")),
        **({"initial_options": initial} if initial else {}),
    }  # fmt: skip
    button = elements.button(PLACE, words("placement_button"), str(filed.submission.id), style="primary")
    told = elements.plain(words("placement_reason", sure=sure))
    ask = {"type": "section", "block_id": "placement", "text": told, "accessory": choose}
    blocks = [*head, *(body[0] if body else ()), *_evidence(seats, passages), ask, elements.actions(button)]
    return Picture(elements.spoken(lead), blocks)


def is_shown_whole(content: Content) -> bool:
    """Whether one message shows all of it."""
    return sum(len(plain((block,))) for block in content) <= _SHOWN_AT_MOST


def modal(callback: str, title: str, fields: Sequence[Json], *, about: str) -> Json:
    """A modal of input blocks."""
    save, cancel = elements.plain(words("save")), elements.plain(words("cancel"))
    return {
        "type": "modal", "callback_id": callback, "private_metadata": about, "title": elements.plain(title),
        "submit": save, "close": cancel, "blocks": list(fields),
    }  # fmt: skip


def rich_field(label: str, *, hint: str, content: Content = (), name: str = "body") -> Json:
    """A rich text of a modal, with what stands in it already; it has the cursor when it is the only one."""
    initial = rich_text(content)
    element: Json = {"type": "rich_text_input", "action_id": "text"}
    filled = element | ({"initial_value": initial[0]} if initial else {"focus_on_load": True})
    return _input(name, label, filled) | {"hint": elements.plain(hint)}


def text_field(name: str, label: str, *, value: str = "", optional: bool = False) -> Json:
    """A line of plain text."""
    element: Json = {"type": "plain_text_input", "action_id": "text", "max_length": 300}
    filled = element | ({"initial_value": short(value, 300)} if value else {})
    return _input(name, label, filled) | {"optional": optional}


def choice_field(name: str, label: str, options: Mapping[str, str], *, value: str) -> Json:
    """One of several options, value to text."""
    shown = {key: {"text": elements.plain(text), "value": key} for key, text in options.items()}
    element = {"type": "static_select", "action_id": "choice", "options": list(shown.values())}
    return _input(name, label, element | {"initial_option": shown[value]})


def radio_field(name: str, label: str, options: Mapping[str, str]) -> Json:
    """A few options in full sight, value to text; the first is chosen from the start."""
    shown = [{"text": elements.plain(text), "value": key} for key, text in options.items()]
    element = {"type": "radio_buttons", "action_id": "choice", "options": shown, "initial_option": shown[0]}
    return _input(name, label, element)


def _input(name: str, label: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": elements.plain(short(label, 2_000)),
        "element": element,
    }


def _state(card: Card) -> list[Json]:
    line = _line("state_label", words("state", state=card.state))
    said_yes = approvers(card.remarks)
    if said_yes and card.state == State.APPROVED:
        line.append(elements.raw(f" {words('approved_by')} "))
        line.extend(elements.people(said_yes, last=words("and_word")))
    return line


def _points(points: Sequence[str]) -> list[Json]:
    if not points:
        return []
    lead = elements.section([elements.raw(words("points"))])
    return [elements.rich(lead, elements.bullets(points))]


def _evidence(seats: Sequence[Seat], passages: Mapping[str, Sequence[str]]) -> list[Json]:
    return [
        elements.rich(
            elements.section([elements.raw(seat.name, bold=True)]),
            elements.bullets(passages[seat.key][:2]),
        )
        for seat in seats
        if passages.get(seat.key)
    ]


def _line(label: str, value: str) -> list[Json]:
    return elements.line(words(label), value)


def _option(seat: Seat) -> Json:
    return {"text": elements.plain(short(seat.name, 75)), "value": seat.key}
