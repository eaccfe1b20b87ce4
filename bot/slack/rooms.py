"""Which departments and hearings work in a channel, whether they give it as an id or by its name."""

from __future__ import annotations

from uuid import UUID

from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError
from storage.database import Database
from storage.hearings import Seat


async def seats_in(channel: str, *, database: Database, board: Board) -> list[Seat]:
    """The departments whose channel it is.

    Raises:
        UnknownOutcomeError: Slack must be asked for the id of a name, and does not answer.
    """
    async with database.begin() as store:
        seats = [seat for seat in await store.hearings.seats() if not seat.retired]
    return [seat for seat in seats if await _id_of(seat.channel, board) == channel]


async def hearings_in(channel: str, *, database: Database, board: Board) -> frozenset[UUID]:
    """The hearings whose departments or coordinators work in it.

    Raises:
        UnknownOutcomeError: Slack must be asked for the id of a name, and does not answer.
    """
    async with database.begin() as store:
        hearings = await store.hearings.all()
    coordinated = {each.id for each in hearings if await _id_of(each.coordination_channel, board) == channel}
    seats = await seats_in(channel, database=database, board=board)
    return frozenset(coordinated | {seat.hearing_id for seat in seats})


async def _id_of(channel: str, board: Board) -> str:
    """The id of a channel; empty where Slack shows us none by that name."""
    try:
        return await board.channel_id(channel)
    except RefusedError:
        return ""
