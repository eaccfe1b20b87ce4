"""The manifest of the Slack app: what Slack is to call it, offer for it and let it do."""

from __future__ import annotations

import json
import tomllib
from typing import Any
from urllib.parse import urlsplit

from bot.web import SLACK_PATH
from templates import HERE

Json = dict[str, Any]


def manifest(*, url: str = "") -> Json:
    """The app as Slack is to make it; with a `url` of ours for HTTP mode, else for Socket Mode."""
    made = tomllib.loads((HERE / "slack" / "manifest.toml").read_text(encoding="utf-8"))
    if url:
        made["settings"]["socket_mode_enabled"] = False
        made["settings"]["event_subscriptions"]["request_url"] = url
        made["settings"]["interactivity"]["request_url"] = url
        for command in made["features"]["slash_commands"]:
            command["url"] = url
    return made


def address(url: str) -> str:
    """Where Slack calls us: the address as it is given, with the web door's path where it has none."""
    parts = urlsplit(url)
    return parts._replace(path=SLACK_PATH).geturl() if parts.path in {"", "/"} else url


def printed(made: Json) -> str:
    """A manifest as Slack takes it, where it wants JSON and where it wants YAML, which JSON is too."""
    return json.dumps(made, indent=2, ensure_ascii=False)


def scopes() -> frozenset[str]:
    """What the app must be allowed to do."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])
