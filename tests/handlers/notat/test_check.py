"""Before a notat is final: what would be wrong in print, and what somebody should read once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.content import Note, Para, Run, dump, paragraphs, plain
from handlers.notat.cover import check
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings, waived
from handlers.notat.slips import slips
from handlers.notat.waive import waive
from handlers.rules import Refusal, Why
from storage.database import Database
from storage.dossier import Dossier
from storage.edited import HearingText, Source
from storage.edits import Edits
from storage.ending import NoRemarks
from storage.endings import Ends
from storage.words import PartyKind, Stage, TextName
from templates import say
from tests.handlers.building import NOW, applied, known, letter, mailed, received
from tests.handlers.notat.cases import Town, printed

_LONG = (
    "Forvaltningen har noteret sig ønsket om flere træer langs vejen og vil i den videre planlægning "
    "undersøge, om der kan plantes mindst ti nye {} på strækningen mellem skolen og stationen inden sommer."
)


def _found(dossier: Dossier, lack: Lack) -> list[Finding]:
    both = (*findings(dossier), *slips(dossier))
    for finding in both:
        assert say("findings.j2", finding.lack, finding=finding)
    return [finding for finding in both if finding.lack == lack]


def _said(remark: str, *, summary: str = "Kort.", texts: dict[str, str] | None = None) -> Dossier:
    town = Town(texts=texts or {})
    citizen = town.party("Ane", PartyKind.BORGER)
    return town.dossier(town.filed(citizen, town.laid(remark), summary=summary))


@pytest.mark.parametrize("left", ["[indsæt dato]", "[fodnote: se", "]"])
def test_a_bracket_that_nobody_filled_in_keeps_the_notat_from_being_final(left: str) -> None:
    (found,) = _found(_said(f"Vi planter {left}"), Lack.BRACKETS)
    assert (found.words, found.department) == (left, "Parkforvaltningen")
    assert printed(_said(f"Vi planter {left}")).draft


def test_a_mark_of_something_left_out_and_a_footnote_are_no_unfilled_brackets() -> None:
    town = Town()
    noted = (Para((Run("Vi planter […] træer [sic]."), Note((Run("Se planen."),)))),)
    assert not _found(town.dossier(town.filed("A", town.laid(noted), summary="K.")), Lack.BRACKETS)


def test_a_cpr_number_is_named_but_never_repeated() -> None:
    dossier = _said("Fint.", summary="Borgeren, 010190-1234, er enig.")
    (found,) = _found(dossier, Lack.CPR)
    assert found.where == "summary"
    assert "010190" not in plain(printed(dossier).findings)


def test_a_mail_address_or_phone_number_in_print_is_pointed_out_only() -> None:
    for said in ("Skriv til park@kommune.example.", "Ring på 12 34 56 78."):
        assert _found(_said(said), Lack.CONTACT)
        assert Lack.CONTACT not in {each.lack for each in findings(_said(said))}


TWO_WORDS, ONE_WORD, COMMITTEE, CLUB = (
    "Beskæftigelses- og Integrationsforvaltningen", "Parkforvaltningen", "Brønshøj-Husums Lokaludvalg",
    "Dansk Cykelklub (DC)",
)  # fmt: skip


def _spelt(said: str) -> list[Finding]:
    """What is found of a remark in a hearing with these names."""
    town = Town(departments=((TWO_WORDS, ()), (ONE_WORD, ())))
    committee = town.party(COMMITTEE, PartyKind.LOKALUDVALG, heard_as=0)
    committee.short_name = "Lokaludvalget"
    read = town.dossier(town.filed(CLUB, town.laid(said), summary="K."), heard=[committee])
    return [*_found(read, Lack.DEPARTMENT_SPELT), *_found(read, Lack.PARTY_SPELT)]


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ("Beskæftigelses og Integrationsforvaltningen", TWO_WORDS),
        ("Beskæftigelse- og Integrationsforvaltningen", TWO_WORDS),
        ("Beskæftigelses- og integrationsforvaltningen", TWO_WORDS),
        ("Beskæftigelses- og Integrations-forvaltningen", TWO_WORDS),
        ("Parkforvaltninge", ONE_WORD), ("Parksforvaltningen", ONE_WORD), ("parkforvaltningen", ONE_WORD),
        ("Park-forvaltningen", ONE_WORD), ("Brønshøj-Husum Lokaludvalg", COMMITTEE),
        ("Brønshøj Husums Lokaludvalg", COMMITTEE), ("Brønshøj-Husums lokaludvalg", COMMITTEE),
        ("Dansk Cyklelklub (DC", CLUB),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "Vi er enige med {} i det.", "Hverken {}\n\n- eller andre"])
def test_a_name_that_is_written_otherwise_than_it_is_known_is_pointed_out(
    slip: str, name: str, around: str
) -> None:
    assert [(each.words, each.other) for each in _spelt(around.format(slip))] == [(slip, name)]


@pytest.mark.parametrize("name", [TWO_WORDS, ONE_WORD, COMMITTEE, CLUB])
@pytest.mark.parametrize("around", ["{}", "{}s", "{}’", "»{}«", "Da {}, som er", "Se {}. Det", "i {}-sagen"])
def test_a_name_as_it_is_known_and_its_genitive_are_no_slips(name: str, around: str) -> None:
    assert not _spelt(around.format(name))


@pytest.mark.parametrize(
    "said",
    [
        "Lokaludvalget er enigt. Forvaltningen er ikke.", "Vi mødes i vores park. Forvaltningen kommer.",
        "Skoleforvaltningen", "Sydhavnens Lokaludvalg", "Brønshøj-Husums skoler", "Dansk Cykelklub",
    ],
)  # fmt: skip
def test_other_names_and_parts_of_names_are_no_slips(said: str) -> None:
    assert not _spelt(said)


def test_one_name_of_a_party_near_another_of_its_own_is_pointed_out() -> None:
    town = Town()
    party = town.party("Brønshøj-Husums Lokaludvalg")
    party.list_name = "Brønshøj-Husum Lokaludvalg"
    assert _found(town.dossier(town.filed(party)), Lack.NAMES_ALIKE)


def test_parties_that_may_be_one_in_two_spellings_are_pointed_out() -> None:
    town = Town()
    names = ("Cyklistforbundet", "Cyclistforbundet", "Lokalforening 1", "Lokalforening 2")
    (found,) = _found(town.dossier(*(town.filed(name) for name in names)), Lack.NAMES_ALIKE)
    assert {found.words, found.other} == {"Cyklistforbundet", "Cyclistforbundet"}


RECEIVED = [
    "Der er modtaget {} høringssvar, heraf 3 høringssvar om træer.", "Der indkom {} høringssvar.",
    "Der er indkommet høringssvar fra følgende {} parter.", "Kommunen modtog i alt {} høringssvar.",
    "{} høringssvar er modtaget.", "{} relevante høringssvar blev indsendt.",
]  # fmt: skip
HEARD = [
    "Forslaget er sendt til {} høringsparter.", "Følgende {} organisationer har modtaget høringen:",
    "Forslaget har været i høring hos {} parter.", "{} parter er blevet hørt.",
]  # fmt: skip


@pytest.mark.parametrize("written", [*RECEIVED, *HEARD])
@pytest.mark.parametrize(
    ("typed", "is_"), [("2", 2), ("to", 2), ("1.234", 1234), ("1234", 1234), ("Femten", 15), ("234", 234)]
)
def test_a_typed_number_that_is_not_the_counted_one_is_pointed_out(
    written: str, typed: str, is_: int
) -> None:
    told = {TextName.BACKGROUND.value: f"Planen fra 2025 har 12 punkter. {written.format(typed)} Se side 7."}
    town = Town(texts=told)
    asked = town.party("Rådet", heard_as=0)
    asked.weight = 234
    dossier = town.dossier(town.filed("A", summary="K."), town.filed("B", summary="K."), heard=[asked])
    counted = 2 if written in RECEIVED else 234
    found = _found(dossier, Lack.TYPED_NUMBER)
    assert [(each.where, each.count) for each in found] == [("background", counted)] * (is_ != counted)


@pytest.mark.parametrize(
    "said",
    [
        "Der er modtaget høringssvar. 12 parter deltog i mødet.", "Der er modtaget mange høringssvar.",
        "Forslaget er sendt ud. Mødet den 5. marts samlede 40 organisationer.",
        "Vi har modtaget et høringssvar fra skolen.", "Høringen blev sendt på portalen i 2025.",
    ],
)  # fmt: skip
def test_other_numbers_in_a_text_are_no_counts(said: str) -> None:
    assert not _found(_said("Fint.", texts={TextName.BACKGROUND.value: said}), Lack.TYPED_NUMBER)


def test_a_remark_used_again_with_a_slip_is_pointed_out_and_one_used_as_it_is_is_not() -> None:
    town = Town()
    texts = (_LONG.format("lindetræer"), _LONG.format("lindetræer"), _LONG.format("lindtræer"))
    dossier = town.dossier(
        *(town.filed(f"Part {n}", town.laid(each), summary="K.") for n, each in enumerate(texts))
    )
    (found,) = _found(dossier, Lack.NEAR_COPY)
    assert (found.printed, found.count, found.words, found.other) == (1, 3, "lindetræer", "lindtræer")


@pytest.mark.parametrize(
    "around",
    [
        ("", ""), ("Vi er enige.\n\n", ""), ("", "\n\nDer er ingen planer om mere."),
        (f"{_LONG.format('bænke').replace('træer', 'cykelstativer').replace('noteret sig', 'hørt')}\n\n", ""),
    ],
)  # fmt: skip
def test_a_paragraph_used_again_with_a_slip_is_pointed_out_whatever_stands_around_it(
    around: tuple[str, str],
) -> None:
    town = Town()
    slip = _LONG.format("lindtræer").join(around)
    own = " ".join(f"Skolevejen er ført forbi hus {n} og hen til bro {n}." for n in range(12))
    texts = (f"{own}\n\n{_LONG.format('lindetræer')}", slip, f"Ja.\n\n{_LONG.format('lindtræer')}")
    dossier = town.dossier(
        *(town.filed(f"Part {n}", town.laid(each), summary="K.") for n, each in enumerate(texts))
    )
    assert [
        (each.printed, each.count, each.words, each.other) for each in _found(dossier, Lack.NEAR_COPY)
    ] == [(1, 2, "lindetræer", "lindtræer")]


@pytest.mark.parametrize("name", [TextName.RESUME, TextName.CHANGES])
@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(hours=-1)])
@pytest.mark.parametrize("certain", [True, False])
def test_a_change_agreed_on_after_the_text_about_changes_was_written_is_pointed_out(
    name: TextName, later: timedelta, certain: bool
) -> None:
    town = Town()
    filed = town.filed("A", town.laid("Ja.", change=("bænkene males", certain)), summary="K.")
    text = HearingText(
        hearing_id=town.hearing.id, name=name, content=dump(paragraphs("Stien flyttes.")), source=Source.HAND,
        written_by="U0KIM", written_at=NOW - later,
    )  # fmt: skip
    found = _found(town.dossier(filed, edits=Edits(texts={name: text})), Lack.CHANGE_AFTER_TEXT)
    assert [each.where for each in found] == [name] * (later > timedelta(0))


def test_a_submission_to_which_nobody_says_anything_is_pointed_out() -> None:
    town, now = Town(), NOW
    silent = town.laid()
    none = NoRemarks(referral_id=silent.referral.id, said_by="U0PIA", settled=True, said_at=now)
    ended = replace(silent, ends=Ends(declined=(none,)))
    assert _found(town.dossier(town.filed("A", ended, summary="K.")), Lack.UNANSWERED)
    assert not _found(town.dossier(town.filed("A", silent, summary="K.")), Lack.UNANSWERED)


def test_a_point_that_its_department_says_nothing_to_is_pointed_out_unless_another_answers_it() -> None:
    town = Town()
    said = "Ring til Ole på 12 34 56 78 om skolevejen."
    silent = town.laid(to=1, about=said)
    none = NoRemarks(referral_id=silent.referral.id, said_by="U0PIA", settled=True, said_at=NOW)
    ended = replace(silent, ends=Ends(declined=(none,)))
    about_trees, about_both = town.laid("Ja.", about="Flere træer."), town.laid("Ja.", about=said)
    citizen = town.party("Ole Bo", PartyKind.BORGER)
    (found,) = _found(
        town.dossier(town.filed(citizen, about_trees, ended, summary="K.")), Lack.POINT_UNANSWERED
    )
    assert found.department == "Skoleforvaltningen"
    assert "om skolevejen" in found.words
    assert "12 34 56 78" not in found.words
    others = (
        town.filed("A", about_both, ended, summary="K."),
        town.filed("B", about_trees, silent, summary="K."),
    )
    assert not _found(town.dossier(*others), Lack.POINT_UNANSWERED)


def test_a_number_that_was_given_and_is_nowhere_is_never_let_pass() -> None:
    town = Town()
    town.hearing.number_given = 1
    (gap,) = _found(town.dossier(), Lack.NUMBER_GAP)
    assert (gap.number, gap.waivable) == (1, False)


def test_a_summary_that_says_nothing_is_none() -> None:
    town = Town()
    filed = town.filed("A", town.laid("Fint."), summary=" ")
    empty = replace(filed, summary=town.filed("B", summary="x").summary)
    assert empty.summary is not None
    empty.summary.content = [{"kind": "para", "quote": False, "runs": [{"kind": "run", "text": "  "}]}]
    assert _found(town.dossier(empty), Lack.NO_SUMMARY)


def test_a_draft_that_was_asked_for_lists_what_to_read_again_though_nothing_is_missing() -> None:
    town = Town(texts={"background": "Skriv til park@kommune.example."})
    final = printed(town.dossier())
    assert (final.draft, final.findings) == ("", ())
    draft = printed(town.dossier(), stage=Stage.DRAFT)
    assert draft.draft
    assert "Der mangler ikke noget." in plain(draft.findings)
    assert "Dette bør læses igen." in plain(draft.findings)


async def test_what_a_coordinator_lets_pass_is_written_down_with_the_reason(
    database: Database,
) -> None:
    await applied(database)
    await received(database, mailed(letter("Vi ønsker flere træer.", From="Ane <ane@klub.example>")))
    read = await known(database)
    missing = next(each for each in findings(read) if each.lack == Lack.NO_SUMMARY)

    async def let_pass(key: str, *, by: str = "U0KIM", reason: str = "Høringssvaret\n er kort.") -> object:
        async with database.begin() as store:
            return await waive(read.hearing.id, key, reason=reason, by=by, store=store, now=NOW)

    assert await let_pass(missing.key, by="U0SVEND") == Refusal(Why.NOT_A_COORDINATOR)
    assert await let_pass(missing.key, reason=" ") == Refusal(Why.NO_REASON)
    assert await let_pass("no such finding") == Refusal(Why.NOT_FOUND_ANY_MORE)
    assert not isinstance(await let_pass(missing.key), Refusal)
    assert await let_pass(missing.key) == Refusal(Why.NOT_FOUND_ANY_MORE)
    read = await known(database)
    assert missing not in findings(read)
    assert [(each, waiver.reason) for each, waiver in waived(read)] == [(missing, "Høringssvaret er kort.")]
    assert check(read).waived


def test_what_could_let_a_submission_be_forgotten_is_never_let_pass() -> None:
    never = {
        Lack.UNREAD, Lack.SET_ASIDE, Lack.UNDECIDED, Lack.NUMBER_GAP, Lack.NOT_REFERRED, Lack.UNLOOKED,
        Lack.ACTS_UNREAD, Lack.ACTS_SET_ASIDE,
    }  # fmt: skip
    assert not any(Finding(lack).waivable for lack in never)
    assert Finding(Lack.NO_SUMMARY).waivable
