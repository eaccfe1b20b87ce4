"""An operator makes a notat of content alone, and looks a template through."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from handlers.notat.shape import dump
from handlers.render.default_template import SHIPPED
from tests.render.sample import DRAFT


def _command(*words: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, words, env={"COLUMNS": "200"}, input=typed)
    return result.exit_code, result.output


def test_content_becomes_files_and_the_same_content_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "svar.json").write_text(json.dumps(dump(DRAFT)), encoding="utf-8")
    made: list[list[bytes]] = []
    for folder in (tmp_path / "en", tmp_path / "to"):
        command = ("notat", "render", str(tmp_path / "svar.json"), "--out", str(folder), "--at", "2031-04-23")
        status, told = _command(*command, "--template", str(SHIPPED))
        names = [folder / f"svar.{end}" for end in ("docx", "pdf", "html")]
        assert (status, told.split()) == (0, list(map(str, names)))
        made.append([name.read_bytes() for name in names])
    assert made[0] == made[1]


def test_bad_content_is_told_with_its_place_and_nothing_is_made(tmp_path: Path) -> None:
    values = dump(DRAFT) | {"title": 5}
    told = _command("notat", "render", "-", "--out", str(tmp_path / "ud"), typed=json.dumps(values))
    assert told == (1, "-, title: Input should be a valid string\n")
    assert not (tmp_path / "ud").exists()
    status, said = _command("notat", "render", str(tmp_path / "none.json"))
    assert (status, "No such file" in said) == (1, True)


def test_the_schema_is_json() -> None:
    status, told = _command("notat", "schema")
    assert (status, json.loads(told)["title"]) == (0, "Notat")


def test_a_template_is_looked_through(tmp_path: Path) -> None:
    status, told = _command("template", "check", str(SHIPPED))
    assert (status, "fields: ejer, indhold" in told) == (0, True)
    (tmp_path / "notat.docm").write_bytes(b"no")
    assert _command("template", "check", str(tmp_path / "notat.docm")) == (
        1, f"{tmp_path}/notat.docm is no Word document (.docx or .dotx) that can be opened\n",
    )  # fmt: skip
