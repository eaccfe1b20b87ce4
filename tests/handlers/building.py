"""A made-up hearing, its mails and its talk, for the tests of what we do about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from uuid import UUID

from handlers.content import Content, paragraphs
from handlers.doubt.decide import decide
from handlers.hearing.apply import apply
from handlers.hearing.plan import DepartmentPlan, HeardPlan, HearingPlan
from handlers.intake.read import read
from handlers.rules import Refusal
from handlers.talk.approve import approve, approve_message
from handlers.talk.arrange import arrange
from handlers.talk.collect import Said, collect
from handlers.talk.mark import mark
from handlers.talk.progress import Standing, standing
from handlers.talk.withdraw import take_back, withdraw
from storage.asked import About, Verdict
from storage.database import Database
from storage.dossier import Dossier, Filed, dossier
from storage.inbox import Arrival
from storage.models import Door, Hearing, How
from storage.talk import Approval, Reply
from storage.words import HeadingForm, Order, PartyKind, PrivatePersons, Refer

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
ADDRESS = "plan@ternevig.example"
PARK, SCHOOL, MONEY, SPORT = (
    DepartmentPlan("park", "Parkforvaltningen", "PF", "C0PARK", ("U0PIA", "U0POUL"), ("træer", "bænke")),
    DepartmentPlan("skole", "Skoleforvaltningen", "SF", "C0SKOLE", ("U0SIF",), ("skolevej", "elever")),
    DepartmentPlan("penge", "Økonomiforvaltningen", "ØF", "C0PENGE", ("U0OLE",), ("grundsalg",)),
    DepartmentPlan("sport", "Idrætsforvaltningen", "IF", "C0SPORT", ("U0IDA",), ("boldbaner",)),
)
TREES = "Vi ønsker flere træer langs vejen. Der bør også stå bænke under de nye træer."


def heard(name: str, **other: object) -> HeardPlan:
    """A party that was asked; what is not said is as the hearing file's defaults have it."""
    plain = HeardPlan(
        name, heading=name, short=name, group="", weight=1, kind=PartyKind.FORENING, aliases=(), mail=()
    )
    return replace(plain, **other)  # type: ignore[arg-type]  # the fields of a plan, by their names


PLAN = HearingPlan(
    key="plan", title="Ny plan for Lygtevej", municipality="Ternevig Kommune", case_number="2026-17",
    owner="park", opens=NOW - timedelta(days=14), deadline=NOW + timedelta(days=14),
    answer_deadline=NOW + timedelta(days=28), addresses=(ADDRESS,), coordinators=("U0KIM",),
    coordination_channel="C0KOORD", four_eyes=True, refer=Refer.AT_ONCE,
    heading_form=HeadingForm.BEMAERKNINGER_FRA, order=Order.ARRIVAL, private_persons=PrivatePersons.STREET,
    texts={}, departments=(PARK, SCHOOL, MONEY, SPORT), heard=(),
)  # fmt: skip


async def applied(database: Database, plan: HearingPlan = PLAN) -> Hearing:
    """The hearing, as its plan says."""
    async with database.begin() as store:
        return await apply(plan, by="test", store=store, now=NOW)


def letter(text: str = TREES, **headers: str) -> EmailMessage:
    """A citizen's mail; a header given as a keyword (`Reply_To`) takes the place of the usual one.

    Each other text is from another address: what one address sends twice is a later mail.
    """
    mark = sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    address = "ane" if text == TREES else f"ane.{mark}"
    usual = {
        "From": f"Ane Bro <{address}@borger.example>", "To": ADDRESS, "Subject": "Svar",
        "Message-ID": f"<{mark}@borger.example>",
    }  # fmt: skip
    message = EmailMessage(policy=SMTP)
    for name, value in (usual | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    return message


def mailed(raw: bytes | EmailMessage, *, to: str = ADDRESS, sender: str = "ane@borger.example") -> Arrival:
    """A mail at the SMTP door."""
    data = bytes(raw) if isinstance(raw, EmailMessage) else raw
    return Arrival(
        Door.SMTP, sha256(data + to.encode()).hexdigest(), data, NOW, {"recipients": [to], "sender": sender}
    )


async def received(database: Database, *arrivals: Arrival, reads: bool = True) -> int:
    """Keep the arrivals, and read them one batch after the other; how many were read."""
    async with database.begin() as store:
        await store.inbox.keep(arrivals)
    done = 0
    while reads and (now := await read(database, now=lambda: NOW)):
        done += now
    return done


async def decided(database: Database, verdict: Verdict, *, about: About = About.FOLLOW_UP) -> int:
    """The coordinator gives one verdict on all that is asked about; whatever that makes unread is read."""
    hearing = (await known(database)).hearing
    async with database.begin() as store:
        waiting = [each for each in await store.questions.of_hearing(hearing.id) if not each.decision]
        for each in waiting:
            if each.question.about == about:
                outcome = await decide(each.question.id, verdict, by="U0KIM", store=store, now=NOW)
                assert not isinstance(outcome, Refusal)
    return await received(database)


async def known(database: Database, key: str = "plan") -> Dossier:
    """All that we remember of a hearing."""
    async with database.begin() as store:
        hearing = await store.hearings.by_key(key)
        assert hearing is not None
        return await dossier(hearing, store=store)


@dataclass
class Thread:
    """The thread of one referral, and what people do in it. Each act is a minute later than the last."""

    database: Database
    referral_id: UUID
    at: datetime = field(default=NOW)

    def _later(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def said(
        self, message: str, text: str, *, by: str = "U0SVEND", version: str = "", deleted: bool = False
    ) -> Said:
        content: Content = () if deleted else paragraphs(text)
        return Said(self.referral_id, message, version or message, by, content, {"text": text}, deleted)

    async def say(self, said: Said) -> Reply:
        async with self.database.begin() as store:
            return await collect(said, store=store, now=self._later())

    async def mark(self, said: Said, *, by: str = "U0SVEND", alone: bool = False) -> UUID:
        """The remark that the message is part of now."""
        outcome = await self.try_mark(said, by=by, alone=alone)
        assert isinstance(outcome, UUID)
        return outcome

    async def try_mark(self, said: Said, *, by: str = "U0SVEND", alone: bool = False) -> UUID | Refusal:
        async with self.database.begin() as store:
            return await mark(said, by=by, alone=alone, store=store, now=self._later())

    async def approve(
        self, remark_id: UUID, *, by: str = "U0PIA", shown: str = "", clicked_at: datetime | None = None
    ) -> Approval | Refusal:
        """Approve by the button; `shown` is what it says now unless told, clicked now unless told."""
        digest = shown or (await self.remark(remark_id)).digest
        async with self.database.begin() as store:
            now = self._later()
            return await approve(
                remark_id, by=by, how=How.BUTTON, shown=digest, clicked_at=clicked_at or now, store=store,
                now=now,
            )  # fmt: skip

    async def tick(
        self, said: Said, *, by: str = "U0PIA", how: How = How.REACTION, at: datetime | None = None
    ) -> Approval | Refusal:
        """Put a ✅ on a message; `at` a moment by Slack's clock, now unless told."""
        async with self.database.begin() as store:
            now = self._later()
            put = (at or now) if how == How.REACTION else None
            return await approve_message(said, by=by, how=how, reacted_at=put, store=store, now=now)

    async def untick(self, message: str, *, by: str = "U0PIA", at: datetime | None = None) -> list[Approval]:
        async with self.database.begin() as store:
            now = self._later()
            return await take_back(
                self.referral_id, message, by=by, removed_at=at or now, store=store, now=now
            )

    async def arrange(self, remark_id: UUID, places: Mapping[str, int], *, by: str = "U0SVEND") -> None:
        async with self.database.begin() as store:
            assert await arrange(remark_id, places, by=by, store=store, now=self._later()) is None

    async def withdraw(self, approval_id: UUID, *, by: str = "U0PIA") -> Approval | Refusal:
        async with self.database.begin() as store:
            return await withdraw(approval_id, by=by, store=store, now=self._later())

    async def remark(self, remark_id: UUID) -> Standing:
        async with self.database.begin() as store:
            facts = await store.remarks.by_id(remark_id)
        assert facts is not None
        return standing(facts)

    async def remarks(self) -> list[Standing]:
        async with self.database.begin() as store:
            return [standing(facts) for facts in await store.remarks.of_referrals([self.referral_id])]


async def threads(database: Database, text: str = TREES, plan: HearingPlan = PLAN) -> dict[str, Thread]:
    """The threads of a hearing's one submission, by the departments' keys."""
    await applied(database, plan)
    await received(database, mailed(letter(text), to=plan.addresses[0]))
    (filed,) = (await known(database, plan.key)).submissions
    return threads_of(filed, database)


def threads_of(filed: Filed, database: Database) -> dict[str, Thread]:
    return {laid.seat.key: Thread(database, laid.referral.id) for laid in filed.referrals}


def texts(contents: Iterable[Content]) -> list[str]:
    """The first words of each content."""
    return [content[0].runs[0].text for content in contents]  # type: ignore[union-attr]  # paragraphs


def keys(filed: Filed) -> Sequence[str]:
    """The departments that were asked, by key, in the order of the alphabet."""
    return sorted(laid.seat.key for laid in filed.referrals)
