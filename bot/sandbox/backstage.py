"""What is done behind the scenes: Slack's connections, outages, tokens, and what it does by itself."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.outage import How, Outage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sandbox.delivery import Delivery
    from bot.sandbox.signed import Sent, SignedRequests
    from bot.sandbox.socket import Sockets
    from bot.sandbox.talk import Talk
    from bot.sandbox.workspace import Message, Workspace


class Backstage:
    """The half of the sandbox that no person and no app sees."""

    space: Workspace
    _outage: Outage
    _sockets: Sockets
    _http: SignedRequests
    _delivery: Delivery
    _talk: Talk

    @property
    def events_url(self) -> str:
        """Give where events go in HTTP mode; may be set while running."""
        return self._http.events_url

    @events_url.setter
    def events_url(self, url: str) -> None:
        self._http.events_url = url

    @property
    def requests(self) -> list[Sent]:
        """Give the requests that were sent to the app in HTTP mode, oldest first."""
        return list(self._http.sent)

    async def send_again(self, request: Sent, *, secret: str = "", age: float = 0.0) -> int:
        """Replay an old request, as it was or signed anew by another secret or at another time."""
        return await self._http.again(request, secret=secret, age=age)

    @property
    def connections(self) -> int:
        """Give the number of open Socket Mode connections."""
        return self._sockets.count

    @property
    def unacknowledged(self) -> int:
        """Give the number of events that the app has not yet acknowledged."""
        return self._delivery.unacknowledged

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Let Slack end all websockets politely."""
        await self._sockets.disconnect(reason)

    async def warn(self) -> None:
        """Let Slack warn that it will end all websockets soon; they stay open."""
        await self._sockets.tell("disconnect", reason="warning")

    def cut(self) -> None:
        """Break all websockets without a word."""
        self._sockets.cut()

    def go_down(self, how: How = How.BROKEN) -> None:
        """Begin an outage: nothing from the app comes through, nothing goes to it."""
        self._outage.now = how
        self._sockets.cut()

    def come_back(self) -> None:
        """End the outage."""
        self._outage.now = None
        self.space.changes.tell()

    @contextmanager
    def outage(self, how: How = How.BROKEN) -> Iterator[None]:
        """Be down for as long as the block runs."""
        self.go_down(how)
        try:
            yield
        finally:
            self.come_back()

    @property
    def down(self) -> How | None:
        """Give how Slack is down, None when it is not."""
        return self._outage.now

    def revoke(self, token: str = "", *, error: str = "token_revoked") -> None:
        """Let a token (the bot's, unless said) answer `error` from now on; see also `account_inactive`.

        Connections that are open stay so until they are broken.
        """
        self.space.dead_tokens[token or self.space.config.bot_token] = error
        self.space.changes.tell()

    def reinstate(self) -> None:
        """Let all tokens work again."""
        self.space.dead_tokens.clear()
        self.space.changes.tell()

    @property
    def scopes(self) -> frozenset[str]:
        """Give the scopes that the bot's token holds; may be set while running."""
        return self.space.config.scopes

    @scopes.setter
    def scopes(self, scopes: Iterable[str]) -> None:
        self.space.config = replace(self.space.config, scopes=frozenset(scopes))
        self.space.changes.tell()

    def unfurl(self, message: Message) -> bool:
        """Let Slack unfold a message's links; tell whether it had any that it may."""
        return self._talk.unfurl(message)

    def touch(self, message: Message) -> None:
        """Let Slack tell that a message changed, though nothing in it did."""
        self._talk.touch(message)

    def erase(self, message: Message) -> None:
        """Let an administrator, or the workspace's rules of retention, delete a message, whoever wrote it."""
        self._talk.delete(message)

    def release(self) -> None:
        """Send the event that `Fault.REORDER` holds back, when none comes after it."""
        self._delivery.release()
