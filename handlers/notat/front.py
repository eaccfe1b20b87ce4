"""What stands before the submissions: who was heard, who answered, and how the notat is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from handlers.content import Content, Item, Listing, Run, paragraphs
from handlers.hearing.parties import asked_name, list_name
from handlers.notat.counting import is_late, is_left_out, is_withdrawn
from handlers.notat.order import Numbered, Voice, numbered, voices
from handlers.notat.shape import Chapter, Role
from handlers.notat.texts import heard_count, resume, run_on, text
from storage.asked import Verdict
from storage.dossier import Dossier, Filed
from storage.models import Hearing, Party
from storage.words import Channel, PrivatePersons, TextName
from templates import join, say

_say = partial(say, "notat/sentences.j2")
BY_HAND = "by_hand"
"""The rule that orders submissions which a coordinator has put in order."""


def front(dossier: Dossier, *, about: Content) -> Iterator[Chapter]:
    """The parts before the submissions; `about` says how the rest is told."""
    yield from opening(dossier)
    yield Chapter(Role.PART, _say("case_heading"), text(dossier, TextName.BACKGROUND))
    yield Chapter(Role.SECTION, _say("heard_heading"), _heard(dossier))
    yield Chapter(Role.SECTION, _say("received_heading"), received(dossier))
    yield Chapter(Role.SECTION, _say("about_heading"), run_on((*about, *annexes(dossier))))


def opening(dossier: Dossier) -> Iterator[Chapter]:
    """What stands first in every notat."""
    intro = text(dossier, TextName.INTRO)
    if intro:
        yield Chapter(Role.PART, _say("intro_heading"), intro)
    yield Chapter(Role.PART, _say("resume_heading"), resume(dossier))


def annexes(dossier: Dossier) -> Content:
    """Where the submissions can be read."""
    return text(dossier, TextName.ANNEXES) or paragraphs(_say("annexes"))


def heard_names(heard: Sequence[Party], rule: PrivatePersons) -> str:
    """The parties that were asked as one running sentence, a group's members in brackets after it."""
    groups: dict[str, list[str]] = {}
    for number, party in enumerate(heard):
        groups.setdefault(party.group or f"\0{number}", []).append(asked_name(party, rule))
    sentence = join(
        names[0] if group[0] == "\0" else f"{group} ({join(names)})" for group, names in groups.items()
    )
    return sentence if sentence.endswith(".") or not sentence else f"{sentence}."


def received(dossier: Dossier) -> Content:
    """The list of what was received, and how much of it is not in the notat."""
    hearing, ordered = dossier.hearing, tuple(numbered(dossier))
    rule = BY_HAND if dossier.edits.submissions else hearing.order.value
    lead = paragraphs(_say("received", count=len(ordered), rule=rule))
    items = tuple(_points(ordered, voices(dossier), hearing))
    return (*lead, *([Listing(items)] if items else ()), *_left_out(dossier))


def _heard(dossier: Dossier) -> Content:
    named = heard_names(dossier.heard, dossier.hearing.private_persons)
    asked = paragraphs(_say("heard", count=heard_count(dossier))) + paragraphs(named)
    return asked + text(dossier, TextName.FORWARDING) + text(dossier, TextName.PUBLICATION)


def _points(ordered: Iterable[Numbered], chapters: Iterable[Voice], hearing: Hearing) -> Iterator[Item]:
    same_as = {number: voice.first[0] for voice in chapters for number, _ in voice.others}
    for number, filed in ordered:
        yield Item((Run(_listed(filed, hearing, same_as=same_as.get(number, 0))),), ordered=True)


def _listed(filed: Filed, hearing: Hearing, *, same_as: int) -> str:
    name, told = list_name(filed.party, hearing.private_persons), {each.verdict for each in filed.followed}
    return _say(
        "listed", name=name, mail=filed.submission.channel == Channel.MAIL, late=is_late(filed, hearing),
        replaced=Verdict.REPLACES in told, supplemented=Verdict.SUPPLEMENT in told, same_as=same_as,
    )  # fmt: skip


def _left_out(dossier: Dossier) -> Content:
    withdrawn = sum(1 for filed in dossier.submissions if is_withdrawn(filed))
    late = sum(
        1 for filed in dossier.submissions if not is_withdrawn(filed) and is_left_out(filed, dossier.hearing)
    )
    return run_on(paragraphs(_say("left_out", withdrawn=withdrawn, late=late)))
