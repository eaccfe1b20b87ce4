"""The home tab as Block Kit: what waits for a person, and for coordinators the hearing at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.slack.views import blocks, elements
from bot.slack.views.elements import Json
from handlers.waiting import Bar, Glance, Unanswered, Waits
from storage.models import Hearing
from templates import say

OPEN, MISSING, NOTAT, FINAL, REFRESH = (
    "home_open", "home_missing", "home_notat", "home_final", "home_refresh",
)  # fmt: skip

_HOME = "slack/home.j2"
_MOST_BLOCKS = 100
_MOST_ROWS, _MOST_QUESTIONS, _MOST_BARS = 15, 10, 40
_CELLS = 10

Link = Callable[[Waits | Unanswered], str]
"""Where to go for something: a link to a message in Slack, empty while it is not there."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What one hearing holds for a person; `glance` is None for who does not coordinate it."""

    hearing: Hearing
    mine: tuple[Waits, ...] = ()
    others: tuple[Waits, ...] = ()
    approve: tuple[Waits, ...] = ()
    glance: Glance | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.mine or self.others or self.approve or self.glance)


def home(agendas: Sequence[Agenda], *, link: Link, now: datetime) -> Json:
    """The view to publish: what waits for a yes first, then what one is at, then the rest."""
    rows = [*_waiting(agendas, link=link, now=now), *_glances(agendas, link=link)]
    if not rows:
        rows = [elements.header(_say("nothing_title")), elements.section_of(_say("nothing"))]
    refresh = elements.actions(elements.button(REFRESH, _say("refresh_button"), REFRESH))
    return {"type": "home", "blocks": [*_fitting(rows), refresh]}


def _fitting(rows: Sequence[Json]) -> list[Json]:
    """As many rows as there is room for beside one button, and how many things are left out, and where."""
    if len(rows) < _MOST_BLOCKS:
        return [*rows]
    shown, rest = rows[: _MOST_BLOCKS - 2], rows[_MOST_BLOCKS - 2 :]
    things = sum(1 for row in rest if row["type"] in {"section", "header"})
    return [*shown, elements.context(_say("cut", count=things))]


def phrase(name: str) -> str:
    """A title of a modal that the home tab opens."""
    return _say(name)


def _waiting(agendas: Sequence[Agenda], *, link: Link, now: datetime) -> Iterator[Json]:
    for kind in ("approve", "mine", "others"):
        rows = [(agenda.hearing, row) for agenda in agendas for row in getattr(agenda, kind)]
        if not rows:
            continue
        yield elements.header(_say(f"{kind}_title", count=len(rows)))
        for hearing, row in rows[:_MOST_ROWS]:
            yield _row(row, hearing, kind=kind, link=link(row), now=now)
        if len(rows) > _MOST_ROWS:
            yield elements.context(_say("more", count=len(rows) - _MOST_ROWS))


def _row(row: Waits, hearing: Hearing, *, kind: str, link: str, now: datetime) -> Json:
    deadline = hearing.answer_deadline
    text = _say("row", row=row, deadline=deadline, over=deadline < now)
    if link:
        label = _say("read_button" if kind == "approve" else "open_button")
        return elements.section_of(text, elements.link(OPEN, label, link))
    write = elements.button(blocks.WRITE, _say("write_button"), str(row.referral_id))
    return elements.section_of(text, None if kind == "approve" else write)


def _glances(agendas: Sequence[Agenda], *, link: Link) -> Iterator[Json]:
    for agenda in agendas:
        if agenda.glance is not None:
            yield from _glance(agenda.hearing, agenda.glance, link=link)


def _glance(hearing: Hearing, glance: Glance, *, link: Link) -> Iterator[Json]:
    yield elements.header(_say("glance_title", title=hearing.title))
    yield elements.context(_say("deadlines", hearing=hearing))
    yield elements.section_of(_say("counts", glance=glance))
    if glance.is_stuck:
        yield elements.section_of(_say("stuck", glance=glance))
    if glance.bars:
        yield elements.sections(_bar(bar) for bar in glance.bars[:_MOST_BARS])
    if len(glance.bars) > _MOST_BARS:
        yield elements.context(_say("more_bars", count=len(glance.bars) - _MOST_BARS))
    yield elements.actions(
        elements.button(MISSING, _say("missing_button"), str(hearing.id)),
        elements.button(NOTAT, _say("notat_button"), str(hearing.id), style="primary"),
        elements.button(FINAL, _say("final_button"), str(hearing.id)),
    )
    if glance.questions:
        yield elements.section_of(_say("questions_title", count=len(glance.questions)))
    for asked in glance.questions[:_MOST_QUESTIONS]:
        there = link(asked)
        button = elements.link(OPEN, _say("question_button"), there) if there else None
        yield elements.section_of(_say("question", about=asked.about, number=asked.number), button)
    if len(glance.questions) > _MOST_QUESTIONS:
        yield elements.context(_say("more", count=len(glance.questions) - _MOST_QUESTIONS))


def _bar(bar: Bar) -> list[Json]:
    """Full only when all is done, and never quite empty when something is."""
    filled = _CELLS * bar.done // bar.total if bar.total else 0
    filled = max(filled, 1) if bar.done else filled
    drawn = f"{_say('bar', filled=filled, cells=_CELLS)}  " if bar.total else ""
    return [elements.raw(f"{bar.department}\n", bold=True), elements.raw(drawn + _say("bar_of", bar=bar))]


def _say(phrase: str, **values: Any) -> str:
    return say(_HOME, phrase, **values)
