"""Whether Slack is set up as the settings and the hearings want it, and what to do where it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.api.board import Board
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.refusals import remedy
from bot.slack.app import client
from bot.slack.manifest import scopes
from storage.hearings import Seat
from storage.models import Hearing

_AWAY = "Slack does not answer: look at HOERING_SLACK_API_URL and the way out to the internet."
_REINSTALL = "Give the app the manifest that `hoeringsbot slack manifest` prints, and install it again."
_INVITE = "Invite the bot to the channel in Slack (/invite), or correct the channel in the hearing file."
_REOPEN = "Open the channel again in Slack, or name another in the hearing file."
_PERSON = "Correct the id in the hearing file, and apply it again."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `todo` is what an operator is to do, empty when all is well."""

    what: str
    found: str
    todo: str = ""

    @property
    def is_well(self) -> bool:
        return not self.todo


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that a hearing works in, or a person or user group that it names."""

    id: str
    role: str


def channels_of(hearings: Sequence[Hearing], seats: Sequence[Seat]) -> Iterator[Place]:
    """Yield every channel that the hearings work in."""
    for hearing in hearings:
        yield Place(hearing.coordination_channel, f"coordination of {hearing.key}")
        for seat in seats:
            if seat.hearing_id == hearing.id and not seat.retired:
                yield Place(seat.channel, f"{seat.key} in {hearing.key}")


def people_of(hearings: Sequence[Hearing], seats: Sequence[Seat]) -> Iterator[Place]:
    """Yield everybody whom the hearings name, each once."""
    found: dict[str, list[str]] = {}
    for hearing in hearings:
        for person in hearing.coordinators:
            found.setdefault(person, []).append(f"coordinates {hearing.key}")
        for seat in seats:
            if seat.hearing_id == hearing.id and not seat.retired:
                for person in sorted(seat.approvers | seat.deputies):
                    found.setdefault(person, []).append(f"approves for {seat.key} in {hearing.key}")
    yield from (Place(person, ", ".join(roles)) for person, roles in found.items())


async def bot_token(board: Board) -> AsyncIterator[Check]:
    """Yield whether Slack takes our bot token, and whether the app may do what it must."""
    try:
        answer = await board.client.auth_test()
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))
        yield Check("bot token", f"refused ({reason})", remedy(reason) or _AWAY)
        return
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as fault:
        yield Check("bot token", type(fault).__name__, _AWAY)
        return
    yield Check("bot token", f"bot {answer['user_id']} in {answer['team_id']}")
    given = {each.strip() for each in str(answer.headers.get("x-oauth-scopes", "")).split(",")} - {""}
    missing = sorted(scopes() - given) if given else []
    if missing:
        yield Check("scopes", f"missing: {', '.join(missing)}", _REINSTALL)
    else:
        yield Check("scopes", "all that the manifest asks for" if given else "Slack does not tell")


async def app_token(api_url: str, token: str) -> Check:
    """Whether a socket can be opened with the app token; none is."""
    board = Board(client(api_url, token))
    try:
        await board.ask("apps.connections.open", app_token=token)
    except RefusedError as refusal:
        todo = (
            "Make an app-level token with the scope connections:write (Basic Information), and set "
            "HOERING_SLACK_APP_TOKEN to it; Socket Mode must be on in the app's settings."
        )
        return Check("app token", f"refused ({refusal.reason})", todo)
    except UnknownOutcomeError as fault:
        return Check("app token", str(fault), _AWAY)
    return Check("app token", "a socket can be opened")


async def channel(place: Place, *, board: Board) -> Check:
    """Whether the bot can work in a channel."""
    what = f"channel {place.id} ({place.role})"
    try:
        told = (await board.ask("conversations.info", channel=await board.channel_id(place.id)))["channel"]
    except RefusedError as refusal:
        todo = _INVITE if refusal.reason == "channel_not_found" else remedy(refusal.reason) or _INVITE
        return Check(what, f"refused ({refusal.reason})", todo)
    except UnknownOutcomeError as fault:
        return Check(what, str(fault), _AWAY)
    if told.get("is_archived"):
        return Check(what, "archived", _REOPEN)
    if told.get("is_member"):
        return Check(what, "the bot is a member")
    if told.get("is_private"):
        return Check(what, "private, and the bot is no member", _INVITE)
    return Check(what, "public; the bot joins when it first posts")


async def person(place: Place, *, board: Board) -> Check:
    """Whether somebody whom a hearing names can act in it: a person who is there, or a group of some."""
    what = f"{place.id} ({place.role})"
    try:
        found, todo = await (_group if place.id.startswith("S") else _user)(place.id, board)
    except RefusedError as refusal:
        return Check(what, f"refused ({refusal.reason})", remedy(refusal.reason) or _PERSON)
    except UnknownOutcomeError as fault:
        return Check(what, str(fault), _AWAY)
    return Check(what, found, todo)


async def _user(user: str, board: Board) -> tuple[str, str]:
    told = (await board.ask("users.info", user=user))["user"]
    if told.get("deleted"):
        return "deactivated", "Name somebody else in the hearing file, and apply it again."
    return ("a bot", _PERSON) if told.get("is_bot") else ("active", "")


async def _group(group: str, board: Board) -> tuple[str, str]:
    members = (await board.ask("usergroups.users.list", usergroup=group))["users"]
    if not members:
        return "a user group of nobody", "Put people in the user group in Slack, or name people instead."
    return f"a user group of {len(members)}", ""
