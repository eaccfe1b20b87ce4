"""What staff pass on is the citizen's; where it cannot be told whose words they are, people are asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.asked import About, Verdict
from storage.database import Database
from storage.dossier import Filed
from tests.handlers.building import TREES, applied, known, letter, mailed, received
from tests.handlers.correspondence import ANE, STAFF, asked, forwarded, receipts, said, settled

LONE = "lone@ternevig.example"
BY_CITIZEN = (Path(__file__).parents[2] / "mails" / "citizen-forwards-a-neighbour.eml").read_bytes()
LONG = "Jeg har talt med ham, og vi er enige om det meste, men ikke om alt. " * 8


async def _filed(database: Database) -> Filed:
    (filed,) = (await known(database)).submissions
    return filed


async def test_what_staff_pass_on_is_the_citizens_and_the_receipt_goes_to_who_wrote_to_us(
    database: Database,
) -> None:
    await applied(database)
    await received(database, mailed(forwarded(TREES)))
    filed = await _filed(database)
    assert (filed.party.list_name, filed.submission.forwarded_by) == ("Ane Bro", LONE)
    assert await asked(database) == []
    assert [receipt.recipient for receipt in await receipts(database)] == [LONE]


async def test_of_what_staff_pass_on_only_the_partys_words_are_shown(database: Database) -> None:
    await applied(database)
    await received(database, mailed(forwarded(TREES, note="Til videre foranstaltning.")))
    assert (await _filed(database)).submission.text.strip() == TREES


async def test_two_citizens_whose_mails_one_person_passes_on_are_two_parties(database: Database) -> None:
    await applied(database)
    await received(
        database, mailed(forwarded("Flere træer.")),
        mailed(forwarded("Flere bænke.", original="Bo Å <bo@borger.example>")),
    )  # fmt: skip
    assert [filed.party.list_name for filed in (await known(database)).submissions] == ["Ane Bro", "Bo Å"]


async def test_a_citizen_whose_mail_was_passed_on_and_who_writes_again_is_the_same_party(
    database: Database,
) -> None:
    await applied(database)
    await received(database, mailed(forwarded(TREES)))
    await received(database, mailed(letter("Og flere bænke.", From=ANE)))
    assert [each.question.about for each in await asked(database)] == [About.FOLLOW_UP]
    assert (await _filed(database)).party.list_name == "Ane Bro"


@pytest.mark.parametrize("name_only", [True, False])
async def test_in_doubt_it_is_asked_whose_words_they_are_and_both_answers_hold(
    database: Database, name_only: bool
) -> None:
    await applied(database)
    passed = forwarded(TREES, original="Ane Bro") if name_only else forwarded(TREES, note=LONG)
    await received(database, mailed(passed))
    (question,) = await asked(database)
    assert (question.question.about, question.question.options, question.decision) == (
        About.AUTHOR, ["original", "forwarder"], None,
    )  # fmt: skip
    for verdict, name, by in (
        ("forwarder", "Lone Lind", ""), ("original", "Ane Bro", LONE), ("forwarder", "Lone Lind", ""),
    ):  # fmt: skip
        await said(database, question.question.id, verdict)
        filed = await _filed(database)
        assert (filed.party.list_name, filed.submission.forwarded_by) == (name, by)
    assert filed.referrals


async def test_what_a_citizen_passes_on_is_the_citizens_until_people_say_otherwise(
    database: Database,
) -> None:
    await applied(database)
    await received(database, mailed(BY_CITIZEN))
    assert (await _filed(database)).party.list_name == "Karen Eksempel"
    await settled(database, About.AUTHOR, Verdict.ORIGINAL)
    filed = await _filed(database)
    assert (filed.party.list_name, filed.submission.forwarded_by) == ("Bo Eksempel", "karen@borger.example")


async def test_whoever_people_said_it_is_is_known_when_it_writes_again(database: Database) -> None:
    await applied(database)
    await received(database, mailed(forwarded(TREES, note=LONG)))
    await settled(database, About.AUTHOR, Verdict.ORIGINAL)
    await received(database, mailed(letter("Og flere bænke.", From=ANE)))
    assert len((await known(database)).submissions) == 1
    assert len(await asked(database, About.FOLLOW_UP)) == 1


async def test_what_staff_write_themselves_is_their_own(database: Database) -> None:
    await applied(database)
    await received(database, mailed(letter(TREES, From=STAFF)))
    filed = await _filed(database)
    assert (filed.party.list_name, filed.submission.forwarded_by, await asked(database)) == (
        "Lone Lind", "", [],
    )  # fmt: skip
