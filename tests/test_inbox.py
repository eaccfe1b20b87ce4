"""An operator and what came in: what was taken for no submission, and a portal's export."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from handlers.hearing import file as hearing_file
from handlers.hearing.plan import HearingPlan
from storage.database import Database
from tests.handlers.building import PLAN, applied, known, letter, mailed, received

_EXAMPLE = Path(__file__).parents[1] / "docker" / "hoering.example.toml"


def _example() -> HearingPlan:
    plan = hearing_file.read(_EXAMPLE.read_text(encoding="utf-8"), file=_EXAMPLE.name)
    assert isinstance(plan, HearingPlan)
    return plan


async def _command(database_url: str, *words: str) -> tuple[int, str]:
    """Its status, and all it says; it runs a loop of its own."""
    return await asyncio.to_thread(_invoke, database_url, *words)


def _invoke(database_url: str, *words: str) -> tuple[int, str]:
    settings = {"HOERING_DATABASE_URL": database_url, "COLUMNS": "200"}
    result = CliRunner().invoke(app, [*words], env=settings)
    return result.exit_code, result.output


async def test_a_mail_that_was_passed_over_is_listed_without_its_words_and_taken_after_all(
    database: Database, database_url: str
) -> None:
    await applied(database)
    await received(database, mailed(letter("Hemmelig.", Subject="Automatisk svar: Plan")))
    assert "Nothing is set aside." in (await _command(database_url, "inbox", "list"))[1]
    status, said = await _command(database_url, "inbox", "list", "--all")
    assert status == 0
    assert all(word in said for word in ("smtp", "auto_reply", "2026-09-14 10:30"))
    assert not any(secret in said for secret in ("Hemmelig", "Automatisk", "borger"))
    async with database.begin() as store:
        (item,) = await store.inbox.passed_over()
    assert (await _command(database_url, "inbox", "take", str(item.id)))[0] == 0
    status, said = await _command(database_url, "inbox", "take", str(item.id))
    assert (status, "inbox list --all" in said) == (1, True)
    await received(database)
    assert [filed.submission.number for filed in (await known(database)).submissions] == [1]


async def test_a_portal_row_that_says_something_else_under_its_number_is_named(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await applied(database)
    export = tmp_path / "svar.csv"
    head, row = "nummer;dato;navn;tekst\n", "HP-3;01-09-2026;Ane Bro;Flere træer.\n"
    words = ("portal", "import", str(export), "--hearing", "plan")
    export.write_text(head + row)
    assert await _command(database_url, *words) == (0, "1 rows: 1 new, 0 in already, 0 not taken\n")
    assert await _command(database_url, *words) == (0, "1 rows: 0 new, 1 in already, 0 not taken\n")
    export.write_text(head + row + row.replace("Flere", "Færre"))
    status, said = await _command(database_url, *words)
    assert status == 1
    assert "2 rows: 0 new, 1 in already, 1 not taken" in said
    assert "line 3: number HP-3 is in already with another text" in said


async def test_a_department_that_is_renamed_elsewhere_too_is_told_before_it_happens(
    database: Database, database_url: str
) -> None:
    key = _example().departments[0].key
    park = replace(PLAN.departments[0], key=key)
    await applied(database, replace(PLAN, departments=(park,), owner=key))
    status, said = await _command(database_url, "hearing", "apply", str(_EXAMPLE), "--dry-run")
    assert status == 0
    assert f"departments[{key}].name in plan" in said
    assert "Parkforvaltningen" in said
