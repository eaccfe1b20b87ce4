"""The forms in which coordinators put a notat in order and write its texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.slack.views import blocks, elements
from bot.slack.views.split import short
from handlers.content import plain
from handlers.hearing.parties import heading_name
from handlers.notat.order import numbered
from handlers.notat.remarks import shown_heading, standing_in_order
from handlers.notat.reorder import numbered_in_the_journal
from handlers.notat.rewrite import standing_text
from handlers.rules import Refusal, Why
from handlers.talk.progress import standing
from storage.dossier import Dossier, Laid, dossier
from storage.models import Hearing, Submission
from storage.remarks import RemarkFacts
from storage.store import Store
from storage.words import TextName
from templates import say

Json = dict[str, Any]

words = partial(say, "slack/editing.j2")
NUMBER, PLACE, HEADING = "number", "place", "heading"
_LINES = 100  # in the list of submissions
_MOST = 30  # remarks that a form holds: Slack takes 100 blocks
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody typed in that form: which submission, by its number, and its new place."""

    number: str = ""
    to: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Move:
        """What stands in the form's fields."""
        return cls(fields.get(NUMBER, ""), fields.get(PLACE, ""))


async def order_form(hearing: Hearing, *, refused: tuple[Refusal, Move] | None = None, store: Store) -> Json:
    """The submissions as they are printed, and where one of them is moved to.

    After a move that was `refused`, it says why not, and what was typed still stands in it.
    """
    refusal, typed = refused or (None, Move())
    read = await dossier(hearing, store=store)
    lines = [
        words("order_line", printed=printed, number=filed.submission.number,
              party=heading_name(filed.party, hearing.private_persons))
        for printed, filed in numbered(read)
    ]  # fmt: skip
    more = [words("order_more", count=len(lines) - _LINES)] if len(lines) > _LINES else []
    shown = elements.sections([elements.raw(line)] for line in [*lines[:_LINES], *more])
    fields = [
        *([elements.section_of(f"\N{WARNING SIGN} {blocks.reason(refusal)}")] if refusal else []),
        elements.context(words("order_lead", by_hand=bool(read.edits.submissions), count=len(lines))),
        *([shown] if lines else []),
        blocks.text_field(NUMBER, words("order_number"), value=typed.number),
        blocks.text_field(PLACE, words("order_place", count=len(lines)), value=typed.to),
    ]
    return blocks.modal(blocks.ORDER_FORM, words("order_title"), fields, about=str(hearing.id))


async def remarks_form(submission: Submission, hearing: Hearing, *, store: Store) -> Json | Refusal:
    """The remarks on a submission, each with its place and its heading."""
    read = await dossier(hearing, store=store)
    filed = numbered_in_the_journal(read.submissions, submission.number)
    remarks = standing_in_order(filed, read.edits) if filed else []
    if not remarks:
        return Refusal(Why.NO_SUCH_PLACE, number=0)
    fields = [
        field
        for place, (laid, facts) in enumerate(remarks[:_MOST], 1)
        for field in _remark(place, laid, facts, read, count=len(remarks))
    ]
    if len(remarks) > _MOST:
        fields.append(elements.context(words("remarks_more", count=len(remarks) - _MOST)))
    title = words("remarks_title", number=submission.number)
    about = f"{hearing.id} {submission.number}"
    return blocks.modal(blocks.REMARKS_FORM, title, fields, about=about)


def _remark(place: int, laid: Laid, facts: RemarkFacts, read: Dossier, *, count: int) -> Iterator[Json]:
    stands = standing(facts)
    text = short(" ".join(plain(stands.content).split()), _SHOWN)
    yield elements.sections([[elements.raw(words("remark_line", department=laid.seat.name, text=text))]])
    options = {str(nth): words("remark_nth", number=nth, count=count) for nth in range(1, count + 1)}
    yield blocks.choice_field(
        f"{PLACE} {place} {facts.remark.id}", words("remark_place"), options, value=str(place)
    )
    own = read.edits.headings.get(facts.remark.id, "")
    label = words("remark_heading", heading=shown_heading(laid, facts, read))
    yield blocks.text_field(f"{HEADING} {facts.remark.id}", label, value=own, optional=True)


async def text_form(typed: str, hearing: Hearing, *, channel: str, store: Store) -> Json | Refusal:
    """One of the hearing's texts as it is printed; a resume that nobody wrote is the proposed one."""
    name = next(
        (each for each in TextName if typed in {each.value, words("text_name", name=each.value)}), None
    )
    if name is None:
        return Refusal(Why.NO_SUCH_TEXT)
    content = await standing_text(hearing, name, store=store)
    hint = words("text_hint", name=name.value)
    field = blocks.rich_field(words("text_label", name=name.value), hint=hint, content=content)
    about = f"{hearing.id} {name} {channel}"
    return blocks.modal(blocks.TEXT_FORM, words("text_title"), [field | {"optional": True}], about=about)
