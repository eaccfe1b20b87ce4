"""What one person alone is told: a sentence where they are, or a window that opens before them.

The trigger of a window lives three seconds, which reading a whole hearing may outlast. So a window opens at
once, says that it waits, and is filled when what it shows is read
(https://docs.slack.dev/surfaces/modals#updating_views).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackClientError

from bot.slack.api.board import Board, Picture, Window
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.payloads import Place
from bot.slack.views import blocks, windows
from bot.slack.views.elements import Json
from handlers.rules import Refusal
from templates import say

log = logging.getLogger(__name__)

Fill = Callable[[], Awaitable[Json | Refusal | None]]
"""What a window is to show, or why not; None when the same was asked for and read before."""
_CLOSED = "not_found"
_LOST = (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError)


@dataclass(slots=True)
class Telling:
    """Speaks to one person at a time; when Slack will not, what was done stays done."""

    board: Board

    async def answer(self, outcome: object, place: Place) -> None:
        """Tell the person, and nobody else, why not; of what was done the thread itself tells."""
        if isinstance(outcome, Refusal):
            await self.whisper(blocks.reason(outcome), place)

    async def whisper(self, text: str, place: Place) -> None:
        """Say something to one person; one who is in no channel sees for themselves."""
        await self.show(Picture(text, ()), place)

    async def show(self, picture: Picture, place: Place) -> None:
        """The same with blocks."""
        if not place.channel:
            return
        try:
            await self.board.whisper(
                place.channel, place.person, picture.text, blocks=picture.blocks, thread=place.thread or None
            )
        except (RefusedError, UnknownOutcomeError) as fault:
            log.warning("could not tell somebody in %s: %s", place.channel, fault)

    async def reply(
        self, respond: AsyncRespond, picture: Picture, place: Place, *, instead: bool = False
    ) -> None:
        """Say it where somebody typed or clicked, perhaps `instead` of what they clicked in.

        Where that does not get through, since Slack is slow or the address is used up, it is whispered.
        """
        try:
            answered = await respond(
                picture.text, blocks=list(picture.blocks) or None, replace_original=instead or None
            )
        except _LOST as fault:
            why = type(fault).__name__
        else:
            why = "" if answered.status_code == HTTPStatus.OK else str(answered.status_code)
        if why:
            log.info("an answer did not get through (%s): it is whispered", why)
            await self.show(picture, place)

    async def window(self, trigger: str, fill: Fill, *, place: Place) -> None:
        """Open a window and fill it; the person is told when none opens, since they would wait for it."""
        try:
            opened = await self.board.open(trigger, windows.waiting())
        except (RefusedError, UnknownOutcomeError) as fault:
            log.warning("a window may not have opened: %s", fault)
            opened = Window(trigger=trigger)
        await self._fill(opened, fill, place)

    async def instead(self, ack: AsyncAck, view: str, fill: Fill, *, place: Place) -> None:
        """Acknowledge a form, and show something in its place when it is read."""
        await ack(response_action="update", view=windows.waiting())
        await self._fill(Window(view), fill, place)

    async def _fill(self, opened: Window, fill: Fill, place: Place) -> None:
        try:
            outcome = await fill()
        except Exception:
            await self._is_put(opened, windows.failed())
            raise
        if outcome is None:
            if opened.id:  # else the window is another's, who read this and fills it
                await self._is_put(opened, windows.failed())
        elif isinstance(outcome, Refusal):
            if not await self._is_put(opened, windows.refused(outcome)):
                await self.answer(outcome, place)
        elif not await self._is_put(opened, outcome):
            await self.whisper(say("slack/windows.j2", "not_opened"), place)

    async def _is_put(self, opened: Window, view: Json) -> bool:
        """Whether it stands in the window now, or the person has closed that and does not wait for it."""
        try:
            await self.board.fill(opened, view)
        except (RefusedError, UnknownOutcomeError) as fault:
            if isinstance(fault, RefusedError) and fault.reason == _CLOSED:
                return bool(opened.id)
            log.warning("a window may not have been filled: %s", fault)
            return False
        return True
