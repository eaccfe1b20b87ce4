"""One call of Slack's Web API: what its answers mean, and answers that come in pages.

No call is repeated by the client: a connection that drops after Slack stored a message would post it
twice. A 429 was not carried out (https://docs.slack.dev/apis/web-api/rate-limits), so it alone is
waited for and repeated here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api.pace import Pace, reading
from bot.slack.api.refusals import remedy
from bot.slack.api.silence import Silence
from bot.slack.api.their_clock import TheirClock

log = logging.getLogger(__name__)

Json = dict[str, Any]
_PAGE = 200
_CURBED_PAGE = 15  # https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
_POINTER = re.compile(r"json-pointer:[/\w-]*")
_WITHIN = {"views.open": 5.0}  # seconds; somebody looks at the screen, and its trigger has expired by then
_MADE_ONCE = {"views.open", "views.publish", "chat.postEphemeral"}  # whoever makes these tells if they fail
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}


class RefusedError(Exception):
    """Slack understood and said no to a `method`; `reason` is its word for it.

    Of its `details` only the pointers into our blocks are kept: the rest may quote what we posted.
    """

    def __init__(self, method: str, reason: str, details: Sequence[str] = (), *, needed: str = "") -> None:
        """`needed` are the scopes that the app lacks, as Slack names them."""
        places = [place for detail in details for place in _POINTER.findall(detail)]
        super().__init__(" ".join([f"{method}: {reason}", *places]))
        self.method, self.reason, self.needed = method, reason, needed

    @property
    def remedy(self) -> str:
        """What an operator can do about it; empty when it is about one post."""
        return remedy(self.reason, needed=self.needed)


class UnknownOutcomeError(Exception):
    """The call may or may not have been carried out; `answered` when Slack itself said that it failed."""

    def __init__(self, what: str, *, answered: bool = False) -> None:
        super().__init__(what)
        self.answered = answered


@dataclass(slots=True)
class Calls:
    """The Web API as our bot user calls it; `reads` paces the reading of whole threads.

    `silence` is told of every call whether it was answered, `clock` of the time in each answer.
    """

    client: AsyncWebClient
    reads: Pace = field(default_factory=lambda: reading(Pace()))
    silence: Silence = field(default_factory=Silence)
    clock: TheirClock = field(default_factory=TheirClock)
    _curbed: bool = False

    async def ask(self, method: str, **arguments: Any) -> Json:
        """What Slack answers to a question that changes nothing."""
        return await self._call(method, **arguments)

    async def _pages(
        self, method: str, items: str, *, pace: Pace | None = None, **arguments: Any
    ) -> AsyncIterator[Json]:
        cursor = ""
        while True:
            if pace is not None:
                await pace.wait(method)
            answer = await self._call(
                method, limit=_PAGE, **arguments, **({"cursor": cursor} if cursor else {})
            )
            self._watch(method, answer, items)
            for item in answer[items]:
                yield item
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return

    def _watch(self, method: str, answer: Json, items: str) -> None:
        """Say once when Slack gives us the small share of apps that are sold to many workspaces."""
        if not self._curbed and answer.get("has_more") and len(answer[items]) == _CURBED_PAGE:
            self._curbed = True
            log.warning(
                "Slack gives %d of the %d messages a page that we ask %s for, as it does for apps that are"
                " sold: reading threads is too slow so. Make an app of your own from the manifest.",
                _CURBED_PAGE, _PAGE, method,
            )  # fmt: skip

    async def _call(self, method: str, **arguments: Any) -> Json:
        try:
            answer = await self._answer(method, **arguments)
        except UnknownOutcomeError as fault:
            if method not in _MADE_ONCE:
                self.silence.noted(method, str(fault))
            raise
        except RefusedError:
            self.silence.answered(method)
            raise
        self.silence.answered(method)
        return answer

    async def _answer(self, method: str, **arguments: Any) -> Json:
        given = {name: value for name, value in arguments.items() if value is not None}
        call: Callable[..., Awaitable[Any]] = getattr(
            self.client, _PYTHON.get(method, method.replace(".", "_"))
        )
        while True:
            try:
                async with asyncio.timeout(_WITHIN.get(method)):
                    asked_at = self.clock.ours()
                    answer = await call(**given)
                    self.clock.heard(answer.headers.get("Date", ""), asked_at=asked_at)
                    return dict(answer.data)
            except SlackApiError as error:
                await _wait_or_raise(method, error)
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as error:
                raise UnknownOutcomeError(f"{method}: {type(error).__name__}") from error


_PYTHON = {
    "chat.postMessage": "chat_postMessage",
    "chat.postEphemeral": "chat_postEphemeral",
    "chat.getPermalink": "chat_getPermalink",
    "files.getUploadURLExternal": "files_getUploadURLExternal",
    "files.completeUploadExternal": "files_completeUploadExternal",
}


async def _wait_or_raise(method: str, error: SlackApiError) -> None:
    status = error.response.status_code
    if status == 429:
        seconds = float(error.response.headers.get("Retry-After", 1))
        log.warning("Slack asks us to wait %s s before %s", seconds, method)
        await asyncio.sleep(seconds)
        return
    reason = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
    if status >= 500 or not reason or reason in _PASSING:
        raise UnknownOutcomeError(f"{method}: {status} {reason}", answered=True) from error
    details, needed = error.response.get("response_metadata") or {}, error.response.get("needed") or ""
    raise RefusedError(method, reason, details.get("messages", ()), needed=str(needed)) from error
