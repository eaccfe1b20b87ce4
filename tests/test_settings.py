"""Where a setting comes from, what it is when nobody says, and how a wrong one is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.cli import app
from bot.mailer import Security
from bot.settings import FILE, PREFIX, SECRETS, NotThere, Settings, SlackMode, settings


@dataclass(frozen=True, slots=True)
class Places:
    """The three places that a setting may come from, empty at first."""

    monkeypatch: pytest.MonkeyPatch
    folder: Path

    def environment(self, name: str, value: str) -> None:
        self.monkeypatch.setenv(f"{PREFIX}{name}", value)

    def secret(self, name: str, value: str) -> None:
        folder = self.folder / "secrets"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(value, "utf-8")
        self.monkeypatch.setenv(SECRETS, str(folder))

    def file(self, text: str) -> None:
        path = self.folder / "settings.toml"
        path.write_text(text, "utf-8")
        self.monkeypatch.setenv(FILE, str(path))


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Places:
    # The environment is one of the places, so the test's own must say nothing.
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    return Places(monkeypatch, tmp_path)


def _refusal() -> str:
    result = CliRunner().invoke(app, ["run"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.usefixtures("places")
def test_without_a_word_the_service_is_on_this_machine_alone() -> None:
    found = settings()
    assert (found.smtp_host, found.http_host) == ("127.0.0.1", "127.0.0.1")
    assert (found.data_dir, found.database_url) == (Path("data"), "")
    assert (found.slack_mode, found.mail_out_encryption) == (SlackMode.SOCKET, Security.STARTTLS)


def test_the_environment_wins_over_a_secret_and_a_secret_over_the_file(places: Places) -> None:
    places.file('mail_out_user = "file"\nmail_out_host = "file"\nmail_out_from = "file"')
    places.secret("hoering_mail_out_user", "secret")
    places.secret("hoering_mail_out_host", "secret")
    places.environment("MAIL_OUT_USER", "environment")
    found = settings()
    assert (found.mail_out_user, found.mail_out_host, found.mail_out_from) == (
        "environment",
        "secret",
        "file",
    )


@pytest.mark.parametrize("name", ["hoering_slack_bot_token", "HOERING_SLACK_BOT_TOKEN"])
def test_a_secret_is_a_file_named_like_the_variable(places: Places, name: str) -> None:
    places.secret(name, "xoxb-made-up\n")
    assert settings().slack_bot_token.get_secret_value() == "xoxb-made-up"


def test_the_database_with_its_password_may_be_a_secret(places: Places) -> None:
    places.secret("hoering_database_url", "postgresql://hoering:made-up@postgres/hoering\n")
    assert settings().database_url == "postgresql://hoering:made-up@postgres/hoering"


def test_settings_that_are_shown_show_no_secret(places: Places) -> None:
    places.secret("hoering_database_url", "postgresql://hoering:made-up@postgres/hoering")
    for name in ("slack_bot_token", "slack_app_token", "slack_signing_secret", "mail_out_password"):
        places.secret(f"hoering_{name}", "made-up")
    assert "made-up" not in repr(settings())


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().smtp_port = 25


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SMTP_PORT", "mail", "valid integer"),
        ("HTTP_PORT", "65536", "less than or equal to 65535"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("SLACK_MODE", "post", "'socket' or 'http'"),
        ("MAIL_OUT_ENCRYPTION", "ssl", "'none', 'starttls' or 'tls'"),
        ("SMTP_LMTP", "perhaps", "valid boolean"),
        ("DATABASE_URL", "mysql://a:geheim@b/c", "must be postgresql://"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(places: Places, name: str, value: str, sentence: str) -> None:
    places.environment(name, value)
    said = _refusal()
    assert f"HOERING_{name}: " in said
    assert sentence in said
    assert "geheim" not in said


def test_a_setting_that_there_is_not_is_refused(places: Places) -> None:
    places.file("smtp_prot = 25")
    assert "HOERING_SMTP_PROT: " in _refusal()


def test_a_settings_file_that_is_no_toml_is_refused_with_its_line(places: Places) -> None:
    places.file("smtp_port = = 25")
    assert "The settings cannot be read: Invalid value (at line 1" in _refusal()


@pytest.mark.parametrize("name", ["SETTINGS", "SECRETS_DIR"])
def test_settings_that_are_not_where_they_should_be_are_missed(places: Places, name: str) -> None:
    places.environment(name, str(places.folder / "nowhere"))
    with pytest.raises(NotThere, match="nowhere"):
        settings()
    assert f"HOERING_{name} names " in _refusal()
