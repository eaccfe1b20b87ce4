"""An answer that lies in a file: it is read for routing, shown in the thread, and its flaws are told."""

from __future__ import annotations

import pytest

from handlers.intake.extract import Extractor
from handlers.intake.read import Sight, read
from storage.database import Database
from storage.words import Outcome
from tests.handlers.building import ADDRESS, NOW, applied, known, letter, mailed
from tests.handlers.papers import word


def docx(text: str) -> bytes:
    return word(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


async def _read(database: Database, *, text: str, file: bytes, name: str = "svar.docx") -> None:
    await applied(database)
    mail = letter(text)
    mail.add_attachment(file, maintype="application", subtype="octet-stream", filename=name)
    async with database.begin() as store:
        await store.inbox.keep([mailed(mail, to=ADDRESS)])
    async with Extractor() as extractor:
        assert await read(database, now=lambda: NOW, sight=Sight(extractor)) == 1


async def _departments(database: Database) -> list[str]:
    (filed,) = (await known(database)).submissions
    return sorted(laid.seat.key for laid in filed.referrals)


async def test_what_a_file_says_is_laid_before_the_departments_it_concerns(database: Database) -> None:
    await _read(database, text="Hermed høringssvar, se vedhæftede.", file=docx("Vi ønsker flere boldbaner."))
    assert await _departments(database) == ["sport"]


async def test_an_answer_that_is_enclosed_stands_below_the_mail_that_says_so(database: Database) -> None:
    await _read(database, text="Hermed høringssvar, se vedhæftede.", file=docx("Vi ønsker flere boldbaner."))
    (filed,) = (await known(database)).submissions
    assert "se vedhæftede" in filed.submission.text
    assert "svar.docx:\nVi ønsker flere boldbaner." in filed.submission.text


async def test_a_mail_that_says_something_itself_is_shown_as_it_is(database: Database) -> None:
    await _read(database, text="Vi ønsker flere træer. Se også bilaget.", file=docx("Vi ønsker boldbaner."))
    (filed,) = (await known(database)).submissions
    assert filed.submission.text.strip() == "Vi ønsker flere træer. Se også bilaget."
    assert await _departments(database) == ["park", "sport"]


@pytest.mark.parametrize(("file", "outcome"), [(b"PK\x03\x04 nej", Outcome.DAMAGED)])
async def test_a_file_that_cannot_be_read_is_a_flaw_by_its_name(
    database: Database, file: bytes, outcome: Outcome
) -> None:
    await _read(database, text="Se vedhæftede.", file=file)
    (filed,) = (await known(database)).submissions
    assert filed.submission.flaws == [f"annex_{outcome}: svar.docx"]
    assert [attached.name for attached in filed.attachments] == ["svar.docx"]
