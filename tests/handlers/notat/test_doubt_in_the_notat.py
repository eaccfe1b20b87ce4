"""What is late, added, taken back or said by many, as the notat prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.content import Listing, Para
from handlers.notat.layout import notat
from handlers.notat.order import spans
from handlers.notat.shape import Notat, Role, plain
from storage.asked import About, Verdict
from storage.database import Database
from tests.handlers.building import NOW, PLAN, applied, known, letter, mailed, received
from tests.handlers.doubting import decided, first, later, same, summarised


async def _notat(database: Database) -> Notat:
    return notat(await known(database), version=1, at=NOW)


def _headings(laid_out: Notat) -> list[str]:
    return [chapter.heading for chapter in laid_out.chapters if chapter.role == Role.SUBMISSION]


def _listed(laid_out: Notat) -> list[str]:
    chapter = next(c for c in laid_out.chapters if c.heading == "Modtagne høringssvar")
    return [
        plain((Para(item.runs),))
        for block in chapter.body
        if isinstance(block, Listing)
        for item in block.items
    ]


def _under(laid_out: Notat, heading: str) -> str:
    return next(plain(chapter.body) for chapter in laid_out.chapters if chapter.heading == heading)


async def test_what_does_not_count_is_neither_numbered_nor_printed(database: Database) -> None:
    await applied(database)
    late = PLAN.deadline + timedelta(minutes=1)
    await received(database, mailed(first()), mailed(later("Jeg trækker mit svar tilbage.")))
    await received(database, mailed(letter("Flere bænke.")))
    await received(database, replace(mailed(letter("Flere træer.")), received_at=late))
    await decided(database, About.FOLLOW_UP, Verdict.WITHDRAWN)
    await decided(database, About.LATE, Verdict.LEFT_OUT)
    laid_out = await _notat(database)
    assert _headings(laid_out) == ["Høringssvar 1: Privatperson"]
    assert "modtaget ét høringssvar" in _under(laid_out, "Resumé")
    await decided(database, About.LATE, Verdict.ADMITTED)
    assert _listed(await _notat(database)) == [
        "Privatperson (besvaret via mail)",
        "Privatperson (besvaret via mail, modtaget efter høringsfristen)",
    ]


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [
        (Verdict.SUPPLEMENT, "senere suppleret"),
        (Verdict.REPLACES, "senere erstattet af afsenderen"),
    ],
)
async def test_the_list_says_what_a_party_changed_since(
    database: Database, verdict: Verdict, mark: str
) -> None:
    await applied(database)
    await received(database, mailed(first()), mailed(later()))
    await decided(database, About.FOLLOW_UP, verdict)
    assert _listed(await _notat(database)) == [f"Privatperson (besvaret via mail, {mark})"]
    await decided(database, About.FOLLOW_UP, Verdict.NOTHING)
    assert _listed(await _notat(database)) == ["Privatperson (besvaret via mail)"]


async def test_many_that_say_the_same_have_one_chapter_and_a_number_each(database: Database) -> None:
    await applied(database)
    await received(database, mailed(same("Bo Bro")), mailed(letter("Flere bænke.")))
    await received(database, *(mailed(same(name)) for name in ("Eva Eg", "Ib Ask", "Ida Elm")))
    await summarised(database, 1)
    laid_out = await _notat(database)
    assert _headings(laid_out) == ["Høringssvar 1: Privatperson m.fl.", "Høringssvar 2: Privatperson"]
    same_as = "Privatperson (besvaret via mail, enslydende med nr. 1)"
    assert _listed(laid_out) == ["Privatperson (besvaret via mail)"] * 2 + [same_as] * 3
    assert "modtaget 5 høringssvar" in _under(laid_out, "Resumé")
    assert _under(laid_out, "Høringssvar 1: Privatperson m.fl.") == (
        "Høringssvar 3–5 er enslydende med dette. Svarene gengives og besvares her under ét.\n\nKort."
    )


async def test_a_campaign_keeps_its_chapter_when_its_lead_took_its_own_back(database: Database) -> None:
    await applied(database)
    await received(database, *(mailed(same(name)) for name in ("Ane Bro", "Eva Eg", "Ib Ask")))
    await received(database, mailed(later("Jeg trækker mit svar tilbage.")))
    await decided(database, About.FOLLOW_UP, Verdict.WITHDRAWN)
    await summarised(database, 1)
    laid_out = await _notat(database)
    assert _headings(laid_out) == ["Høringssvar 1: Privatperson m.fl."]
    assert _under(laid_out, "Høringssvar 1: Privatperson m.fl.").startswith(
        "Høringssvar 2 er enslydende med dette."
    )


async def test_a_campaign_taken_apart_has_a_chapter_for_each(database: Database) -> None:
    await applied(database)
    await received(database, *(mailed(same(name)) for name in ("Bo Bro", "Eva Eg")))
    await decided(database, About.CAMPAIGN, Verdict.APART)
    assert _headings(await _notat(database)) == [
        "Høringssvar 1: Privatperson", "Høringssvar 2: Privatperson",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "written"),
    [((), []), ((4,), ["4"]), ((4, 5), ["4", "5"]), ((9, 4, 6, 5, 12), ["4–6", "9", "12"])],
)
def test_three_numbers_in_a_row_are_written_as_from_and_to(
    numbers: Sequence[int], written: list[str]
) -> None:
    assert spans(numbers) == written
