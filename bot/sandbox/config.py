"""What a sandbox is set up with: plain values, from code or from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:read",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
)
EVENTS = frozenset(
    [
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_rename",
        "channel_unarchive",
        "file_shared",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "reaction_added",
        "reaction_removed",
    ]
)


class Mode(StrEnum):
    """How events and interactions reach the app."""

    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSpec:
    """Somebody in the workspace; `initials` stand on their picture."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    initials: str = ""
    admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel; `members` are user ids, `bot` says whether the app is a member from the start."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    archived: bool = False
    bot: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec:
    """A user group; `members` are user ids."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A slash command, as in the app's manifest."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutSpec:
    """A message shortcut, as in the app's manifest."""

    callback_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast calls may come before 429.

    `burst` posts to one channel at once, then `per_channel` a second; `tiers` turns the limits per method on.
    `speed` multiplies both, for tests that cannot wait. `Pace.off()` lets everything through.
    """

    burst: int = 5
    per_channel: float = 1.0
    tiers: bool = True
    speed: float = 1.0
    enabled: bool = True

    @classmethod
    def off(cls) -> Pace:
        """Limit nothing."""
        return cls(enabled=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A workspace with one app installed.

    `retry_delays` are the waits in seconds before an event that was not acknowledged comes again (Slack: at
    once, a minute, five minutes). `share_delay` is how long a completed upload takes to appear.
    `most_per_page` caps a page of messages (15 for apps that Slack takes for commercial), `most_reactors` how
    many people stand on a reaction unless reactions.get is asked for all. `smtp_host`, `smtp_port` and
    `hearing_addresses` are where the citizen's form sends its mail.
    """

    people: tuple[PersonSpec, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    commands: tuple[CommandSpec, ...] = ()
    shortcuts: tuple[ShortcutSpec, ...] = ()
    team_id: str = "T0SANDBOX"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    app_id: str = "A0SANDBOX"
    app_name: str = "Hoeringsbot"
    bot_id: str = "B0SANDBOX"
    bot_user: str = "U0SANDBOX"
    bot_name: str = "hoering"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - opens a made-up workspace on loopback only
    app_token: str = "xapp-1-sandbox"  # noqa: S105 - as above
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - as above
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = EVENTS
    mode: Mode = Mode.SOCKET
    events_url: str = ""
    pace: Pace = field(default_factory=Pace)
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    share_delay: float = 0.05
    most_per_page: int = 1000
    most_reactors: int = 50
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 0
    hearing_addresses: tuple[str, ...] = ()
    mail_port: int = 0
    public_url: str = ""
    allowed_hosts: frozenset[str] = frozenset()


def read_toml(path: Path) -> dict[str, Any]:
    """Read a workspace file and give the values for `Config`.

    Top-level keys are those of `Config`; `[[people]]`, `[[channels]]`, `[[groups]]`, `[[commands]]` and
    `[[shortcuts]]` are tables with the keys of their classes, `[pace]` has those of `Pace`. Raises
    `ValueError` with the file, the place and the key when something is unknown or missing.
    """
    try:
        return _values(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from error


_TABLES: dict[str, type[Any]] = {
    "people": PersonSpec,
    "channels": ChannelSpec,
    "groups": GroupSpec,
    "commands": CommandSpec,
    "shortcuts": ShortcutSpec,
}


def _values(raw: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(raw) - {each.name for each in fields(Config)}:
        raise ValueError(f"unknown key {min(unknown)!r}")
    return {key: _value(key, value) for key, value in raw.items()}


def _value(key: str, value: Any) -> Any:
    if key in _TABLES:
        return tuple(_spec(_TABLES[key], row, place=f"[[{key}]] no. {n}") for n, row in enumerate(value, 1))
    if key == "pace":
        return _spec(Pace, value, place="[pace]")
    if key == "mode":
        return Mode(value)
    if key in {"scopes", "events", "allowed_hosts"}:
        return frozenset(value)
    return tuple(value) if isinstance(value, list) else value


def _spec(kind: type[Any], row: dict[str, Any], *, place: str) -> Any:
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
    except TypeError as error:
        raise ValueError(f"{place}: {error}") from error
