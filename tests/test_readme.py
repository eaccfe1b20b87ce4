"""The README is the specification: what it must name, it names, and as it is."""

from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.imap.settings import Mailbox
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _setting_row(name: str) -> str:
    field = Settings.model_fields[name]
    shown = getattr(field.default, "get_secret_value", lambda: field.default)()
    default = "" if shown in ("", ()) else f"`{shown}`"
    return f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |"


@pytest.mark.parametrize("key", Mailbox.model_fields)
def test_every_key_of_a_mailbox_stands_in_the_readme(key: str) -> None:
    _, _, table = README.partition("Each mailbox, a `[[mailboxes]]` table")
    assert f"`{key}`" in table.partition("\n## ")[0]


def _commands() -> list[str]:
    root = get_command(app)
    named: list[str] = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        named.extend(f"{name} {each}" for each in inner) if inner else named.append(name)
    return named


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_with_its_default(name: str) -> None:
    assert _setting_row(name) in README


@pytest.mark.parametrize("command", _commands())
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert f"hoeringsbot {command}" in README


@pytest.mark.parametrize("module", sorted(path.name for path in (ROOT / "bot").glob("[a-z]*.py")))
def test_every_module_of_the_doors_has_its_place_on_the_map(module: str) -> None:
    assert f"`bot/{module}`" in README


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "bot").iterdir() if path.is_dir()))
def test_every_room_of_the_doors_has_its_place_on_the_map(room: str) -> None:
    assert room == "__pycache__" or f"`bot/{room}/`" in README


_ON_THE_WAY = ("", "intake", "doubt", "hearing", "referral", "talk", "notat")
"""The rooms of `handlers` whose every module is named: a submission passes through them."""


def _steps_and_nouns() -> list[str]:
    return [path.stem for room in _ON_THE_WAY for path in (ROOT / "handlers" / room).glob("[a-z]*.py")]


@pytest.mark.parametrize("module", sorted(_steps_and_nouns()))
def test_every_step_and_noun_has_its_place_on_the_map(module: str) -> None:
    assert f"`{module}`" in README


@pytest.mark.parametrize(
    "room", sorted(path.parent.name for path in (ROOT / "handlers").glob("*/__init__.py"))
)
def test_every_room_of_the_nouns_has_its_place_on_the_map(room: str) -> None:
    assert f"`{room}/`" in README or f"`handlers/{room}/`" in README


@pytest.mark.parametrize("module", sorted(path.stem for path in (ROOT / "storage").glob("[a-z]*.py")))
def test_every_part_of_what_we_remember_has_its_place_on_the_map(module: str) -> None:
    assert f"`{module}`" in README


def test_the_word_that_the_readme_uses_for_a_command_is_the_command() -> None:
    for line in README.splitlines():
        if line.strip().startswith("hoeringsbot "):
            words = line.split("#")[0].split()[1:]
            assert " ".join(words[:2]) in _commands() or words[0] in _commands()
