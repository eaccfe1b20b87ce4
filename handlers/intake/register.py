"""Enter into a hearing's register who answers: known by address or name, or new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.content import clean
from handlers.hearing import parties
from storage.models import Hearing, Party, PartyAlias
from storage.rows import row_of
from storage.store import Store
from storage.words import Channel, PartyKind


@dataclass(frozen=True, slots=True)
class Sender:
    """Who an answer says it is from. `kind` is None when only the name tells it."""

    name: str
    address: str
    channel: Channel
    street: str = ""
    kind: PartyKind | None = None

    @property
    def by_address(self) -> str:
        """Its folded address; empty for none, and for one that many share: `no-reply@…`."""
        return "" if parties.is_nobody(self.address) else parties.alias(self.address)

    @property
    def by_name(self) -> str:
        return parties.alias(self.name)

    @property
    def by_both(self) -> str:
        return parties.alias(f"{self.name} <{self.address}>") if self.name and self.address else ""

    @property
    def seems(self) -> PartyKind:
        """The kind it says it is, or the one its name speaks of."""
        return self.kind or parties.kind_of(self.name)


@dataclass(frozen=True, slots=True)
class Register:
    """The parties of one hearing by what they are known by; who is not known yet is entered."""

    hearing: Hearing
    known: dict[str, Party]
    store: Store

    def find(self, sender: Sender) -> Party | None:
        """The party this address is known to be; None when only a name could tell."""
        by_address = self.known.get(sender.by_address) if sender.by_address else None
        # A private person may write for an association too.
        if by_address is not None and by_address.kind == PartyKind.BORGER != sender.seems:
            return self.known.get(sender.by_both)
        return by_address

    def party(self, sender: Sender) -> Party:
        """The party, entered if need be."""
        by_address, by_name = self.find(sender), self.known.get(sender.by_name)
        # Two private persons may share a name, never an address.
        if by_name is not None and PartyKind.BORGER in {by_name.kind, sender.kind}:
            by_name = None
        if by_address is None and by_name is not None and sender.channel == Channel.MAIL:
            return self._claiming(by_name, sender)
        return by_address or by_name or self._enter(sender)

    def _claiming(self, known: Party, sender: Sender) -> Party:
        """Anybody can write any name over a mail: so this is a party that only says it is the known one."""
        party = Party(
            hearing_id=self.hearing.id, kind=known.kind, list_name=known.list_name, confirmed=False,
            heading_name=known.heading_name, short_name=known.short_name,
        )  # fmt: skip
        return self._entered(party, sender)

    def _enter(self, sender: Sender) -> Party:
        name, kind = " ".join(clean(sender.name).split()) or clean(sender.address), sender.seems
        party = Party(
            hearing_id=self.hearing.id, kind=kind, list_name=name, heading_name=name, short_name=name,
            street=clean(sender.street).strip(), confirmed=kind in {PartyKind.BORGER, sender.kind},
        )  # fmt: skip
        return self._entered(party, sender)

    def _entered(self, party: Party, sender: Sender) -> Party:
        """Known from now on by its address, or by name and address together where that is a person's too."""
        self.store.add_rows(Party, [row_of(party)])
        known_as = {sender.by_address if sender.by_address not in self.known else sender.by_both}
        if party.kind != PartyKind.BORGER:
            known_as.add(sender.by_name)
        for alias in known_as - self.known.keys() - {""}:
            row = {"hearing_id": self.hearing.id, "alias": alias, "party_id": party.id}
            self.store.add_rows(PartyAlias, [row])
            self.known[alias] = party
        return party


async def register(hearing: Hearing, senders: Iterable[Sender], *, store: Store) -> Register:
    """The hearing's register, opened where these senders may stand."""
    known_as = {alias for each in senders for alias in (each.by_address, each.by_name, each.by_both) if alias}
    return Register(hearing, await store.submissions.parties(hearing.id, known_as), store)
