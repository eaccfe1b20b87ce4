"""Mails that leave people in doubt, and coordinators who decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count

from handlers.content import paragraphs
from handlers.doubt.decide import decide
from handlers.rules import Refusal
from handlers.talk.summarise import summarise
from storage.asked import About
from storage.database import Database
from storage.dossier import Filed
from storage.questions import Asked
from tests.handlers.building import NOW, known, letter

ANE = "Ane Bro <ane@borger.example>"
AN_HOUR = timedelta(hours=1)
LATER = "Jeg glemte at skrive, at der også mangler en bænk ved skolen."
SAME = (
    "Vi protesterer mod, at alle de gamle træer langs Lygtevej skal fældes. Træerne giver skygge om "
    "sommeren, læ om vinteren og et sted for fuglene at bygge rede. Kommunen bør i stedet beskære dem og "
    "plante nye imellem, så vejen bliver ved med at være grøn, også for dem, der kommer efter os. Det koster "
    "mindre, og det kan begynde allerede til foråret."
)
_numbers = count(1)


def same(name: str, text: str = SAME) -> EmailMessage:
    """A letter that many send, signed by one of them."""
    address = f"{name.split(maxsplit=1)[0].lower()}@borger.example"
    return letter(f"{text}\n\nVenlig hilsen\n{name}", From=f"{name} <{address}>", Message_ID=_own_id())


def first(text: str = "Vi ønsker flere træer langs vejen.") -> EmailMessage:
    """Ane's first mail."""
    return letter(text, From=ANE, Message_ID="<ane-1@borger.example>")


def later(text: str = LATER, **headers: str) -> EmailMessage:
    """Ane's next mail."""
    return letter(text, **({"From": ANE, "Message_ID": _own_id(), "Subject": "Mere"} | headers))


def reply(text: str = LATER, **headers: str) -> EmailMessage:
    """Ane answers her own first mail."""
    return later(text, **({"In_Reply_To": "<ane-1@borger.example>"} | headers))


def _own_id() -> str:
    return f"<svar-{next(_numbers)}@borger.example>"


async def asked(database: Database, about: About) -> list[Asked]:
    """What was asked about such things."""
    return [each for each in (await known(database)).asked if each.question.about == about]


async def decided(
    database: Database, about: About, verdict: str, *, at: datetime = NOW, nth: int = -1
) -> Asked | Refusal:
    """The coordinator decides one of the questions, the newest unless told."""
    question = (await asked(database, about))[nth].question
    async with database.begin() as store:
        return await decide(question.id, verdict, by="U0KIM", store=store, now=at)


async def summarised(database: Database, *numbers: int, at: datetime = NOW) -> None:
    """The coordinator writes a summary of these submissions."""
    for filed in await numbered(database, numbers):
        async with database.begin() as store:
            await summarise(filed.submission.id, paragraphs("Kort."), by="U0KIM", store=store, now=at)


async def numbered(database: Database, numbers: Sequence[int]) -> list[Filed]:
    """The submissions with these numbers of the journal."""
    return [filed for filed in (await known(database)).submissions if filed.submission.number in numbers]
