"""The demo's office: a workspace of the look-alike for its people, and a service that works in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from bot.demo.shapes import Material
from bot.mailer import Security
from bot.sandbox import ChannelSpec, CommandSpec, Config, Pace, PersonSpec, Sandbox, ShortcutSpec
from bot.settings import LogLevel, Settings, SlackMode

_HOST = "127.0.0.1"


def workspace(material: Material, *, speed: float) -> Config:
    """The workspace as the people's administrator set it up; `speed` multiplies the pace Slack allows."""
    return Config(
        people=tuple(
            PersonSpec(id=each.id, name=each.handle, real_name=each.name, title=each.title)
            for each in material.people
        ),
        channels=tuple(
            ChannelSpec(id=each.id, name=each.name, members=each.members, topic=each.purpose)
            for each in material.rooms
        ),
        commands=(
            CommandSpec(
                command="/hoering", description="Status, mangler, notat",
                usage_hint="status | mangler | notat | ændringer | resumé 7 | part 7 | hjælp",
            ),
        ),
        shortcuts=(
            ShortcutSpec(callback_id="use_as_remark", name="Brug som bemærkning"),
            ShortcutSpec(callback_id="approve_reply", name="Godkend svar"),
        ),
        team_name="Ternevig Kommune",
        hearing_addresses=tuple(sorted({each.recipient for each in material.postings})),
        pace=Pace(speed=speed),
    )  # fmt: skip


def settings(sandbox: Sandbox, data: Path) -> Settings:
    """The service's settings; given outright, so that a real service's on this machine play no part."""
    none = SecretStr("")
    return Settings(
        data_dir=data, database_url="", log_level=LogLevel.ERROR, http_host=_HOST, http_port=0,
        smtp_host=_HOST, smtp_port=0, smtp_lmtp=False, mail_size_limit=35_000_000,
        mail_out_host=_HOST, mail_out_port=sandbox.mail_port, mail_out_user="", mail_out_password=none,
        mail_out_encryption=Security.NONE, mail_out_from="",
        slack_api_url=sandbox.api_url, slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token), slack_signing_secret=none,
        slack_mode=SlackMode.SOCKET, mailboxes=(),
    )  # fmt: skip


def mail_to(sandbox: Sandbox, door: tuple[str, int]) -> None:
    """Let the citizen's form on the page mail to a door, which opens after the workspace."""
    host, port = door
    sandbox.space.config = replace(sandbox.space.config, smtp_host=host, smtp_port=port)
