"""What a mail leaves behind, and how coordinators answer, for the tests of doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from handlers.doubt.decide import decide
from handlers.hearing.plan import HearingPlan
from handlers.intake.read import Sight, read
from handlers.rules import Refusal
from storage.asked import About, Decision, FollowUp
from storage.database import Database
from storage.inbox import Arrival
from storage.models import InboxItem, PostKind
from storage.questions import Asked
from storage.receipt import Receipt
from storage.talk import SlackPost
from tests.handlers.building import NOW, PLAN, letter, mailed, received

DOMAIN = "ternevig.example"
ANE, BO, STAFF = (
    "Ane Bro <ane@borger.example>", "Bo Å <bo@borger.example>", f"Lone Lind <lone@{DOMAIN}>",
)  # fmt: skip
ROADS = replace(
    PLAN, key="veje", title="Cykelsti langs Havnegade", case_number="2026-90", coordinators=("U0VERA",),
    coordination_channel="C0VEJE",
    departments=(replace(PLAN.departments[0], channel="C0VEJPARK"),), owner="park",
)  # fmt: skip
"""Another hearing at the same address, with a coordinator of its own."""


async def items(database: Database) -> list[InboxItem]:
    async with database.begin() as store:
        return list((await store.session.execute(select(InboxItem).order_by("id"))).scalars())


async def receipts(database: Database) -> list[Receipt]:
    async with database.begin() as store:
        return list((await store.session.execute(select(Receipt).order_by("id"))).scalars())


async def posts(database: Database, *kinds: PostKind) -> list[SlackPost]:
    async with database.begin() as store:
        found = (await store.session.execute(select(SlackPost).order_by("id"))).scalars()
        return [post for post in found if post.kind in kinds]


async def decisions(database: Database) -> list[Decision]:
    async with database.begin() as store:
        return list((await store.session.execute(select(Decision).order_by("id"))).scalars())


async def follow_ups(database: Database) -> list[FollowUp]:
    async with database.begin() as store:
        return list((await store.session.execute(select(FollowUp).order_by("id"))).scalars())


async def asked(database: Database, *about: About) -> list[Asked]:
    """All that was asked in any hearing (about such things), oldest first."""
    async with database.begin() as store:
        every = {
            each.question.id: each
            for hearing in await store.hearings.all()
            for each in await store.questions.of_hearing(hearing.id)
            if each.question.about in (about or tuple(About))
        }
    return [every[each] for each in sorted(every)]


async def said(
    database: Database, question: UUID, verdict: str, *, by: str = "U0KIM", at: datetime = NOW
) -> Asked | Refusal:
    """What comes of a coordinator's word; whatever that makes unread is not read yet."""
    async with database.begin() as store:
        return await decide(question, verdict, by=by, store=store, now=at)


async def settled(database: Database, about: About, verdict: str, *, by: str = "U0KIM") -> None:
    """The one question about such things is answered, and what that makes unread is read."""
    (each,) = await asked(database, about)
    assert not isinstance(await said(database, each.question.id, verdict, by=by), Refusal)
    await received(database)


async def read_all(database: Database, *, most: int = 50, sight: Sight | None = None) -> None:
    while await read(database, now=lambda: NOW, most=most, sight=sight):
        pass


async def unread_again(database: Database) -> None:
    """All that came in is to be read once more, as after an upgrade of the reader."""
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE inbox_item SET read_at = NULL, set_aside = ''"))


async def doubled(database: Database) -> None:
    """All mails come again under other keys, as when a mail server counts its mails anew."""
    async with database.begin() as store:
        for item in await items(database):
            raw = await store.inbox.raw(item.id or 0)
            seen = {name: item.envelope[name] for name in item.envelope if name in _AT_THE_DOOR}
            again = Arrival(item.door, f"again {item.key}", raw, item.received_at, seen)
            await store.inbox.keep([again])


_AT_THE_DOOR = ("recipients", "sender", "too_large")


def receipt_id(receipt: Receipt) -> str:
    """The Message-ID that our receipt goes out under."""
    return f"<{receipt.message_id}@{DOMAIN}>"


def with_file(
    message: EmailMessage, payload: bytes = b"%PDF-1.4 kort", name: str = "kort.pdf"
) -> EmailMessage:
    message.add_attachment(payload, maintype="application", subtype="pdf", filename=name)
    return message


def came(message: EmailMessage | bytes, at: datetime, **more: str) -> Arrival:
    """A mail that we received at a moment."""
    return replace(mailed(message, **more), received_at=at)


def forwarded(
    text_: str, *, note: str = "Hermed videresendt.", original: str = ANE, **headers: str
) -> EmailMessage:
    """A mail that staff pass on, as Outlook does."""
    passed = (
        f"{note}\n\n________________________________\nFra: {original}\n"
        "Sendt: torsdag den 10. september 2026 21:14:05\n"
        f"Til: Lone Lind\nEmne: Lygtevej\n\n{text_}"
    )
    return letter(passed, **({"From": STAFF, "Subject": "VS: Lygtevej"} | headers))


def with_deadline(deadline: datetime, plan: HearingPlan = PLAN) -> HearingPlan:
    return replace(plan, deadline=deadline)
