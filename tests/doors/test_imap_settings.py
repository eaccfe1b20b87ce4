"""What is told of a mailbox: where it may stand, what is filled in, and how a wrong word is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.cli import app
from bot.imap.login import is_in_the_clear
from bot.imap.settings import Auth, Mailbox
from bot.mailer import Security
from bot.settings import FILE, PREFIX, SECRETS, Settings, settings

LEAST: dict[str, Any] = {"host": "imap.ternevig.example", "user": "hoering@ternevig.example",
                         "password": "rødgrød"}  # fmt: skip
TOKEN = LEAST | {"password": "", "auth": "oauth2", "tenant": "t", "client_id": "c"}


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment is one of the places, so the test's own must say nothing.
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def refusal(*told: Any) -> str:
    with pytest.raises(ValidationError) as no:
        Settings.model_validate({"mailboxes": told})
    (problem,) = no.value.errors()
    assert problem["loc"] == ("mailboxes",)
    return str(problem["msg"])


def test_without_a_word_there_is_no_mailbox() -> None:
    assert settings().mailboxes == ()


def test_host_user_and_password_are_enough() -> None:
    (mailbox,) = Settings.model_validate({"mailboxes": [LEAST]}).mailboxes
    assert (mailbox.name, mailbox.address) == (LEAST["user"], LEAST["user"])
    assert (mailbox.at_port, mailbox.security, mailbox.auth) == (993, Security.TLS, Auth.PASSWORD)
    assert (mailbox.folder, mailbox.done, mailbox.failed, mailbox.poll) == ("INBOX", "Behandlet", "Fejl", 60)


@pytest.mark.parametrize(("security", "port"), [("tls", 993), ("starttls", 143), ("none", 143)])
def test_each_security_has_its_usual_port(security: str, port: int) -> None:
    assert Mailbox.model_validate(LEAST | {"security": security}).at_port == port
    assert Mailbox.model_validate(LEAST | {"security": security, "port": 9}).at_port == 9


def test_tables_stand_in_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in LEAST.items())
    file.write_text(f"smtp_port = 0\n[[mailboxes]]\n{lines}[[mailboxes]]\nname = 'to'\n{lines}", "utf-8")
    monkeypatch.setenv(FILE, str(file))
    assert [each.name for each in settings().mailboxes] == [LEAST["user"], "to"]


def test_a_list_in_json_stands_in_the_environment_or_is_a_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hoering_mailboxes").write_text(json.dumps([LEAST | {"name": "hemmelig"}]), "utf-8")
    monkeypatch.setenv(SECRETS, str(tmp_path))
    assert [each.name for each in settings().mailboxes] == ["hemmelig"]
    monkeypatch.setenv(f"{PREFIX}MAILBOXES", json.dumps([LEAST]))
    assert [each.name for each in settings().mailboxes] == [LEAST["user"]]
    monkeypatch.setenv(f"{PREFIX}MAILBOXES", "")
    assert settings().mailboxes == ()
    monkeypatch.delenv(f"{PREFIX}MAILBOXES")
    (tmp_path / "hoering_mailboxes").write_text("", "utf-8")
    assert settings().mailboxes == ()


def test_settings_that_are_shown_show_no_password(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("blåbær\r\n", "utf-8")
    told = [LEAST, TOKEN | {"name": "b", "client_secret_file": file}]
    found = Settings.model_validate({"mailboxes": told})
    assert found.mailboxes[0].secret() == "rødgrød"
    assert found.mailboxes[1].secret() == "blåbær"
    for shown in (repr(found), str(found.model_dump())):
        assert "rødgrød" not in shown
        assert "blåbær" not in shown


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"user": "hoering@ternevig.example", "password": "x"}, "host: Field required"),
        (LEAST | {"prot": 1}, "prot: Extra inputs are not permitted"),
        (LEAST | {"port": "mail"}, "port: Input should be a valid integer"),
        (LEAST | {"security": "ssl"}, "security: Input should be 'none', 'starttls' or 'tls'"),
        (LEAST | {"poll": 900}, "poll: Input should be less than or equal to 540"),
        (LEAST | {"user": "hoering"}, "address must be the mail address of the hearing"),
        (LEAST | {"name": "a/b"}, "name must have no slash in it"),
        (LEAST | {"done": "inbox"}, "folder, done and failed must be three different folders"),
        (LEAST | {"ca_file": "/no/such.pem"}, "ca_file names /no/such.pem, and there is no such file"),
        (LEAST | {"password": ""}, "exactly one of password, password_file must be given"),
        (LEAST | {"auth": "oauth2"}, 'tenant must be given, since auth is "oauth2"'),
        (TOKEN, "exactly one of client_secret, client_secret_file, certificate_file must be given"),
        ("hoering", "mailbox 1 must be a table"),
    ],
)
def test_a_wrong_word_is_refused_in_a_sentence_that_names_mailbox_and_key(told: Any, sentence: str) -> None:
    said = refusal(told)
    assert sentence in said
    assert "mailbox 1" in said if isinstance(told, str) else repr(told.get("name", told["user"])) in said


def test_two_mailboxes_of_one_name_are_refused() -> None:
    assert "name must be of one mailbox only" in refusal(LEAST, LEAST)


@pytest.mark.parametrize("text", ["[{", "{}", "7"])
def test_what_is_no_list_of_mailboxes_is_refused_by_the_command_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}MAILBOXES", text)
    result = CliRunner().invoke(app, ["run"])
    assert result.exit_code == 1
    assert f"{PREFIX}MAILBOXES: must be" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("host", "security", "is_clear"),
    [
        ("imap.ternevig.example", "none", True), ("10.0.0.7", "none", True), ("127.0.0.1", "none", False),
        ("::1", "none", False), ("localhost", "none", False), ("imap.ternevig.example", "starttls", False),
    ],
)  # fmt: skip
def test_only_an_open_line_to_another_machine_is_warned_of(host: str, security: str, is_clear: bool) -> None:
    assert is_in_the_clear(Mailbox.model_validate(LEAST | {"host": host, "security": security})) == is_clear
