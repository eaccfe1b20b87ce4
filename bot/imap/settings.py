"""What is told of a mailbox, and the sentence for what is told wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import NoDecode

from bot.mailer import Security

MICROSOFT = "https://login.microsoftonline.com"
_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_LONGEST = 540.0  # seconds in one IDLE: servers and routers cut before the half hour of RFC 2177


class Auth(StrEnum):
    """How we say who we are."""

    PASSWORD = "password"  # noqa: S105  the word for it
    OAUTH2 = "oauth2"


class Mailbox(BaseModel):
    """One folder of one account, and where its mails go when they have been read.

    `name` stands in the log and in the key of every mail, so it must not change later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    address: str = ""
    host: str = Field(min_length=1)
    port: int = Field(default=0, ge=0, le=65535)
    security: Security = Security.TLS
    ca_file: Path | None = None
    user: str = Field(min_length=1)
    auth: Auth = Auth.PASSWORD
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    tenant: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    certificate_file: Path | None = None
    authority: str = ""
    scope: str = "https://outlook.office365.com/.default"
    folder: str = Field(default="INBOX", min_length=1)
    done: str = Field(default="Behandlet", min_length=1)
    failed: str = Field(default="Fejl", min_length=1)
    poll: float = Field(default=60.0, gt=0, le=_LONGEST)

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, told: Any) -> Any:
        """Where nothing is said: the user is the name and the address, the port is the usual one."""
        if not isinstance(told, dict):
            return told
        user = told.get("user", "")
        return {"name": user, **told, "address": told.get("address") or user}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for wrong in (*self._wrong_places(), *self._wrong_login()):
            raise ValueError(wrong)
        return self

    @property
    def at_port(self) -> int:
        return self.port or _PORTS[self.security]

    @property
    def authority_url(self) -> str:
        return self.authority or f"{MICROSOFT}/{self.tenant}"

    def secret(self) -> str:
        """The password or the client secret; from its file each time, so that it can be changed there.

        Raises:
            OSError: the file cannot be read.
        """
        is_password = self.auth == Auth.PASSWORD
        given = self.password if is_password else self.client_secret
        file = self.password_file if is_password else self.client_secret_file
        return file.read_text("utf-8").strip("\r\n") if file else given.get_secret_value()

    def _wrong_places(self) -> Iterable[str]:
        if "/" in self.name or self.name != self.name.strip():
            yield "name must have no slash in it and no space around it"
        if "@" not in self.address:
            yield "address must be the mail address of the hearing, since user is none"
        if len({folder.casefold() for folder in (self.folder, self.done, self.failed)}) < 3:
            yield "folder, done and failed must be three different folders"
        for key in ("ca_file", "password_file", "client_secret_file", "certificate_file"):
            file = getattr(self, key)
            if file is not None and not file.is_file():
                yield f"{key} names {file}, and there is no such file"

    def _wrong_login(self) -> Iterable[str]:
        if self.auth == Auth.PASSWORD:
            proofs = {"password": self.password.get_secret_value(), "password_file": self.password_file}
        else:
            for key in ("tenant", "client_id"):
                if not getattr(self, key):
                    yield f'{key} must be given, since auth is "oauth2"'
            proofs = {
                "client_secret": self.client_secret.get_secret_value(),
                "client_secret_file": self.client_secret_file, "certificate_file": self.certificate_file,
            }  # fmt: skip
        if sum(bool(proof) for proof in proofs.values()) != 1:
            yield f"exactly one of {', '.join(proofs)} must be given"


def _each(told: Any) -> Any:
    """Tables, or JSON text of them, as mailboxes; errors name the mailbox and the key, never a value.

    Raises:
        ValueError: one of them is not what it must be.
    """
    if isinstance(told, str):
        told = _from_json(told)
    if not isinstance(told, (list, tuple)):
        raise ValueError("must be a list of tables, one for each mailbox")  # noqa: TRY004  pydantic's way
    mailboxes = tuple(_one(table, number) for number, table in enumerate(told, start=1))
    for name, times in Counter(mailbox.name for mailbox in mailboxes).items():
        if times > 1:
            raise ValueError(f"mailbox {name!r}: name must be of one mailbox only")
    return mailboxes


def _from_json(text: str) -> Any:
    try:
        return json.loads(text or "[]")
    except ValueError:
        raise ValueError("must be JSON, a list of objects, one for each mailbox") from None


def _one(table: Any, number: int) -> Mailbox:
    if isinstance(table, Mailbox):
        return table
    if not isinstance(table, dict):
        raise ValueError(f"mailbox {number} must be a table")  # noqa: TRY004  pydantic's way
    try:
        return Mailbox.model_validate(table)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        name = table.get("name") or table.get("user") or number
    key = " ".join(str(part) for part in problem["loc"])
    said = problem["msg"].removeprefix("Value error, ")
    raise ValueError(f"mailbox {name!r}: {key}{': ' if key else ''}{said}")


Mailboxes = Annotated[tuple[Mailbox, ...], NoDecode, BeforeValidator(_each)]
"""`[[mailboxes]]` in the TOML file, or JSON in the environment."""
