"""The notat by topic: under each department what was said, the answer to it, and the change it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from handlers.content import paragraphs
from handlers.notat.front import front
from handlers.notat.shape import Chapter, Role
from handlers.notat.told import Summaries, answered, changed, headed, spoken_of
from handlers.notat.topics import Topic, by_department, unasked
from storage.dossier import Dossier
from storage.words import PartyKind
from templates import say

_say = partial(say, "notat/layouts.j2")


def chapters(dossier: Dossier) -> Iterator[Chapter]:
    """All of it, in printed order; whatever was laid before nobody comes last."""
    yield from front(dossier, about=paragraphs(_say("about_topics")))
    summaries = Summaries(dossier.hearing)
    for seat, topics in by_department(dossier):
        yield Chapter(Role.PART, seat.name)
        for topic in topics:
            yield from _topic(topic, summaries, department=seat.name)
    left = unasked(dossier)
    if left:
        heading = _say("rest_heading")
        yield Chapter(Role.PART, heading, summaries.of(left, under=heading))


def topic_heading(topic: Topic) -> str:
    """Its name, after how many speak of it, and whether organisations and local committees do."""
    return _say(
        "topic_heading", name=topic.name, count=len(topic.numbers),
        organisations=bool(topic.kinds - {PartyKind.BORGER, PartyKind.LOKALUDVALG}),
        committees=PartyKind.LOKALUDVALG in topic.kinds,
    )  # fmt: skip


def _topic(topic: Topic, summaries: Summaries, *, department: str) -> Iterator[Chapter]:
    place = _say("place", topic=topic.name, department=department)
    yield Chapter(Role.SUBMISSION, topic_heading(topic), spoken_of(topic, summaries, under=place))
    given = [(matter.voice, answer) for matter in topic.matters for answer in matter.answers]
    for heading, own in headed(given).items():
        yield Chapter(Role.REMARK, heading or _say("answer_heading"), answered(topic, own))
    change = changed(topic.matters)
    if change:
        yield Chapter(Role.REMARK, _say("change_heading"), change)
