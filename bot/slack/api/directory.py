"""Who and what is where in a workspace: names, channels, their people, user groups."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.slack.api.calls import Calls, Json, RefusedError
from bot.slack.api.refusals import is_of_everything, is_of_one_group

log = logging.getLogger(__name__)

_PEOPLE_LAST = 300.0  # seconds for which we remember who is in a channel
_UNFOUND_LASTS = 30.0  # seconds for which we remember that no channel has a name
_GROUPS_LAST = 60.0  # seconds for which we remember who is in a user group


@dataclass(slots=True)
class Directory(Calls):
    """What Slack tells of a workspace, remembered for a while."""

    _us: Json = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _channels: dict[str, str] = field(default_factory=dict)
    _unfound: dict[str, float] = field(default_factory=dict)
    _members: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)
    _people: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)

    async def us(self) -> Json:
        """What `auth.test` says of us: team_id, user_id, bot_id. Asked once."""
        self._us = self._us or await self._call("auth.test")
        return self._us

    async def people_in(self, channel: str) -> frozenset[str]:
        """Who is in a channel, as of some minutes ago at most; nobody, where Slack does not tell."""
        until, found = self._people.get(channel, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return found
        try:
            place = await self.channel_id(channel)
            pages = self._pages("conversations.members", "members", channel=place)
            found = frozenset([str(each) async for each in pages])
        except RefusedError as refusal:
            log.warning("it cannot be told who is in %s: %s", channel, refusal)
        self._people[channel] = time.monotonic() + _PEOPLE_LAST, found
        return found

    async def names(self, ids: Iterable[str], *, for_good: bool = False) -> dict[str, str]:
        """Names of people and channels by id; those that Slack does not tell are left out.

        Raises:
            RefusedError: Slack tells no names at all now, and they are wanted `for_good`.
        """
        for key in ids:
            if key not in self._names:
                try:
                    self._names[key] = await self._name(key)
                except RefusedError as refusal:
                    if for_good and is_of_everything(refusal.reason):
                        raise
                    log.warning("Slack does not tell the name of %s", key)
        return {key: self._names[key] for key in ids if key in self._names}

    async def members(self, groups: Iterable[str]) -> dict[str, frozenset[str] | RefusedError]:
        """Who is in these user groups, as of a minute ago at most, or why Slack does not tell that now.

        Nobody is in a group that does not exist.
        """
        return {group: await self._members_of(group) for group in groups}

    async def channel_id(self, channel: str) -> str:
        """The id of a channel given as an id or `#name`, or of our talk with a person given by their id.

        Raises:
            RefusedError: no channel that the bot can see has the name, or the person cannot be written to.
        """
        if channel[:1] in {"U", "W"}:
            if channel not in self._channels:
                answer = await self._call("conversations.open", users=channel)
                self._channels[channel] = str(answer["channel"]["id"])
            return self._channels[channel]
        if not channel.startswith("#"):
            return channel
        if channel not in self._channels and time.monotonic() >= self._unfound.get(channel, 0.0):
            pages = self._pages(
                "conversations.list",
                "channels",
                types="public_channel,private_channel",
                exclude_archived=True,
            )
            async for found in pages:
                self._channels[f"#{found['name']}"] = found["id"]
            self._unfound[channel] = time.monotonic() + _UNFOUND_LASTS
        if channel not in self._channels:
            raise RefusedError("conversations.list", "channel_not_found")
        return self._channels[channel]

    async def _in_channel(self, channel: str, method: str, *, as_: str = "channel", **arguments: Any) -> Json:
        """Call a method that wants us in the channel, and join a public one when we are not."""
        place = {as_: await self.channel_id(channel)}
        try:
            return await self._call(method, **place, **arguments)
        except RefusedError as refusal:
            if refusal.reason != "not_in_channel":
                raise
        await self._call("conversations.join", channel=place[as_])
        return await self._call(method, **place, **arguments)

    async def _members_of(self, group: str) -> frozenset[str] | RefusedError:
        until, found = self._members.get(group, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return found
        try:
            answer = await self._call("usergroups.users.list", usergroup=group)
        except RefusedError as refusal:
            log.error("it cannot be told who is in %s: %s. %s", group, refusal, refusal.remedy)
            return frozenset() if is_of_one_group(refusal.reason) else refusal
        self._members[group] = time.monotonic() + _GROUPS_LAST, frozenset(answer["users"])
        return self._members[group][1]

    async def _name(self, key: str) -> str:
        if key.startswith("S"):
            groups = (await self._call("usergroups.list"))["usergroups"]
            self._names |= {group["id"]: group["name"] for group in groups}
            if key not in self._names:
                raise RefusedError("usergroups.list", "no_such_subteam")
            return self._names[key]
        if key.startswith("C"):
            return str((await self._call("conversations.info", channel=key))["channel"]["name"])
        user = (await self._call("users.info", user=key))["user"]
        return str(user.get("real_name") or user.get("profile", {}).get("display_name") or user["name"])
