"""The demo's material: a made-up hearing, what is submitted to it, and what its people say and do."""

import csv
import io
from datetime import date
from typing import Any

from bot.demo.mails import mails
from bot.demo.shapes import Act, Changes, How, Line, Material, Person, Piece, Role, Room, Scene
from bot.demo.written import table, written
from storage.words import Channel, PartyKind


def material(today: date) -> Material:
    """Give the demo's material with its dates set for `today` (Copenhagen's)."""
    people = tuple(_person(entry) for entry in table("people.toml")["people"])
    portal = written("portal.csv", today=today)
    return Material(
        hearing=hearing(today),
        portal=portal,
        people=people,
        rooms=tuple(_room(entry, people) for entry in table("people.toml")["channels"]),
        postings=mails(today),
        pieces=(*_from_portal(portal), *_from_mail()),
        scenes=tuple(_scene(entry) for entry in table("play.toml")["scene"]),
    )


def hearing(today: date) -> str:
    """Give the hearing file as TOML: it opened six weeks before `today`; the deadline is tomorrow night."""
    return written("hearing.toml", today=today)


def _person(entry: dict[str, Any]) -> Person:
    return Person(**{**entry, "role": Role(entry["role"])})


def _room(entry: dict[str, Any], people: tuple[Person, ...]) -> Room:
    """Coordinators sit in every channel, approvers also in the coordination channel."""
    meant = {Role.COORDINATOR} if entry["department"] else {Role.COORDINATOR, Role.APPROVER}
    members = (p.id for p in people if p.role in meant or p.department == entry["department"])
    return Room(**entry, members=tuple(members))


def _from_portal(portal: str) -> tuple[Piece, ...]:
    rows = csv.DictReader(io.StringIO(portal, newline=""), delimiter=";")
    return tuple(_row(row) for row in rows)


def _row(row: dict[str, str]) -> Piece:
    kind = PartyKind(row["type"])
    party = f"Privatperson {row['vej']}" if kind is PartyKind.BORGER else row["navn"]
    return Piece(row["nummer"], party, Channel.PORTAL, kind, row["vej"], row["tekst"])


def _from_mail() -> tuple[Piece, ...]:
    entries = table("submissions.toml")["mail"]
    later = {entry["follows"]: entry["text"].strip() for entry in entries if entry.get("follows")}
    return tuple(
        Piece(
            key=entry["key"],
            party=entry["party"],
            channel=Channel.MAIL,
            kind=PartyKind(entry["kind"]),
            street=entry.get("street", ""),
            text=entry["text"].strip(),
            later=later.get(entry["key"], ""),
            same_as=entry.get("same_as", ""),
        )
        for entry in entries
        if entry["key"]
    )


def _scene(entry: dict[str, Any]) -> Scene:
    return Scene(
        submission=entry["submission"],
        party=entry["party"],
        summary=entry["summary"].strip(),
        placed=tuple(entry.get("placed", ())),
        placed_by=entry.get("placed_by", ""),
        identified_by=entry.get("identified_by", ""),
        admitted_by=entry.get("admitted_by", ""),
        acts=tuple(_act(act) for act in entry["act"]),
    )


def _act(entry: dict[str, Any]) -> Act:
    return Act(
        department=entry["department"],
        theme=entry.get("theme", ""),
        by=entry["by"],
        approved_by=entry["approved_by"],
        how=How(entry["how"]),
        changes=Changes(entry["changes"]),
        change=entry.get("change", ""),
        text=entry["text"].strip(),
        talk=tuple(Line(**line) for line in entry.get("talk", ())),
    )
