"""Views of our values as Block Kit. A citizen's words are raw text elements, never mrkdwn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views import elements
from bot.slack.views.split import cut, messages, short, units
from handlers.content import Content
from handlers.richtext.rich_text import rich_text
from handlers.rules import Refusal
from storage.dossier import Filed
from storage.hearings import Seat
from templates import say

Json = dict[str, Any]

_WORDS = "slack/words.j2"
_OPENING = 4_000  # signs of a submission in a question, beside the evidence for each department
_EVIDENCE = 3_000
_MOST_FILES = 10
_MOST_PASSAGES = 2
JOIN, NEW = "join", "new"
WRITE, APPROVE, EDIT, WITHDRAW = "write_remark", "approve_remark", "edit_remark", "withdraw_approval"
PLACE, PLACE_AGAIN, CHOOSE = "place", "place_again", "departments"
REMARK_FORM, EDIT_FORM, SUMMARY_FORM = "remark_form", "edit_form", "summary_form"
PARTY_FORM = "party_form"
ORDER_FORM, REMARKS_FORM, TEXT_FORM = "order_form", "remarks_form", "text_form"


def words(phrase: str, **values: Any) -> str:
    """One of our own Danish phrases."""
    return say(_WORDS, phrase, **values)


def reason(refusal: Refusal) -> str:
    """Why not, as a sentence."""
    return say("slack/refusals.j2", refusal.why, refusal=refusal)


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
    initial = [option(seat) for seat in seats if seat.key in passages]
    button = elements.button(PLACE, words("placement_button"), str(filed.submission.id), style="primary")
    told = words("placement_reason", sure=sure)
    ask = choosing([option(seat) for seat in seats], told=told, initial=initial)
    shown = [*opening(filed), *_evidence(seats, passages)]
    blocks = [*head, *shown, ask, elements.actions(button)]
    return Picture(elements.spoken(lead), blocks)


def opening(filed: Filed) -> list[Json]:
    """As much of a submission as a question to a coordinator shows, and that the rest follows as a file."""
    text = filed.submission.text
    split = messages(text, most=1, room=_OPENING)
    cut = [elements.context(words("placement_cut"))] if split.rest else []
    names = [short(file.name, 80) for file in filed.attachments]
    more = len(names) - _MOST_FILES
    told = words("placement_files", names=names[:_MOST_FILES], more=max(more, 0))
    files = [elements.context(told)] if names else []
    return [
        *(split.messages[0] if split.messages else [elements.context(words("placement_empty"))]),
        *cut,
        *files,
    ]


def is_cut(text: str) -> bool:
    """Whether a question to a coordinator shows only the beginning of a text."""
    return bool(messages(text, most=1, room=_OPENING).rest)


def choosing(options: Sequence[Json], *, told: str, initial: Sequence[Json] = ()) -> Json:
    """The menu in which a coordinator chooses departments."""
    choose: Json = {
        "type": "multi_static_select", "action_id": CHOOSE, "options": list(options),
        "placeholder": elements.plain(words("placement_choose")),
        **({"initial_options": list(initial)} if initial else {}),
    }  # fmt: skip
    return {"type": "section", "block_id": "placement", "text": elements.plain(told), "accessory": choose}


def modal(callback: str, title: str, fields: Sequence[Json], *, about: str, send: str = "") -> Json:
    """A modal of input blocks; `send` is the label of its button, when another than "save"."""
    save, cancel = elements.plain(send or words("save")), elements.plain(words("cancel"))
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


def text_field(
    name: str, label: str, *, value: str = "", optional: bool = False, most: int = 300, hint: str = "",
    lines: bool = False,
) -> Json:  # fmt: skip
    """Plain text of `most` signs, on one line or on several `lines`."""
    element: Json = {"type": "plain_text_input", "action_id": "text", "max_length": most}
    element |= {"multiline": True} if lines else {}
    # Sent in untouched, it must be what it was.
    initial = value[: cut(value, most)] if lines else short(value, most)
    filled = element | ({"initial_value": initial} if value else {})
    told = {"hint": elements.plain(hint)} if hint else {}
    return _input(name, label, filled) | {"optional": optional} | told


def choice_field(
    name: str, label: str, options: Mapping[str, str], *, value: str = "", placeholder: str = ""
) -> Json:
    """One of several options, value to text; without a `value` nothing is chosen from the start."""
    shown = {key: {"text": elements.plain(short(text, 75)), "value": key} for key, text in options.items()}
    element: Json = {"type": "static_select", "action_id": "choice", "options": list(shown.values())}
    element |= {"initial_option": shown[value]} if value else {}
    element |= {"placeholder": elements.plain(placeholder)} if placeholder else {}
    return _input(name, label, element)


def radio_field(name: str, label: str, options: Mapping[str, str], *, value: str = "") -> Json:
    """A few options in full sight, value to text; the first is chosen from the start unless `value` is."""
    shown = [{"text": elements.plain(text), "value": key} for key, text in options.items()]
    first = next((each for each in shown if each["value"] == value), shown[0])
    element = {"type": "radio_buttons", "action_id": "choice", "options": shown, "initial_option": first}
    return _input(name, label, element)


def _input(name: str, label: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": elements.plain(short(label, 2_000)),
        "element": element,
    }


def _evidence(seats: Sequence[Seat], passages: Mapping[str, Sequence[str]]) -> list[Json]:
    """A few passages for each department, as far as there is room; of the others the names."""
    found, unshown, room = list[Json](), list[str](), _EVIDENCE
    for seat in (seat for seat in seats if passages.get(seat.key)):
        told = _some(passages[seat.key])
        room -= units(seat.name) + sum(map(units, told))
        if room < 0:
            unshown.append(short(seat.name, 75))
            continue
        found.append(
            elements.rich(elements.section([elements.raw(seat.name, bold=True)]), elements.bullets(told))
        )
    also = words("placement_also", names=unshown[:_MOST_FILES], more=len(unshown[_MOST_FILES:]))
    return [*found, *([elements.context(also)] if unshown else [])]


def _some(passages: Sequence[str]) -> list[str]:
    more = len(passages) - _MOST_PASSAGES
    told = [words("placement_evidence_more", count=more)] if more > 0 else []
    return [*passages[:_MOST_PASSAGES], *told]


def option(seat: Seat) -> Json:
    """A department to choose."""
    return {"text": elements.plain(short(seat.name, 75)), "value": seat.key}
