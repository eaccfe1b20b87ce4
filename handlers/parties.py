"""Who a sender is: the folded name it is known by, its kind, and the name that may be printed."""

from __future__ import annotations

import re

from handlers.content import clean
from storage.models import Party
from storage.words import PartyKind, PrivatePersons
from templates import say

_LONGEST = 320  # signs; an address may have 320 (RFC 3696)
_KINDS = {
    PartyKind.LOKALUDVALG: "lokaludvalg lokalråd landsbyråd sogneråd",
    PartyKind.RAAD: "*råd *rådet",
    PartyKind.MYNDIGHED: "*styrelse *styrelsen *direktorat *direktoratet *politi *politiet"
    " *ministerium *ministeriet region *kommune *museum",
    PartyKind.VIRKSOMHED: "aps a/s i/s k/s p/s a.m.b.a *selskab *selskabet *firma *virksomhed",
    PartyKind.FORENING: "*forening *foreningen *foreninger *forbund *forbundet *klub *klubben laug *lauget"
    " vejlaug havelaug haverlaug gårdlaug grundejerlaug bådelaug kystlaug strandlaug digelaug vandlaug"
    " *udvalg *udvalget *skole *skolen *gymnasium *menighed *kirke *netværk"
    " *netværket *gruppe *gruppen *organisation *organisationen kreds afdeling *beboere *beboerne"
    " *center *centret *centeret danmark",
}


def _known_by(words: str) -> re.Pattern[str]:
    ends = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())
    return re.compile(rf"(?<!\w)(?:{ends})(?!\w)", re.IGNORECASE)


# A board is no authority, though the words end alike.
_BOARD = (PartyKind.FORENING, _known_by("*bestyrelse *bestyrelsen"))
_KNOWN_BY = (_BOARD, *((kind, _known_by(words)) for kind, words in _KINDS.items()))


def fold(name: str) -> str:
    """A name or mail address as it is looked up: case, spacing and a final full stop make no difference."""
    return " ".join(clean(clean(name).casefold()).split()).rstrip(". ")


def alias(name: str) -> str:
    """The folded name, or empty when it is longer than any real one, and than an index can hold."""
    folded = fold(name)
    return folded if len(folded) <= _LONGEST else ""


def kind_of(name: str) -> PartyKind:
    """What an unknown sender seems to be by its name.

    Whoever does not clearly write for an organisation is a private person, and is then never printed
    by name: the mistake that does no harm.
    """
    return next((kind for kind, known in _KNOWN_BY if known.search(name)), PartyKind.BORGER)


def heading_name(party: Party, rule: PrivatePersons) -> str:
    """The name over a submission, and wherever it is spoken of."""
    return _private(party, rule) if party.kind == PartyKind.BORGER else party.heading_name


def list_name(party: Party, rule: PrivatePersons) -> str:
    """The name in the list of what was received; within a group a party is listed by too short a name."""
    if party.kind == PartyKind.BORGER:
        return _private(party, rule)
    return party.heading_name if party.group else party.list_name


def asked_name(party: Party, rule: PrivatePersons) -> str:
    """The name among those that were asked, where a group's name may stand before its members."""
    return _private(party, rule) if party.kind == PartyKind.BORGER else party.list_name


def _private(party: Party, rule: PrivatePersons) -> str:
    return say("parties.j2", "private", street=party.street if rule == PrivatePersons.STREET else "")
