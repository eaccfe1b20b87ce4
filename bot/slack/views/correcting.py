"""The form in which a remark is corrected: the texts written in forms, and the place of each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.payloads import Form
from bot.slack.views import blocks
from bot.slack.views.split import short
from handlers.content import Content, load, plain
from handlers.talk.collect import MODAL
from handlers.talk.correct import Correction
from storage.remarks import RemarkFacts
from storage.talk import Reply

Json = dict[str, Any]

_TEXT, _PLACE = "text", "place"
_SHOWN = 150


def correction(facts: RemarkFacts) -> Json:
    """The modal; what was written in a thread is corrected there, by who wrote it."""
    fields = [field for number, part in enumerate(facts.parts, 1) for field in _part(part, number, facts)]
    return blocks.modal(blocks.EDIT_FORM, blocks.words("correct_title"), fields, about=str(facts.remark.id))


def texts(form: Form, written: Mapping[str, Content]) -> tuple[Correction, ...]:
    """The texts that came in, in the order of their fields, as they were read."""
    found = ((field, field.split(" ", 2), body) for field, body in form.texts.items())
    return tuple(
        Correction(message, opened, written[field], body) for field, (_, opened, message), body in found
    )


def field_of(form: Form, message: str) -> str:
    """The field in which a message's text stands."""
    return next(field for field in form.texts if field.split(" ", 2)[2] == message)


def places(form: Form) -> Mapping[str, int]:
    """The new places of the parts that were moved or taken out, by their messages.

    The others may have been moved by somebody else since the form was opened.
    """
    chosen = ((field.split(" ", 2), value) for field, value in form.fields.items())
    return {message: int(value) for (_, opened, message), value in chosen if value != opened}


def _part(part: Reply, number: int, facts: RemarkFacts) -> Iterator[Json]:
    label = blocks.words("correct_place")
    if part.message.startswith(MODAL):
        yield blocks.rich_field(
            blocks.words("remark_modal_label"), hint=blocks.words("remark_modal_hint"),
            content=load(part.content), name=f"{_TEXT} {part.digest} {part.message}",
        )  # fmt: skip
    else:
        text = short(plain(load(part.content)), _SHOWN)
        label = blocks.words("correct_message", text=text, deleted=part.deleted)
    count = len(facts.parts)
    options = {str(nth): blocks.words("correct_nth", number=nth, count=count) for nth in range(1, count + 1)}
    options["0"] = blocks.words("correct_out")
    yield blocks.choice_field(f"{_PLACE} {number} {part.message}", label, options, value=str(number))
