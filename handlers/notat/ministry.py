"""The notat as ministries have it: a table of who was heard, then point by point, then the changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from handlers.content import Content, paragraphs
from handlers.hearing.parties import alphabet, asked_name, heading_name
from handlers.local_time import COPENHAGEN
from handlers.notat.changes import changes
from handlers.notat.counting import counted
from handlers.notat.front import annexes, opening, received
from handlers.notat.remarks import remark_heading
from handlers.notat.shape import Body, Chapter, Role, Table
from handlers.notat.texts import heard_count, listed_changes, run_on, text
from handlers.notat.told import Given, Summaries, answered, headed, spoken_of
from handlers.notat.topics import Topic, across, unasked
from handlers.routing.suggest import says_nothing
from storage.asked import Verdict
from storage.dossier import Dossier, Filed
from storage.models import Hearing
from storage.words import HeadingForm, PartyKind, TextName
from templates import say

_say = partial(say, "notat/layouts.j2")


def chapters(dossier: Dossier) -> Iterator[Chapter]:
    """All of it, in printed order; whatever was laid before nobody is a point of its own."""
    yield from opening(dossier)
    yield Chapter(Role.PART, _say("hearing_heading"), _hearing(dossier))
    yield Chapter(Role.SECTION, _say("parties_heading"), _parties(dossier))
    yield Chapter(Role.SECTION, _say("received_heading"), received(dossier))
    about = paragraphs(_say("about_points"))
    yield Chapter(Role.PART, _say("points_heading"), run_on((*about, *annexes(dossier))))
    yield from _points(dossier)
    yield Chapter(Role.PART, _say("changes_heading"), _changes(dossier))


def days(hearing: Hearing) -> int:
    """How many days the hearing lasts by the calendar, the first and the last among them."""
    first, last = (at.astimezone(COPENHAGEN).date() for at in (hearing.opens, hearing.deadline))
    return (last - first).days + 1


def has_remarks(filed: Filed) -> bool:
    """Whether a submission says more than that it has nothing to say; its files are taken to do so."""
    if filed.attachments:
        return True
    said = [filed.submission.text]
    for each in filed.followed:
        if each.verdict == Verdict.REPLACES:
            said = [each.follow_up.text]
        elif each.verdict == Verdict.SUPPLEMENT:
            said.append(each.follow_up.text)
    return not says_nothing("\n\n".join(said))


def _hearing(dossier: Dossier) -> Content:
    hearing = dossier.hearing
    period = paragraphs(_say("period", hearing=hearing, days=days(hearing)))
    return (
        *text(dossier, TextName.BACKGROUND),
        *period,
        *text(dossier, TextName.PUBLICATION),
        *text(dossier, TextName.FORWARDING),
    )


def _parties(dossier: Dossier) -> Body:
    lead = paragraphs(_say("heard", heard=heard_count(dossier)))
    table = (_table(dossier),) if dossier.heard else ()
    return (*lead, *table, *paragraphs(_unheard(dossier)))


def _table(dossier: Dossier) -> Table:
    """Those that were heard by the alphabet, with a tick for whether and how they answered."""
    answers: dict[object, list[bool]] = defaultdict(list)
    for filed in counted(dossier):
        answers[filed.party.id].append(has_remarks(filed))
    rule, tick = dossier.hearing.private_persons, _say("tick")
    rows = []
    for party in dossier.heard:
        name, said = asked_name(party, rule), answers.get(party.id, [])
        shown = f"{party.group}: {name}" if party.group else name
        ticks = bool(said), any(said), bool(said) and not any(said), not said
        rows.append((shown[:1].upper() + shown[1:], *(tick if yes else "" for yes in ticks)))
    columns = ("party", "has_answered", "with_remarks", "without_remarks", "not_answered")
    header = tuple(_say(f"column_{column}") for column in columns)
    return Table(_say("table_caption"), header, tuple(sorted(rows, key=lambda row: alphabet(row[0]))))


def _unheard(dossier: Dossier) -> str:
    """A sentence about those that answered without having been asked."""
    heard, rule = {party.id for party in dossier.heard}, dossier.hearing.private_persons
    others = {filed.party.id: filed.party for filed in counted(dossier) if filed.party.id not in heard}
    names = [heading_name(each, rule) for each in others.values() if each.kind != PartyKind.BORGER]
    persons = len(others) - len(names)
    return _say("unheard", names=sorted(names, key=alphabet), persons=persons)


def _points(dossier: Dossier) -> Iterator[Chapter]:
    summaries, number = Summaries(dossier.hearing), 0
    for number, topic in enumerate(across(dossier), 1):
        yield from _point(topic, summaries, number=number, form=dossier.hearing.heading_form)
    left = unasked(dossier)
    if left:
        heading = _say("point_heading", number=number + 1, name=_say("rest_heading"))
        yield Chapter(Role.SUBMISSION, heading, summaries.of(left, under=heading))


def _point(topic: Topic, summaries: Summaries, *, number: int, form: HeadingForm) -> Iterator[Chapter]:
    heading = _say("point_heading", number=number, name=topic.name)
    yield Chapter(Role.SUBMISSION, heading, spoken_of(topic, summaries, under=heading))
    given: dict[object, list[Given]] = defaultdict(list)
    for matter in topic.matters:
        given[matter.laid.seat.id].extend((matter.voice, answer) for answer in matter.answers)
    for own in given.values():
        for by_hand, alike in headed(own).items():
            body, seat = answered(topic, alike), alike[0][1].laid.seat
            yield Chapter(Role.REMARK, by_hand or remark_heading(seat, body, form=form), body)


def _changes(dossier: Dossier) -> Content:
    written = text(dossier, TextName.CHANGES)
    listed = listed_changes(changes(dossier))
    return (*written, *listed) or paragraphs(_say("no_changes"))
