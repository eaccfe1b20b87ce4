"""One frozen set of settings, from a TOML file and from the environment, which wins."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.imap.settings import Mailboxes
from bot.mailer import Security
from handlers.intake.likeness import THRESHOLD

PREFIX = "HOERING_"
FILE = f"{PREFIX}SETTINGS"
SECRETS = f"{PREFIX}SECRETS_DIR"


class SlackMode(StrEnum):
    """How Slack reaches us: over a socket that we open, or by calling our web address."""

    SOCKET = "socket"
    HTTP = "http"


class LogLevel(StrEnum):
    """How much is told."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class NotThere(Exception):  # noqa: N818  what it says to the operator
    """A variable names a file or a folder that is not there; the sentence says which."""


def _postgresql(url: str) -> str:
    """Refuse any other address without repeating it: there may be a password in it."""
    if url and not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must be postgresql://user:password@host:port/database, or empty")
    return url


def _parted(names: object) -> object:
    return (
        [each for name in names.split(",") if (each := name.strip().lower())]
        if isinstance(names, str)
        else names
    )


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parted)]
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """What a running service is told. Every value can stand in the file or in `HOERING_…`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"), description="Folder of the embedded PostgreSQL and nothing else."
    )
    database_url: Annotated[str, AfterValidator(_postgresql)] = Field(
        default="", repr=False, description="A PostgreSQL of your own; empty for the embedded one."
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="DEBUG, INFO, WARNING or ERROR.")

    smtp_host: str = Field(default="127.0.0.1", description="Where the mail door listens.")
    smtp_port: Port = Field(default=8025, description="Port of the mail door; 0 takes a free one.")
    smtp_lmtp: bool = Field(
        default=False, description="Speak LMTP instead of SMTP, as behind Postfix or Dovecot."
    )
    mail_size_limit: int = Field(default=35_000_000, description="Largest mail taken in, in bytes.")

    staff_domains: Names = Field(
        default=(), description="Domains of our own staff besides the hearings' own, parted by commas."
    )
    trusted_servers: Names = Field(
        default=(),
        description="Own mail servers whose Authentication-Results count, by name; `microsoft` for theirs.",
    )
    check_dkim: bool = Field(
        default=False, description="Check DKIM signatures of mail at the SMTP door; asks DNS."
    )
    campaign_likeness: float = Field(
        default=THRESHOLD, gt=0, le=1, description="Likeness from which texts are one campaign, 0 to 1."
    )

    mail_out_host: str = Field(default="127.0.0.1", description="Mail server that sends our receipts.")
    mail_out_port: Port = Field(default=25, description="Its port.")
    mail_out_user: str = Field(default="", description="User name there, empty for none.")
    mail_out_password: SecretStr = Field(default=SecretStr(""), description="Password there.")
    mail_out_encryption: Security = Field(default=Security.STARTTLS, description="none, starttls or tls.")
    mail_out_from: str = Field(
        default="", description="Sender of receipts; empty for the hearing's own address."
    )

    slack_api_url: str = Field(default="https://slack.com/api/", description="Slack's Web API.")
    slack_bot_token: SecretStr = Field(default=SecretStr(""), description="Bot token, xoxb-…")
    slack_app_token: SecretStr = Field(default=SecretStr(""), description="App token for Socket Mode, xapp-…")
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="Signing secret, for HTTP mode."
    )
    slack_mode: SlackMode = Field(default=SlackMode.SOCKET, description="socket or http.")

    notat_template: str = Field(
        default="", description="Your own Word template for the notat (.docx or .dotx); empty for ours."
    )

    http_host: str = Field(
        default="127.0.0.1", description="Where the web door (health, Slack over HTTP) listens."
    )
    http_port: Port = Field(default=8080, description="Port of the web door; 0 takes a free one.")

    mailboxes: Mailboxes = Field(
        default=(),
        description="Mailboxes to fetch from by IMAP: tables in the file, else a JSON list of objects.",
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  there is no third place to look
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """What is given outright wins, then the environment, then secrets as files, then the TOML file."""
        file = TomlConfigSettingsSource(settings_cls, os.environ.get(FILE) or None)
        return init_settings, env_settings, file_secret_settings, file


def settings() -> Settings:
    """Read the settings.

    `HOERING_SETTINGS` names the TOML file, `HOERING_SECRETS_DIR` a folder with one file a secret.

    Raises:
        NotThere: there is no such file, or no such folder.
        pydantic.ValidationError: a value is not what it must be.
        tomllib.TOMLDecodeError: the file is no TOML.
    """
    file, secrets = os.environ.get(FILE), os.environ.get(SECRETS)
    if file and not Path(file).is_file():
        raise NotThere(f"{FILE} names {file}, and there is no such file.")
    if secrets and not Path(secrets).is_dir():
        raise NotThere(f"{SECRETS} names {secrets}, and there is no such folder.")
    return Settings(_secrets_dir=secrets or None)  # type: ignore[call-arg]
