"""Make a hearing what its file says it is; applied again, the same file changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from handlers.hearing.parties import alias
from handlers.hearing.plan import DepartmentPlan, Difference, HeardPlan, HearingPlan, stored
from handlers.intake.judge_late import judge_all
from handlers.notat.rewrite import file_texts
from handlers.referral.redirect import redirect
from handlers.talk.show import show_words
from storage.edited import Source
from storage.models import (
    Department,
    Hearing,
    HearingAddress,
    HearingDepartment,
    Party,
    PartyAlias,
)
from storage.store import Store


async def apply(plan: HearingPlan, *, by: str, store: Store, now: datetime) -> Hearing:
    """The hearing as it is now.

    A department that left the file gets no new referrals, and keeps those it has. An address may be several
    hearings'; what comes there is then sorted by what it says.
    """
    hearing = await store.hearings.by_key(plan.key)
    was = hearing.deadline if hearing is not None else plan.deadline
    shown = hearing.show_private_contacts if hearing is not None else plan.show_private_contacts
    if hearing is not None:
        # Whoever reads mails holds the hearing first too; in another order the two would wait for each other.
        await store.hearings.hold(hearing.id)
    else:
        hearing = Hearing(key=plan.key, **_facts(plan))
        store.add(hearing)
    for name, value in _facts(plan).items():
        setattr(hearing, name, value)
    await store.session.flush()
    await _apply_addresses(hearing, plan.addresses, store=store)
    await _apply_departments(hearing, plan, store=store)
    await _apply_heard(hearing, plan.heard, store=store)
    await file_texts(hearing, by=by, store=store, now=now)
    if was != hearing.deadline:
        await judge_all(hearing, was=was, store=store, now=now)
    if shown != hearing.show_private_contacts:
        await show_words(hearing.id, store=store)
    moved = await redirect(hearing, await store.hearings.seats(hearing.id), store=store)
    store.note("hearing_applied", by=by, at=now, hearing_id=hearing.id, posts_moved=moved)
    return hearing


async def shared_addresses(plan: HearingPlan, *, store: Store) -> tuple[Difference, ...]:
    """The addresses that are other hearings' too."""
    known, mine = await store.hearings.addresses(), await store.hearings.by_key(plan.key)
    keys = {hearing.id: hearing.key for hearing in await store.hearings.all()}
    others = {
        address: sorted(keys[each] for each in known.get(address, ()) if mine is None or each != mine.id)
        for address in plan.addresses
    }
    return tuple(
        Difference("addresses", None, f"{address} (shared with {', '.join(names)})")
        for address, names in others.items()
        if names
    )


async def shared_names(plan: HearingPlan, *, store: Store) -> tuple[Difference, ...]:
    """What the plan changes in other hearings too: a department has the same names in all of them."""
    known = await store.hearings.departments([department.key for department in plan.departments])
    others = await store.hearings.others_with(plan.key, [department.id for department in known.values()])
    return tuple(
        Difference(f"departments[{wanted.key}].{name} in {', '.join(others[known[wanted.key].id])}", was, is_)
        for wanted in plan.departments
        if wanted.key in known and known[wanted.key].id in others
        for name, was, is_ in (
            ("name", known[wanted.key].name, wanted.name),
            ("short", known[wanted.key].short, wanted.short),
            ("genitive", known[wanted.key].genitive, wanted.genitive),
        )
        if was != is_
    )


async def texts_by_hand(plan: HearingPlan, *, store: Store) -> tuple[Difference, ...]:
    """The texts that the plan changes and a coordinator has edited since: they stay as edited."""
    hearing = await store.hearings.by_key(plan.key)
    if hearing is None:
        return ()
    newest = await store.edits.texts(hearing.id)
    return tuple(
        Difference(f"texts.{name}", f"edited by hand on {text.written_at:%Y-%m-%d}", "stays as edited")
        for name, text in newest.items()
        if text.source == Source.HAND and hearing.texts.get(name, "") != plan.texts.get(name, "")
    )


def _facts(plan: HearingPlan) -> dict[str, Any]:
    same = (
        "title", "municipality", "case_number", "opens", "deadline", "answer_deadline", "four_eyes", "refer",
        "coordination_channel", "heading_form", "order", "layout", "private_persons", "show_private_contacts",
    )  # fmt: skip
    facts: dict[str, Any] = {name: getattr(plan, name) for name in same}
    return facts | {"coordinators": list(plan.coordinators), "texts": dict(plan.texts), "plan": stored(plan)}


async def _apply_addresses(hearing: Hearing, addresses: Iterable[str], *, store: Store) -> None:
    mine = {row.address for row in await store.hearings.own_addresses(hearing.id)}
    wanted = set(addresses)
    await store.hearings.give_up(hearing.id, mine - wanted)
    store.add(*(HearingAddress(address=address, hearing_id=hearing.id) for address in sorted(wanted - mine)))


async def _apply_departments(hearing: Hearing, plan: HearingPlan, *, store: Store) -> None:
    known = await store.hearings.departments([department.key for department in plan.departments])
    places = await store.hearings.places(hearing.id)
    for place in places.values():
        # Freed first, so that departments can swap channels or hand over ownership in one file.
        place.retired, place.owner, place.channel = True, False, f"retired:{place.id}"
    await store.session.flush()
    for position, wanted in enumerate(plan.departments):
        department = known.get(wanted.key) or Department(key=wanted.key, name="", short="")
        department.name, department.short = wanted.name, wanted.short
        department.genitive = wanted.genitive
        place = places.get(department.id) or HearingDepartment(
            hearing_id=hearing.id, department_id=department.id, channel="", approvers=[], deputies=[],
            topics=[], position=0, owner=False,
        )  # fmt: skip
        _seat(place, wanted, position=position, owner=wanted.key == plan.owner)
        store.add(department)
        await store.session.flush()
        store.add(place)
    await store.session.flush()


def _seat(place: HearingDepartment, wanted: DepartmentPlan, *, position: int, owner: bool) -> None:
    place.channel, place.position, place.owner, place.retired = wanted.channel, position, owner, False
    place.approvers, place.deputies = list(wanted.approvers), list(wanted.deputies)
    place.topics = list(wanted.topics)


async def _apply_heard(hearing: Hearing, heard: Sequence[HeardPlan], *, store: Store) -> None:
    """Parties are known by any of their names or addresses; one that left the file is no longer heard."""
    parties = {party.id: party for party in await store.hearings.parties(hearing.id)}
    rows = {row.alias: row for row in await store.hearings.aliases(hearing.id)}
    for party in parties.values():
        party.heard_as = None
    # Who is not confirmed has said a name, and no more than that; an address is known.
    known = {
        name: parties[row.party_id]
        for name, row in rows.items()
        if parties[row.party_id].confirmed or "@" in name
    }
    found = _recognised(heard, known, hearing_id=hearing.id)
    for position, (wanted, party) in enumerate(zip(heard, found, strict=True)):
        party.kind, party.weight, party.group = wanted.kind, wanted.weight, wanted.group
        party.list_name, party.heading_name, party.short_name = wanted.name, wanted.heading, wanted.short
        party.heard_as, party.confirmed = position, True
        store.add(party)
        for name in _names(wanted):
            row = rows.setdefault(name, PartyAlias(hearing_id=hearing.id, alias=name, party_id=party.id))
            row.party_id = party.id
            store.add(row)
    await store.session.flush()


def _recognised(heard: Sequence[HeardPlan], known: Mapping[str, Party], *, hearing_id: UUID) -> list[Party]:
    """The party that each is already, else a new one; each party is one of them at the most.

    Its own name goes first, so that an alias or an address that moved in the file moves nobody else.
    """
    found = {number: known[name] for number, name in _own_names(heard) if _is_called(known.get(name), name)}
    taken = {party.id for party in found.values()}
    for number, wanted in enumerate(heard):
        others = (known[name] for name in _names(wanted) if name in known)
        party = found.get(number) or next((party for party in others if party.id not in taken), None)
        found[number] = party or Party(
            hearing_id=hearing_id, kind=wanted.kind, list_name="", heading_name="", short_name=""
        )
        taken.add(found[number].id)
    return [found[number] for number in range(len(heard))]


def _own_names(heard: Iterable[HeardPlan]) -> Iterator[tuple[int, str]]:
    return ((number, alias(wanted.name)) for number, wanted in enumerate(heard))


def _is_called(party: Party | None, name: str) -> bool:
    return party is not None and alias(party.list_name) == name


def _names(wanted: HeardPlan) -> list[str]:
    """All it may be known by, folded."""
    names = (alias(name) for name in (wanted.name, wanted.heading, *wanted.aliases, *wanted.mail))
    return list(dict.fromkeys(name for name in names if name))
