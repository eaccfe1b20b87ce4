"""The notat as it is laid out: order, names, headings, and only what somebody said yes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from handlers.content import Content, Listing, Note, Para, Run, paragraphs
from handlers.notat.front import heard_names
from handlers.notat.layout import notat
from handlers.notat.order import in_order
from handlers.notat.remarks import remark_heading
from handlers.notat.shape import Chapter, Notat, Role, plain
from handlers.portal.rows import Row, stored
from handlers.talk.summarise import summarise
from storage.database import Database
from storage.dossier import Dossier
from storage.inbox import Arrival
from storage.models import Door, Party
from storage.words import Channel, HeadingForm, Order, PartyKind, PrivatePersons
from tests.handlers.building import (
    NOW,
    PLAN,
    Thread,
    applied,
    heard,
    known,
    letter,
    mailed,
    received,
    threads,
    threads_of,
)
from tests.handlers.notat.cases import Town

FORENING, BORGER, RAAD = PartyKind.FORENING, PartyKind.BORGER, PartyKind.RAAD


async def _rows(database: Database, *rows: Row) -> None:
    hearing = str((await known(database)).hearing.id)
    envelope = {"hearing": hearing, "files": []}
    await received(database, *(Arrival(Door.PORTAL, row.key({}), stored(row), NOW, envelope) for row in rows))


def _row(name: str, *, kind: PartyKind = FORENING, at: datetime = NOW, street: str = "") -> Row:
    return Row(2, "", at, name, kind, f"{name} ønsker træer.", street=street)


async def _notat(database: Database) -> Notat:
    return notat(await known(database), version=4, at=NOW)


def _headings(chapters: Iterable[Chapter], role: Role) -> list[str]:
    return [chapter.heading for chapter in chapters if chapter.role == role]


def _listed(laid_out: Notat) -> list[str]:
    """The points of the list of what was received."""
    chapter = next(c for c in laid_out.chapters if c.heading == "Modtagne høringssvar")
    listing = next((block for block in chapter.body if isinstance(block, Listing)), Listing(()))
    return [plain((Para(item.runs),)) for item in listing.items]


def _under(laid_out: Notat, heading: str) -> str:
    return next(plain(chapter.body) for chapter in laid_out.chapters if chapter.heading == heading)


async def test_submissions_are_numbered_by_arrival_without_gaps(database: Database) -> None:
    await applied(database)
    late, early = NOW + timedelta(hours=2), NOW - timedelta(hours=2)
    await _rows(database, _row("Sene Klub", at=late), _row("Tidlige Klub", at=early), _row("Ens Klub"))
    assert _headings((await _notat(database)).chapters, Role.SUBMISSION) == [
        "Høringssvar 1: Tidlige Klub", "Høringssvar 2: Ens Klub", "Høringssvar 3: Sene Klub",
    ]  # fmt: skip


async def test_what_came_through_the_portal_stands_before_whatever_else_came(database: Database) -> None:
    await applied(database, replace(PLAN, order=Order.PORTAL_FIRST))
    await received(database, mailed(letter()))
    after = NOW + timedelta(hours=1)
    await _rows(database, _row("Brevets Klub"), _row("Portalens Klub", at=after))
    by_letter = replace_channel(await known(database), "Brevets Klub", Channel.LETTER)
    assert [filed.party.list_name for filed in in_order(by_letter)] == [
        "Portalens Klub", "Ane Bro", "Brevets Klub",
    ]  # fmt: skip


def replace_channel(dossier: Dossier, name: str, channel: Channel) -> Dossier:
    """The dossier, had one party's submission come another way."""
    for filed in dossier.submissions:
        if filed.party.list_name == name:
            filed.submission.channel = channel
    return dossier


async def test_submissions_may_be_ordered_by_the_kind_of_party(database: Database) -> None:
    await applied(database, replace(PLAN, order=Order.KIND))
    kinds = [BORGER, FORENING, RAAD, PartyKind.LOKALUDVALG, PartyKind.VIRKSOMHED]
    first, second = NOW, NOW + timedelta(minutes=1)
    await _rows(database, *(_row(f"{kind}2", kind=kind, at=second) for kind in kinds))
    await _rows(database, *(_row(f"{kind}1", kind=kind, at=first) for kind in kinds))
    ordered = [filed.party.list_name for filed in in_order(await known(database))]
    assert ordered == [
        "lokaludvalg1", "lokaludvalg2", "raad1", "raad2", "forening1", "forening2", "virksomhed1",
        "virksomhed2", "borger1", "borger2",
    ]  # fmt: skip


async def test_a_party_has_one_name_in_the_list_and_another_over_its_submission(database: Database) -> None:
    asked = heard("LG", heading="Lygtevejens Grundejerforening", mail=("ane@borger.example",))
    await applied(database, replace(PLAN, heard=(asked,)))
    await received(database, mailed(letter(From="ane@borger.example")))
    laid_out = await _notat(database)
    assert _listed(laid_out) == ["LG (besvaret via mail)"]
    assert _headings(laid_out.chapters, Role.SUBMISSION) == ["Høringssvar 1: Lygtevejens Grundejerforening"]


async def test_only_the_list_says_who_answered_by_mail_and_who_was_late(database: Database) -> None:
    await applied(database)
    late = PLAN.deadline + timedelta(seconds=1)
    await _rows(database, _row("Rettidige Klub", at=PLAN.deadline), _row("Sene Klub", at=late))
    await received(database, replace(mailed(letter()), received_at=late + timedelta(hours=1)))
    laid_out = await _notat(database)
    assert _listed(laid_out) == [
        "Rettidige Klub",
        "Sene Klub (modtaget efter høringsfristen)",
        "Privatperson (besvaret via mail, modtaget efter høringsfristen)",
    ]
    rest = [chapter for chapter in laid_out.chapters if chapter.heading != "Modtagne høringssvar"]
    assert not any("besvaret via" in plain(c.body) + c.heading for c in rest)


@pytest.mark.parametrize(
    ("rule", "printed"),
    [(PrivatePersons.STREET, "Privatperson Lygtevej"), (PrivatePersons.ANONYMOUS, "Privatperson")],
)
async def test_a_private_person_is_nowhere_printed_by_name(
    database: Database, rule: PrivatePersons, printed: str
) -> None:
    asked = heard("Ane Bro", kind=BORGER)
    await applied(database, replace(PLAN, private_persons=rule, heard=(asked,)))
    await _rows(database, _row("Ane Bro", kind=BORGER, street="Lygtevej"))
    await received(database, mailed(letter("Også bænke.")))
    laid_out = await _notat(database)
    assert "Ane" not in repr(laid_out)
    assert "borger.example" not in repr(laid_out)
    assert _listed(laid_out)[0] == printed


def _party(name: str, group: str = "", kind: PartyKind = FORENING) -> Party:
    return Party(
        hearing_id=uuid4(),
        kind=kind,
        list_name=name,
        heading_name=f"{name} i svaret",
        short_name=name,
        group=group,
    )


def test_heard_parties_are_one_sentence_with_a_groups_members_in_brackets() -> None:
    parties = [
        _party("Politiet"), _party("Lygteby", "Lokaludvalgene"), _party("Cyklistforbundet"),
        _party("Engby", "Lokaludvalgene"), _party("Ane Bro", kind=BORGER), _party("Bo Å", kind=BORGER),
    ]  # fmt: skip
    assert heard_names(parties, PrivatePersons.STREET) == (
        "Politiet, Lokaludvalgene (Lygteby og Engby), Cyklistforbundet, Privatperson og Privatperson."
    )


def test_a_name_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    assert heard_names([_party("Boligerne, 1. kreds.")], PrivatePersons.STREET) == "Boligerne, 1. kreds."
    assert heard_names([], PrivatePersons.STREET) == ""


async def test_the_parties_that_were_heard_are_counted_by_their_weight(database: Database) -> None:
    plan = replace(PLAN, heard=(heard("Politiet"), heard("Skolerne", weight=12)))
    await applied(database, plan)
    body = _under(await _notat(database), "Hørte myndigheder, organisationer og borgere")
    assert body.startswith("Høringen er sendt til følgende 13 parter:\n\nPolitiet og Skolerne.")
    await applied(database, replace(plan, heard=(heard("Politiet"),)))
    body = _under(await _notat(database), "Hørte myndigheder, organisationer og borgere")
    assert body == "Høringen er sendt til følgende part:\n\nPolitiet."


async def test_what_the_hearing_file_says_stands_around_the_parties(database: Database) -> None:
    said = {
        "forwarding": "Send den videre.",
        "publication": "Den lå på nettet.",
        "purpose": "Formålet er træer.",
        "background": "Vejen er gammel.\n\nDen er bred.",
        "changes": "Der kommer flere træer.",
    }
    await applied(database, replace(PLAN, texts=said))
    laid_out = await _notat(database)
    body = _under(laid_out, "Hørte myndigheder, organisationer og borgere")
    assert body.split("\n\n")[1:] == ["Send den videre.", "Den lå på nettet."]
    assert _under(laid_out, "Sagsfremstilling") == "Vejen er gammel.\n\nDen er bred."
    assert _under(laid_out, "Resumé") == (
        "Formålet er træer. Forslaget har været i offentlig høring, og der er ikke modtaget høringssvar. "
        "Der kommer flere træer."
    )


async def test_where_the_submissions_are_to_be_read_is_the_hearings_to_say(database: Database) -> None:
    await applied(database)
    assert _under(await _notat(database), "Om høringsnotatet").endswith("indgår i sagen i sin fulde længde.")
    await applied(database, replace(PLAN, texts={"annexes": "Høringssvarene er vedlagt som bilag 2."}))
    about = _under(await _notat(database), "Om høringsnotatet")
    assert about.endswith("som svaret vedrører. Høringssvarene er vedlagt som bilag 2.")


A_LINE, TWO = paragraphs("Ja."), paragraphs("Ja.\n\nNej.")


@pytest.mark.parametrize(
    ("form", "name", "body", "heading"),
    [
        ("bemaerkninger_fra", "Parkforvaltningen", A_LINE, "Bemærkning fra Parkforvaltningen"),
        ("bemaerkninger_fra", "Parkforvaltningen", TWO, "Bemærkninger fra Parkforvaltningen"),
        ("x_bemaerkninger", "Parkforvaltningen", A_LINE, "Parkforvaltningens bemærkning"),
        ("x_bemaerkninger", "Børnehus", TWO, "Børnehus’ bemærkninger"),
        ("x_kommentarer", "Natur & Miljø", A_LINE, "Natur & Miljøs kommentar"),
        ("x_kommentarer", "Parkforvaltningen", TWO, "Parkforvaltningens kommentarer"),
    ],
)
def test_the_heading_over_a_remark_has_the_house_form(
    form: str, name: str, body: Content, heading: str
) -> None:
    seat = replace(Town().seats[0], name=name)
    assert remark_heading(seat, body, form=HeadingForm(form)) == heading


async def test_a_department_may_speak_twice_with_another_between(database: Database) -> None:
    asked = await threads(database, "Vi ønsker flere træer. Vi ønsker en sikker skolevej.")
    park, skole = asked["park"], asked["skole"]
    await park.tick(park.said("1.0", "Om træerne."))
    await skole.tick(skole.said("1.1", "Om vejen."), by="U0SIF")
    await park.tick(park.said("1.2", "Om bænkene.\n\nOg om jorden."))
    remarks = [c for c in (await _notat(database)).chapters if c.role == Role.REMARK]
    assert [(chapter.heading, plain(chapter.body)) for chapter in remarks] == [
        ("Bemærkning fra Parkforvaltningen", "Om træerne."),
        ("Bemærkning fra Skoleforvaltningen", "Om vejen."),
        ("Bemærkninger fra Parkforvaltningen", "Om bænkene.\n\nOg om jorden."),
    ]


async def _remarks(database: Database) -> list[str]:
    return [plain(c.body) for c in (await _notat(database)).chapters if c.role == Role.REMARK]


async def test_the_approved_copy_is_printed_and_never_what_the_message_says_now(database: Database) -> None:
    park = (await threads(database))["park"]
    await park.tick(park.said("1.0", "Vi planter lind."))
    await park.say(park.said("1.0", "Vi planter eg.", version="2.0"))
    assert await _remarks(database) == ["Vi planter lind."]
    await park.say(park.said("1.0", "", version="3.0", deleted=True))
    assert await _remarks(database) == ["Vi planter lind."]


async def test_nothing_is_printed_that_nobody_said_yes_to(database: Database) -> None:
    park = (await threads(database))["park"]
    await park.say(park.said("1.0", "Hemmelig tale."))
    await park.mark(park.said("2.0", "Et udkast."))
    assert await _remarks(database) == []
    assert "Hemmelig" not in repr(await _notat(database))
    assert "udkast." not in repr((await _notat(database)).chapters)


async def test_notes_and_lists_are_printed_as_they_were_approved(database: Database) -> None:
    park = (await threads(database))["park"]
    content: Content = (Para((Run("Se planen", bold=True), Note((Run("Side 7."),)))),)
    await park.tick(replace(park.said("1.0", ""), content=content))
    bodies = [c.body for c in (await _notat(database)).chapters if c.role == Role.REMARK]
    assert bodies == [content]


async def test_a_notat_is_a_draft_that_says_what_is_missing_until_nothing_is(database: Database) -> None:
    park = (await threads(database))["park"]
    draft = await _notat(database)
    assert draft.draft == "UDKAST"
    numbers = (
        "Høringssvarene har her det nummer, de er trykt under; journalnummeret, som bruges i Slack, står i "
        "parentes, hvor det er et andet."
    )
    assert plain(draft.findings).splitlines() == [
        f"Notatet er et udkast. Før det er færdigt, udestår 2 forhold. {numbers}", "",
        "- Høringssvar 1, Privatperson, mangler et resumé.",
        "- Høringssvar 1, Privatperson, mangler bemærkninger fra Parkforvaltningen.",
    ]  # fmt: skip
    await _finished(database, park)
    final = await _notat(database)
    assert (final.draft, final.findings) == ("", ())
    assert _under(final, "Høringssvar 1: Privatperson") == "Borgeren ønsker træer."


async def _finished(database: Database, thread: Thread) -> None:
    await thread.tick(thread.said("1.0", "Vi planter."))
    (filed,) = (await known(database)).submissions
    async with database.begin() as store:
        content = paragraphs("Borgeren ønsker træer.")
        await summarise(filed.submission.id, content, by="U0KIM", store=store, now=NOW)


async def test_the_case_block_names_date_case_period_and_version_in_danish_time(database: Database) -> None:
    await applied(database)
    laid_out = await _notat(database)
    assert [(fact.label, fact.value) for fact in laid_out.facts] == [
        ("Dato", "14. september 2026"), ("Sagsnummer", "2026-17"),
        ("Høringsperiode", "31. august – 28. september 2026"), ("Version", "4"),
    ]  # fmt: skip
    assert (laid_out.title, laid_out.owner) == ("Høringsnotat – Ny plan for Lygtevej", "Parkforvaltningen")
    assert laid_out.case_label == "Sagsnr. 2026-17"


@pytest.mark.parametrize(
    ("count", "resume", "lead"),
    [
        (0, "der er ikke modtaget høringssvar.", "Der er ikke modtaget høringssvar."),
        (1, "der er modtaget ét høringssvar. Notatet", "Der er modtaget følgende høringssvar:"),
        (2, "der er modtaget 2 høringssvar. Notatet", "Der er modtaget følgende 2 høringssvar, nummereret i"),
    ],
)
async def test_counts_are_said_in_good_danish(database: Database, count: int, resume: str, lead: str) -> None:
    await applied(database)
    await _rows(database, *(_row(f"Klub {number}") for number in range(count)))
    laid_out = await _notat(database)
    assert resume in _under(laid_out, "Resumé")
    assert _under(laid_out, "Modtagne høringssvar").startswith(lead)


async def test_parts_stand_in_the_order_of_a_real_notat(database: Database) -> None:
    thread = (await threads(database))["park"]
    await _finished(database, thread)
    laid_out = await _notat(database)
    assert [(chapter.role, chapter.heading) for chapter in laid_out.chapters] == [
        (Role.PART, "Resumé"), (Role.PART, "Sagsfremstilling"),
        (Role.SECTION, "Hørte myndigheder, organisationer og borgere"),
        (Role.SECTION, "Modtagne høringssvar"), (Role.SECTION, "Om høringsnotatet"),
        (Role.SUBMISSION, "Høringssvar 1: Privatperson"), (Role.REMARK, "Bemærkning fra Parkforvaltningen"),
    ]  # fmt: skip
    assert list(threads_of((await known(database)).submissions[0], database)) == ["park"]
