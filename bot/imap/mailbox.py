"""The talk of one connection about one folder: what is in it, a mail of it, where mails go, and the wait."""

from __future__ import annotations

import contextlib
import selectors
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import (  # type: ignore[import-untyped]
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
)

from bot.imap.login import refusal_of
from bot.imap.refused import Refused
from bot.imap.settings import Mailbox

_MANY = 200  # mails that one command names: it must answer in time
_HEADER = 2**18  # bytes of the header of a mail that is too large


class Bell(Protocol):
    """What ends a wait early: something to select on, readable once it has rung."""

    def fileno(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What the server says of a mail that is not fetched: bytes, when it came (None: it will not say)."""

    uid: int
    size: int
    came: datetime | None
    is_deleted: bool


class Folder:
    """The folder that is watched, selected. Nothing here marks a mail as read."""

    def __init__(self, client: IMAPClient, told: Mailbox) -> None:
        """Select the folder.

        Raises:
            Refused: there is no such folder, or it cannot be written to.
        """
        self._client = client
        self._told = told
        try:
            selected = client.select_folder(told.folder)
        except IMAPClientReadOnlyError:
            raise Refused(f"{told.host} lets us read {told.folder!r} but not move mails out of it.") from None
        except IMAPClientAbortError:
            raise
        except IMAPClientError as no:
            raise refusal_of(no, told, doing=f"open the folder {told.folder!r}") from None
        if not selected.get(b"UIDVALIDITY"):
            raise Refused(
                f"{told.host} gives no UIDVALIDITY for {told.folder!r}; its mails cannot be told apart."
            )
        self.uidvalidity = int(selected[b"UIDVALIDITY"])
        self._ready: dict[str, str] = {}

    def present(self) -> list[int]:
        """The UIDs of all that is in the folder, oldest first."""
        return sorted(int(uid) for uid in self._client.search("ALL"))

    def sights(self, uids: Sequence[int]) -> list[Sight]:
        """What the server says of these; what has gone meanwhile is left out."""
        seen: list[Sight] = []
        for group in _groups(uids):
            answer = self._client.fetch(group, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
            seen.extend(_sight(uid, answer[uid]) for uid in group if uid in answer)
        return seen

    def mails(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails, byte by byte; what has gone meanwhile is left out."""
        return self._bodies(uids, "BODY.PEEK[]", b"BODY[]")

    def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The headers alone, cut off where they are longer than any should be."""
        return self._bodies(uids, f"BODY.PEEK[HEADER]<0.{_HEADER}>", b"BODY[HEADER]")

    def _bodies(self, uids: Sequence[int], item: str, key: bytes) -> dict[int, bytes]:
        answer = self._client.fetch(list(uids), [item])
        found = {uid: _under(key, answer[uid]) for uid in uids if uid in answer}
        return {uid: body for uid, body in found.items() if body is not None}

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to a folder, made if there is none; what has gone meanwhile is left out.

        Raises:
            Refused: the server does not let us.
        """
        try:
            target = self._prepared(folder)
            for group in _groups(uids):
                self._move(group, target)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as no:
            self._ready.clear()  # somebody may have done away with the folder: the next time it is made again
            raise refusal_of(no, self._told, doing=f"move mails to {folder!r}") from None

    def _move(self, uids: list[int], target: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, target)
            return
        self._client.copy(uids, target)
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)
        elif set(self._client.search("DELETED")) <= set(uids):  # EXPUNGE takes what others marked, too
            self._client.expunge()

    def _prepared(self, folder: str) -> str:
        if folder not in self._ready:
            target = self._placed(folder)
            if not self._client.folder_exists(target):
                self._client.create_folder(target)
                with contextlib.suppress(IMAPClientError):  # it is there all the same
                    self._client.subscribe_folder(target)
            self._ready[folder] = target
        return self._ready[folder]

    def _placed(self, folder: str) -> str:
        """The folder's name on servers that keep a user's folders below a prefix (RFC 2342)."""
        if not self._client.has_capability("NAMESPACE"):
            return folder
        personal = self._client.namespace().personal or (("", "/"),)
        prefix = str(personal[0][0])
        return folder if folder.startswith(prefix) else f"{prefix}{folder}"

    def wait(self, seconds: float, *, bell: Bell) -> None:
        """Until something happens in the folder, the bell rings, or the time is up."""
        if not self._client.has_capability("IDLE"):
            _until(bell, seconds=seconds)
            self._client.noop()
            return
        self._client.idle()
        _until(bell, self._client.socket(), seconds=seconds)
        self._client.idle_done()


def _until(*sources: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for source in sources:
            selector.register(source, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if selector.select(left):
                return


def _groups(uids: Sequence[int]) -> Iterator[list[int]]:
    return (list(uids[start : start + _MANY]) for start in range(0, len(uids), _MANY))


def _sight(uid: int, said: dict[bytes, Any]) -> Sight:
    came = said.get(b"INTERNALDATE")
    return Sight(
        uid=uid,
        size=int(said.get(b"RFC822.SIZE") or 0),
        came=came if isinstance(came, datetime) and came.tzinfo else None,
        is_deleted=b"\\deleted" in {bytes(flag).lower() for flag in said.get(b"FLAGS") or ()},
    )


def _under(key: bytes, said: dict[bytes, Any]) -> bytes | None:
    """What was fetched; an empty mail is one too (NIL or an empty string), a missing answer is not."""
    for name, value in said.items():
        if name.startswith(key):
            return value if isinstance(value, bytes) else str(value).encode() if value is not None else b""
    return None
