"""The example settings: all of them, each explained, with the default that the code has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.imap.settings import Mailbox
from bot.settings import FILE, PREFIX, Settings, settings

EXAMPLE = Path(__file__).parents[2] / "docker" / "settings.example.toml"
LINES = EXAMPLE.read_text("utf-8").splitlines()


def test_every_setting_stands_there_in_the_order_of_the_code() -> None:
    assert list(tomllib.loads(EXAMPLE.read_text("utf-8"))) == list(Settings.model_fields)


def test_every_setting_is_explained() -> None:
    keys = [number for number, line in enumerate(LINES) if re.match(r"\w+ = ", line)]
    assert [LINES[number] for number in keys if not LINES[number - 1].startswith("#")] == []


def test_the_file_changes_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment is how the service is told which file to read.
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    plain = settings()
    monkeypatch.setenv(FILE, str(EXAMPLE))
    assert settings() == plain


def test_every_variable_it_speaks_of_is_one() -> None:
    spoken_of = set(re.findall(rf"{PREFIX}([A-Z_]+)", EXAMPLE.read_text("utf-8")))
    assert spoken_of - {"SETTINGS", "SECRETS_DIR"} <= {name.upper() for name in Settings.model_fields}


def test_the_mailboxes_that_it_shows_could_be_real_ones_and_every_key_is_shown() -> None:
    _, _, shown = EXAMPLE.read_text("utf-8").partition("mailboxes = []\n")
    tables = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in shown.splitlines()))
    for table in tables["mailboxes"]:
        files = {key: EXAMPLE for key in table if key.endswith("_file")}
        assert Mailbox.model_validate(table | files).poll == 60
    assert [key for key in Mailbox.model_fields if not re.search(rf"\b{key} = |\b{key}=", shown)] == []
