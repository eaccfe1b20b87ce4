"""Who a sender is: the folded name it is known by, its kind, and the name that may be printed."""

from __future__ import annotations

import re
import tomllib
from unicodedata import combining, normalize

from handlers.content import clean
from storage.models import Party
from storage.words import PartyKind, PrivatePersons
from templates import HERE, say

_LONGEST = 320  # signs; an address may have 320 (RFC 3696)
# After z, in their order, and of what NFD takes apart nothing that is a letter of its own.
_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})


def _known_by(words: str, begins: str) -> re.Pattern[str]:
    ends = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())
    first = "|".join(re.escape(word) for word in begins.split())
    return re.compile(
        rf"(?<!\w)(?:{ends})(?!\w)" + (rf"|\A(?:{first})(?!\w)" if first else ""), re.IGNORECASE
    )


_WORDS = tomllib.loads((HERE / "parties.toml").read_text(encoding="utf-8"))
_KNOWN_BY = [(PartyKind(e["kind"]), _known_by(e["words"], e.get("begins", ""))) for e in _WORDS["kinds"]]
_PARTING = re.compile("|".join(re.escape(sign) for sign in _WORDS["parting"]), re.IGNORECASE)


def fold(name: str) -> str:
    """A name or mail address as it is looked up: case, spacing and a final full stop make no difference."""
    return " ".join(clean(clean(name).casefold()).split()).rstrip(". ")


def alphabet(name: str) -> tuple[str, str]:
    """By what names are sorted: Danish letters, whichever case; aa is å, and ä, ö and ü are æ, ø and y.

    Accents make no difference, as in the orthographic dictionary and in CLDR's order for Danish.
    """
    letters = fold(name).replace("aa", "å").translate(_LETTERS)
    bare = "".join(sign for sign in normalize("NFD", letters) if not combining(sign))
    return bare, name


def alias(name: str) -> str:
    """The folded name, or empty when it is longer than any real one, and than an index can hold."""
    folded = fold(name)
    return folded if len(folded) <= _LONGEST else ""


def kind_of(name: str) -> PartyKind:
    """What an unknown sender seems to be by its name.

    Whoever does not clearly write for an organisation is a private person, and is then never printed
    by name: the mistake that does no harm. So is who only tells where they belong, as in
    `Ane Bro, Lygte Skole`.
    """
    lead = _PARTING.split(name, maxsplit=1)[0]
    if "@" in lead:
        return PartyKind.BORGER
    return next((kind for kind, known in _KNOWN_BY if known.search(lead)), PartyKind.BORGER)


def is_nobody(address: str) -> bool:
    """Whether answers to a mail address are read by nobody, as it says itself: `no-reply@…`."""
    local = re.sub(r"[-_.]", "", address.rpartition("@")[0].lower())
    return any(word in local for word in _WORDS["nobody"])


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
