"""An operator makes a notat and puts it in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from docx import Document
from typer.testing import CliRunner

from bot.cli import app
from storage.database import Database
from storage.words import TextName
from tests.handlers.building import PLAN, applied, known, letter, mailed, received


async def _command(url: str, *words: str, typed: str = "") -> tuple[int, str]:
    """Its status, and all it says; it runs a loop of its own."""
    settings = {"HOERING_DATABASE_URL": url, "COLUMNS": "200"}
    result = await asyncio.to_thread(CliRunner().invoke, app, ["notat", *words], env=settings, input=typed)
    return result.exit_code, result.output


async def test_an_operator_orders_writes_and_makes_a_notat(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await applied(database, replace(PLAN, texts={TextName.BACKGROUND: "Som filen."}))
    for name in ("Ane", "Bo"):
        await received(database, mailed(letter(f"Svar fra {name}.", From=f"{name} <{name}@klub.example>")))
    _, shown = await _command(database_url, "order", "plan", "2", "1")
    assert [line.split("│")[1:3] for line in shown.splitlines() if "Privatperson" in line] == [
        [" 1          ", " 2              "], [" 2          ", " 1              "],
    ]  # fmt: skip
    assert await _command(database_url, "order", "plan", "2", "3") == (
        1, "Nothing was changed: no such place (of 2)\n",
    )  # fmt: skip
    assert await _command(database_url, "text", "plan", "background", "-", typed="Ved hånden.\n") == (
        0, "Ved hånden.\n",
    )  # fmt: skip
    assert await _command(database_url, "summary", "plan", "1", "-", typed="Kort.\n\nGodt.") == (
        0, "Kort.\n\nGodt.\n",
    )  # fmt: skip
    assert await _command(database_url, "summary", "plan", "2", "-", typed="\n") == (0, "(empty)\n")
    (_, second) = (await known(database)).submissions
    assert second.summary is not None
    assert second.summary.content == []
    assert (await _command(database_url, "remarks", "plan", "1", "1", "--to", "1"))[0] == 1
    told = ("proposal", "plan", "1", "park")
    assert await _command(database_url, *told, "maybe") == (1, "Nothing was changed: nothing told\n")
    _, shown = await _command(database_url, *told, "yes", "--what", "Stien bliver bredere.")
    assert [" ".join(each.split()) for each in shown.splitlines()[3].split("│")[1:-1]] == [
        "park", "", "yes", "Stien bliver bredere.", "not yet",
    ]  # fmt: skip
    assert "Name one of those that were asked: park" in (await _command(
        database_url, "proposal", "plan", "1", "penge", "no"
    ))[1]  # fmt: skip
    assert (await _command(database_url, "order", "torvet"))[1].startswith("There is no hearing 'torvet'")
    status, made = await _command(
        database_url, "compile", "plan", "--out", str(tmp_path), "--layout", "by_topic"
    )
    assert (status, len(made.splitlines())) == (0, 3)
    page = (tmp_path / "hoeringsnotat-plan-v1-udkast.html").read_bytes().decode()
    assert all(words in page for words in ("Ved hånden.", "Kort.", "(2) Øvrige emner"))


async def test_a_word_file_edited_by_hand_is_kept_and_compared_and_changes_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await applied(database, replace(PLAN, texts={TextName.BACKGROUND: "Vejen er smal."}))
    assert (await _command(database_url, "changes", "plan"))[0] == 1
    words = ("compile", "plan", "--format", "docx", "--appendix", "public", "--out", str(tmp_path))
    _, told = await _command(database_url, *words)
    assert [Path(line).suffix for line in told.splitlines()] == [".docx", ".pdf"]
    assert Path(told.splitlines()[1]).name.startswith("hoeringsbilag-plan-offentlig-")
    made = tmp_path / "hoeringsnotat-plan-v1.docx"
    document = Document(str(made))
    (paragraph,) = [each for each in document.paragraphs if "Vejen er smal." in each.text]
    paragraph.runs[0].text = paragraph.text.replace("smal", "bred")
    document.save(str(tmp_path / "rettet.docx"))
    for _ in range(2):
        status, told = await _command(
            database_url, "handed-back", "plan", str(tmp_path / "rettet.docx"), "--out", str(tmp_path)
        )
        assert (status, told) == (0, f"{tmp_path}/rettelser-plan-v1.html\n")
    page = (tmp_path / "rettelser-plan-v1.html").read_bytes().decode()
    assert "<del>smal.</del><ins>bred.</ins>" in "".join(page.split("\n"))
    assert (await _command(database_url, "handed-back", "plan", str(tmp_path / "rettelser-plan-v1.html")))[
        0
    ] == 1
    _, shown = await _command(database_url, "versions", "plan")
    assert shown.count("rettet.docx") == 1
    assert (await _command(database_url, "changes", "plan", "--out", str(tmp_path)))[0] == 0
    since = (tmp_path / "aendringer-plan-v1.html").read_bytes().decode()
    assert "Der er ingen ændringer." in since
