"""The notat submission by submission: each with its summary and the remarks on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from handlers.content import Content, load, paragraphs
from handlers.hearing.parties import heading_name
from handlers.notat.front import front
from handlers.notat.order import Voice, spans, voices
from handlers.notat.remarks import answers
from handlers.notat.shape import Chapter, Role
from storage.dossier import Dossier
from templates import say

_say = partial(say, "notat/sentences.j2")


def chapters(dossier: Dossier) -> Iterator[Chapter]:
    """All of it, in printed order."""
    yield from front(dossier, about=paragraphs(_say("about")))
    for voice in voices(dossier):
        yield from _submission(voice, dossier)


def summary(voice: Voice) -> Content:
    """The account of what it says; empty when nobody wrote one."""
    return load(voice.bearer.summary.content) if voice.bearer.summary else ()


def _submission(voice: Voice, dossier: Dossier) -> Iterator[Chapter]:
    number, first = voice.first
    name = heading_name(first.party, dossier.hearing.private_persons)
    others = [each for each, _ in voice.others]
    heading = _say("submission_heading", number=number, name=name, others=len(others))
    same = paragraphs(_say("same", numbers=spans(others))) if others else ()
    yield Chapter(Role.SUBMISSION, heading, same + summary(voice))
    for answer in answers(voice.bearer, dossier):
        yield Chapter(Role.REMARK, answer.heading, answer.body)
