"""What a hearing lacks, from whom, in good Danish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.content import paragraphs, plain
from handlers.hearing.apply import apply
from handlers.hearing.identify import Identity, identify
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings
from handlers.notat.layout import notat
from handlers.portal.rows import Row, stored
from handlers.rules import Refusal
from handlers.talk.summarise import summarise
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door
from storage.words import Barred, Order, PartyKind, Refer
from templates import say
from tests.handlers.building import NOW, PLAN, applied, heard, known, letter, mailed, received, threads


@pytest.mark.parametrize("why", list(Barred))
@pytest.mark.parametrize("department", ["Parkforvaltningen", ""])
def test_what_keeps_us_out_of_a_channel_is_said_in_danish(why: Barred, department: str) -> None:
    sentence = say("findings.j2", Lack.BARRED, finding=Finding(Lack.BARRED, department=department, why=why))
    assert (f"kanalen for {department}" if department else "koordineringskanalen") in sentence
    assert sentence == say("slack/lines.j2", "barred", department=department, why=why)


async def _lacks(database: Database) -> list[tuple[Lack, str]]:
    return [(finding.lack, finding.department) for finding in findings(await known(database))]


async def _summarised(database: Database) -> None:
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        await summarise(filed.submission.id, paragraphs("Kort."), by="U0KIM", store=store, now=NOW)


async def test_a_submission_lacks_a_summary_and_remarks_until_all_is_approved(database: Database) -> None:
    park = (await threads(database))["park"]
    no_summary, name = (Lack.NO_SUMMARY, ""), "Parkforvaltningen"
    assert await _lacks(database) == [no_summary, (Lack.NO_REMARK, name)]
    said = park.said("1.0", "Vi planter.")
    await park.say(said)
    assert await _lacks(database) == [no_summary, (Lack.NO_REMARK, name)]
    remark = await park.mark(said)
    assert await _lacks(database) == [no_summary, (Lack.NOT_APPROVED, name)]
    await park.approve(remark)
    assert await _lacks(database) == [no_summary]
    await park.say(park.said("1.0", "Vi planter ikke.", version="2.0"))
    assert await _lacks(database) == [no_summary, (Lack.CHANGED, name)]
    await _summarised(database)
    await park.approve(remark)
    assert await _lacks(database) == []


async def test_a_submission_that_nobody_was_asked_about_is_named(database: Database) -> None:
    await threads(database, plan=replace(PLAN, refer=Refer.ASK))
    assert [lack for lack, _ in await _lacks(database)] == [Lack.NOT_REFERRED, Lack.NO_SUMMARY]


async def test_each_department_that_lags_is_named(database: Database) -> None:
    asked = await threads(database, "Vi ønsker flere træer. Vi ønsker en sikker skolevej.")
    await asked["skole"].tick(asked["skole"].said("1.0", "Skolevejen er sikker."), by="U0SIF")
    await _summarised(database)
    assert await _lacks(database) == [(Lack.NO_REMARK, "Parkforvaltningen")]


async def test_a_department_that_left_the_hearing_still_owes_its_remarks(database: Database) -> None:
    await threads(database, "Vi ønsker en sikker skolevej til alle elever.")
    left = replace(PLAN, departments=tuple(each for each in PLAN.departments if each.key != "skole"))
    async with database.begin() as store:
        await apply(left, by="test", store=store, now=NOW)
    assert (Lack.NO_REMARK, "Skoleforvaltningen") in await _lacks(database)


async def test_what_could_not_be_read_or_posted_is_named(database: Database) -> None:
    await threads(database)
    hearing = str((await known(database)).hearing.id)
    bad = [Arrival(Door.PORTAL, key, b"{", NOW, {"hearing": hearing, "files": []}) for key in "ab"]
    await received(database, *bad)
    async with database.begin() as store:
        card = await store.posts.card((await known(database)).submissions[0].referrals[0].referral.id)
        assert card is not None
        store.session.add(card)
        card.refusal = "channel_not_found"
    found = findings(await known(database))
    assert [(each.lack, each.count) for each in found[-2:]] == [(Lack.SET_ASIDE, 2), (Lack.NOT_POSTED, 1)]


async def test_a_finding_never_names_a_private_person(database: Database) -> None:
    await threads(database)
    assert {finding.party for finding in findings(await known(database))} == {"Privatperson"}


async def test_a_finding_names_an_organisation_as_the_notat_does(database: Database) -> None:
    (sender,) = letter()["From"].addresses
    asked = heard("LG", heading="Lygtevejens Grundejere", kind=PartyKind.FORENING, mail=(sender.addr_spec,))
    await threads(database, plan=replace(PLAN, heard=(asked,)))
    assert {finding.party for finding in findings(await known(database))} == {"Lygtevejens Grundejere"}


@pytest.mark.parametrize("lack", [lack for lack in Lack if lack != Lack.UNDECIDED])
@pytest.mark.parametrize("count", [1, 2])
def test_every_finding_has_a_danish_sentence(lack: Lack, count: int) -> None:
    finding = Finding(
        lack,
        7,
        5,
        "Privatperson",
        "Parkforvaltningen",
        count,
        why=Barred.ARCHIVED,
        words="[…",
        other="…",
        where="changes" if lack == Lack.CHANGE_AFTER_TEXT else "",
    )
    sentence = say("findings.j2", lack, finding=finding)
    assert sentence.endswith(".")
    of_all = {
        Lack.UNREAD, Lack.SET_ASIDE, Lack.NOT_POSTED, Lack.BARRED, Lack.UNLOOKED, Lack.NUMBER_GAP,
        Lack.NAMES_ALIKE, Lack.ACTS_UNREAD, Lack.ACTS_SET_ASIDE,
    }  # fmt: skip
    of_one = lack not in of_all
    assert sentence.startswith("Høringssvar 5 (journalnr. 7), Privatperson, ") == of_one


async def test_nothing_is_missing_of_a_hearing_nobody_answered(database: Database) -> None:
    async with database.begin() as store:
        await apply(PLAN, by="test", store=store, now=NOW)
    await received(database, mailed(letter(Auto_Submitted="auto-replied")))
    assert findings(await known(database)) == ()


async def test_a_finding_has_the_number_that_is_printed_and_the_journals_where_they_differ(
    database: Database,
) -> None:
    await applied(database, replace(PLAN, order=Order.PORTAL_FIRST))
    await received(database, mailed(letter()))
    hearing = str((await known(database)).hearing.id)
    row = Row(2, "1", NOW, "Klubben", PartyKind.FORENING, "Flere træer.")
    await received(
        database, Arrival(Door.PORTAL, row.key({}), stored(row), NOW, {"hearing": hearing, "files": []})
    )
    dossier = await known(database)
    found = [finding for finding in findings(dossier) if finding.lack == Lack.NO_SUMMARY]
    assert [(finding.printed, finding.number, finding.party) for finding in found] == [
        (1, 2, "Klubben"), (2, 1, "Privatperson"),
    ]  # fmt: skip
    said = plain(notat(dossier, version=1, at=NOW).findings)
    assert "- Høringssvar 2 (journalnr. 1), Privatperson, mangler et resumé." in said


async def test_an_organisation_that_only_a_mail_names_is_missing_a_yes_once(database: Database) -> None:
    await applied(database)
    club = {"From": "Lygtevejens Cykelklub <klub@cykel.example>"}
    await received(database, mailed(letter(**club)), mailed(letter("Også flere bænke.", **club)))
    guessed = [each for each in findings(await known(database)) if each.lack == Lack.UNCONFIRMED_PARTY]
    assert [(each.number, each.party) for each in guessed] == [(1, "Lygtevejens Cykelklub")]
    who = Identity(PartyKind.FORENING, "Lygtevejens Cykelklub")
    async with database.begin() as store:
        submission = (await known(database)).submissions[0].submission
        assert not isinstance(await identify(submission.id, who, by="U0KIM", store=store, now=NOW), Refusal)
    assert Lack.UNCONFIRMED_PARTY not in [lack for lack, _ in await _lacks(database)]


async def test_what_people_did_in_slack_counts_where_it_was_done_until_it_is_read(database: Database) -> None:
    await applied(database)
    long_ago, soon = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-1, 1))
    ours = (await known(database)).seats[0].channel
    done = {"a": (ours, long_ago), "b": ("", long_ago), "c": ("C0KANTINE", long_ago), "d": (ours, soon)}
    acts = [
        Arrival(Door.SLACK, key, key.encode(), at, {"by": "U0KIM", "channel": channel})
        for key, (channel, at) in done.items()
    ]
    told = Arrival(Door.SLACK, "e", b"e", long_ago)  # by Slack itself
    async with database.begin() as store:
        await store.inbox.keep([*acts, told])
    assert findings(await known(database)) == (Finding(Lack.ACTS_UNREAD, count=2),)
    async with database.begin() as store:
        for key in "abcde":
            item, _ = await store.inbox.take(Door.SLACK, key) or (None, b"")
            assert item is not None
            item.read_at, item.set_aside = NOW, "no listener could read it"
    assert findings(await known(database)) == (Finding(Lack.ACTS_SET_ASIDE, count=3),)


async def test_what_is_kept_and_not_read_yet_is_counted_for_its_own_hearing(database: Database) -> None:
    await applied(database)
    await applied(database, replace(PLAN, key="anden", addresses=("anden@ternevig.example",), heard=()))
    other = mailed(letter("Et andet svar."), to="anden@ternevig.example")
    await received(database, mailed(letter()), other, mailed(letter("Bænke.")), reads=False)
    assert findings(await known(database)) == (Finding(Lack.UNREAD, count=2),)
    assert findings(await known(database, "anden")) == (Finding(Lack.UNREAD, count=1),)
