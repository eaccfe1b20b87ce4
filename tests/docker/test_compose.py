"""The compose file: what it names exists, secrets are files, and nothing is open to the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.__main__ import config, parser
from bot.settings import FILE, PREFIX, SECRETS, Settings

Compose = dict[str, Any]
OURS = ("hoeringsbot", "trial")


def _named(part: Any) -> list[str]:
    """The names in a service's list of networks, secrets or what it depends on."""
    return [each["source"] if isinstance(each, dict) else each for each in part]


@pytest.mark.parametrize("kind", ["networks", "secrets", "configs"])
def test_whatever_a_service_uses_is_declared_and_nothing_more(compose: Compose, kind: str) -> None:
    used = {name for service in compose["services"].values() for name in _named(service.get(kind, ()))}
    assert used == set(compose[kind])


def test_every_volume_with_a_name_is_declared(compose: Compose) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", ())]
    named = {mount.partition(":")[0] for mount in mounts if isinstance(mount, str)}
    assert named == set(compose["volumes"])


def test_who_waits_for_another_starts_with_it(compose: Compose) -> None:
    services = compose["services"]
    for service in services.values():
        for other, wait in service.get("depends_on", {}).items():
            assert wait == {"condition": "service_healthy"}
            assert services[other].get("profiles", []) in ([], service.get("profiles"))


def test_a_service_that_is_waited_for_says_whether_it_is_well(compose: Compose) -> None:
    waited_for = {name for service in compose["services"].values() for name in service.get("depends_on", ())}
    assert waited_for
    assert all("healthcheck" in compose["services"][name] for name in waited_for)


def test_only_this_host_reaches_the_doors(compose: Compose) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_database_is_reached_by_the_service_alone(compose: Compose) -> None:
    inside = [name for name, each in compose["services"].items() if "inside" in each["networks"]]
    assert sorted(inside) == ["hoeringsbot", "postgres"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert "ports" not in compose["services"]["postgres"]


def _given(service: dict[str, Any]) -> dict[str, str]:
    given = service.get("environment", {})
    return {
        key.removeprefix(PREFIX).lower(): value for key, value in given.items() if key not in {FILE, SECRETS}
    }


@pytest.mark.parametrize("name", OURS)
def test_the_environment_names_settings_that_there_are(compose: Compose, name: str) -> None:
    Settings.model_validate(_given(compose["services"][name]))


def test_no_secret_of_the_service_stands_in_the_compose_file(compose: Compose) -> None:
    assert _given(compose["services"]["hoeringsbot"]) == {}
    assert all(set(each) == {"file"} for each in compose["secrets"].values())


def test_every_secret_file_is_named_as_the_service_looks_for_it(compose: Compose) -> None:
    ours = {name.removeprefix(PREFIX.lower()) for name in compose["services"]["hoeringsbot"]["secrets"]}
    kept = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert ours == kept | {"database_url", "mailbox_secret"}
    for name, secret in compose["secrets"].items():
        assert secret["file"].endswith(f"/secrets/{name}")


def test_without_a_profile_only_the_service_and_its_database_start(compose: Compose) -> None:
    plain = [name for name, service in compose["services"].items() if not service.get("profiles")]
    assert sorted(plain) == ["hoeringsbot", "postgres"]


def test_a_container_of_ours_may_write_to_its_data_folder_and_no_other(compose: Compose) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]


def _sandbox(compose: Compose, docker: Path) -> Any:
    words = [
        word.replace("/usr/share/hoeringsbot", str(docker))
        for word in compose["services"]["trial-slack"]["command"]
    ]
    return config(parser().parse_args(words))


def test_the_trial_talks_to_the_look_alike_and_to_nobody_else(compose: Compose, docker: Path) -> None:
    settings = Settings.model_validate(_given(compose["services"]["trial"]))
    sandbox = _sandbox(compose, docker)
    assert settings.slack_api_url == f"{sandbox.public_url}/api/"
    assert settings.slack_bot_token.get_secret_value() == sandbox.bot_token
    assert settings.slack_app_token.get_secret_value() == sandbox.app_token
    assert settings.mail_out_port == sandbox.mail_port
    assert (sandbox.smtp_host, sandbox.smtp_port) == ("trial", 8025)
    assert all(_hosts(settings, sandbox))


def _hosts(settings: Settings, sandbox: Any) -> Iterator[bool]:
    yield settings.mail_out_host == "trial-slack"
    yield sandbox.public_url == "http://trial-slack:3000"
