"""The Slack app as the manifest makes it is the one that the bot is written for."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.slack import listeners
from bot.slack.api import board, calls, directory
from bot.slack.listeners import shortcuts
from bot.slack.manifest import address, manifest, scopes
from bot.web import SLACK_PATH
from templates import say

Manifest = dict[str, Any]
URL = "https://hoering.solvig.example/slack/events"
ROOMS = {"channels", "groups"}
TALKED = {"channels:history", "groups:history", "im:history"}

# What Slack asks for, by method and by event (docs.slack.dev/reference).
BY_METHOD = {
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": TALKED,
    "conversations.replies": {f"{room}:history" for room in ROOMS},
    "conversations.info": {f"{room}:read" for room in ROOMS},
    "conversations.list": {f"{room}:read" for room in ROOMS},
    "conversations.open": {"im:write"},
    "conversations.join": {"channels:join"},
    # Whether a file is shared already is seen by its name in the channel's history.
    "files.completeUploadExternal": {"files:write", "files:read"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "reactions.get": {"reactions:read"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "conversations.members": {f"{room}:read" for room in ROOMS},
    "users.info": {"users:read"},
    "views.publish": set[str](),
    "views.open": set[str](),
    "views.update": set[str](),
}
BY_EVENT = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}
EVENTS = {"message": {"message.channels", "message.groups"}}


@pytest.fixture(name="manifest")
def made() -> Manifest:
    return manifest()


def _listeners() -> str:
    folder = Path(inspect.getfile(listeners)).parent
    return "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))


def _methods() -> set[str]:
    callers = "".join(map(inspect.getsource, (board, directory, calls)))
    return set(
        re.findall(r'"((?:chat|conversations|files|reactions|usergroups|users|views)\.[\w.]+)"', callers)
    )


def test_the_shortcuts_are_those_that_the_bot_listens_for(manifest: Manifest) -> None:
    offered = manifest["features"]["shortcuts"]
    assert {each["callback_id"] for each in offered} == {shortcuts.USE, shortcuts.APPROVE}
    assert {each["type"] for each in offered} == {"message"}


def test_the_command_is_one_that_the_bot_listens_for(manifest: Manifest) -> None:
    (command,) = manifest["features"]["slash_commands"]
    (pattern,) = re.findall(r'@app\.command\(re\.compile\(r"(.+)"\)\)', _listeners())
    assert command["command"] == "/hoering"
    assert re.fullmatch(pattern, command["command"])


def test_the_events_are_those_that_the_bot_listens_for(manifest: Manifest) -> None:
    heard = re.findall(r'@app\.event\("(\w+)"\)', _listeners())
    expected = {event for name in heard for event in EVENTS.get(name, {name})}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == expected


def test_the_app_may_do_what_the_bot_does_and_no_more(manifest: Manifest) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(
        *(BY_METHOD[method] for method in _methods()), *(BY_EVENT[event] for event in events)
    )
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def _texts(manifest: Manifest) -> Iterator[tuple[str, int]]:
    """The texts that people see, with Slack's limits (github.com/slackapi/manifest-schema, 1.0.0)."""
    yield manifest["display_information"]["name"], 35
    yield manifest["display_information"]["description"], 140
    for shortcut in manifest["features"]["shortcuts"]:
        yield shortcut["name"], 24
        yield shortcut["description"], 150
    for command in manifest["features"]["slash_commands"]:
        yield command["description"], 2000
        yield command["usage_hint"], 1000


def test_no_text_is_longer_than_slack_takes(manifest: Manifest) -> None:
    assert [text for text, most in _texts(manifest) if not 0 < len(text) <= most] == []


def test_what_is_shown_while_a_command_is_typed_names_what_the_help_names(manifest: Manifest) -> None:
    (command,) = manifest["features"]["slash_commands"]
    hinted = {each.split()[0] for each in command["usage_hint"].split(" | ")}
    assert hinted == set(re.findall(r"`/hoering (\w+)", say("slack/answers.j2", "help")))


def test_socket_mode_needs_no_address_of_ours(manifest: Manifest) -> None:
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"]
    assert "request_url" not in settings["event_subscriptions"]
    assert settings["interactivity"] == {"is_enabled": True}


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (("settings", "event_subscriptions"), "request_url"),
        (("settings", "interactivity"), "request_url"),
        (("features", "slash_commands", 0), "url"),
    ],
)
def test_over_http_slack_calls_the_web_door(part: tuple[str | int, ...], key: str) -> None:
    found: Any = manifest(url=URL)
    assert not found["settings"]["socket_mode_enabled"]
    for step in part:
        found = found[step]
    assert found[key] == URL


def test_the_command_prints_the_manifest_and_adds_the_path_of_the_web_door() -> None:
    said = CliRunner().invoke(app, ["slack", "manifest", "--http", "https://hoering.solvig.example/"])
    assert json.loads(said.output) == manifest(url=URL)
    assert json.loads(CliRunner().invoke(app, ["slack", "manifest"]).output) == manifest()


def test_an_address_with_a_path_is_taken_as_it_is() -> None:
    assert address("https://solvig.example/hoering/slack") == "https://solvig.example/hoering/slack"
    assert address("https://solvig.example") == f"https://solvig.example{SLACK_PATH}"


def test_what_is_printed_is_yaml_too() -> None:
    said = CliRunner().invoke(app, ["slack", "manifest"])
    assert yaml.safe_load(said.output) == manifest()
    assert scopes() == set(manifest()["oauth_config"]["scopes"]["bot"])
