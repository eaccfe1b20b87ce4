"""Clicks, shortcuts, submissions and commands: what the app is sent, and what its answer does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import events, render
from bot.sandbox.blockkit import elements_of
from bot.sandbox.delivery import Delivery, Kind
from bot.sandbox.filling import missing
from bot.sandbox.views import View, Views, initial
from bot.sandbox.wire import Json, SlackError
from bot.sandbox.workspace import Ephemeral, Message

if TYPE_CHECKING:
    from bot.sandbox.hooks import Hooks
    from bot.sandbox.workspace import Channel, Workspace


_NAMED = {"group": "privategroup", "im": "directmessage", "mpim": "directmessage"}
"""What a command calls a channel whose name is not for everybody."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said to an interaction: its payload, and what the person is told is wrong in a form."""

    payload: Any = None
    errors: dict[str, str] = field(default_factory=dict)


class Interactions:
    """Sends what a person does with the app's own surfaces. All raise `Unanswered`."""

    def __init__(self, space: Workspace, delivery: Delivery, *, views: Views, hooks: Hooks) -> None:
        self._space = space
        self._delivery = delivery
        self._views = views
        self._hooks = hooks
        self._chosen: dict[tuple[str, str, str, str, str], Json] = {}

    def choose(self, user: str, one: Message | Ephemeral, did: Json, *, state: Json) -> None:
        """Remember what a person chose in a message: it goes along with whatever they click there later."""
        self._chosen[user, one.channel, one.ts, did["block_id"], did["action_id"]] = state

    def _base(self, kind: str, user: str) -> Json:
        config = self._space.config
        name = self._space.people[user].name
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": config.team_id},
            "api_app_id": config.app_id,
            "token": "verification-token",
            "team": {"id": config.team_id, "domain": config.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    async def act(self, user: str, target: Message | Ephemeral | View, action: Json) -> Answer:
        """Send a click or a choice; `action` is the element's own part of the payload."""
        payload = self._base("block_actions", user) | {"trigger_id": self._views.triggers.issue(user)}
        if isinstance(target, View):
            payload |= self._in_view(target)
        else:
            payload |= self._in_message(user, target)
        payload["actions"] = [action | {"action_ts": self._space.clock.ts()}]
        return Answer(await self._delivery.ask(Kind.INTERACTIVE, payload))

    def _in_view(self, view: View) -> Json:
        return {"container": {"type": "view", "view_id": view.id}, "view": self._views.render(view)}

    def _in_message(self, user: str, one: Message | Ephemeral) -> Json:
        channel = self._space.channels[one.channel]
        container = {
            "type": "message",
            "message_ts": one.ts,
            "channel_id": channel.id,
            "is_ephemeral": isinstance(one, Ephemeral),
            **({"thread_ts": one.thread_ts} if one.thread_ts else {}),
        }
        body: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "response_url": self._hooks.issue(user, channel.id, one),
            "state": {"values": self._state(user, one)},
        }
        if isinstance(one, Message):
            body["message"] = render.message(one, self._space)
        return body

    def _state(self, user: str, one: Message | Ephemeral) -> Json:
        """Give what stands in a message's menus before one person, block → action → value."""
        values: Json = {}
        for block, element in elements_of(one.blocks):
            start = initial(element)
            if start is not None:
                place = (user, one.channel, one.ts, block["block_id"], element["action_id"])
                values.setdefault(place[3], {})[place[4]] = self._chosen.get(place, start)
        return values

    async def shortcut(self, user: str, one: Message, callback_id: str) -> Answer:
        """Use a message shortcut; the payload carries the message as it stands now."""
        channel = self._space.channels[one.channel]
        payload = self._base("message_action", user) | {
            "action_ts": self._space.clock.ts(),
            "callback_id": callback_id,
            "trigger_id": self._views.triggers.issue(user),
            "message_ts": one.ts,
            "message": render.message(one, self._space),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "response_url": self._hooks.issue(user, channel.id),
        }
        del payload["api_app_id"], payload["user"]["username"]
        return Answer(await self._delivery.ask(Kind.INTERACTIVE, payload))

    async def submit(self, view: View) -> Answer:
        """Send a modal's form, unless the client itself sees that something is missing."""
        if errors := _unfilled(view):
            return Answer(errors=errors)
        payload = self._base("view_submission", view.user) | {
            "trigger_id": self._views.triggers.issue(view.user),
            "view": self._views.render(view),
            "response_urls": [],
        }
        answer = await self._delivery.ask(Kind.INTERACTIVE, payload)
        return Answer(answer, self._follow(view, answer or {}))

    def _follow(self, view: View, answer: Json) -> dict[str, str]:
        """Do what the answer to a submission says, and give the errors to show."""
        match answer.get("response_action"):
            case "errors":
                return dict(answer["errors"])
            case "update":
                self._views.update(view, answer["view"])
            case "push":
                self._views.push_to(view.user, answer["view"])
            case "clear":
                self._views.clear(view.user)
            case _:
                self._views.drop(view)
        return {}

    async def close(self, view: View) -> Answer:
        """Close a modal; the app hears of it only when it asked for that."""
        self._views.drop(view)
        if view.source.get("clear_on_close"):
            self._views.clear(view.user)
        if not view.source.get("notify_on_close"):
            return Answer()
        payload = self._base("view_closed", view.user) | {
            "view": self._views.render(view),
            "is_cleared": bool(view.source.get("clear_on_close")),
        }
        return Answer(await self._delivery.ask(Kind.INTERACTIVE, payload))

    async def command(self, user: str, command: str, text: str, *, channel: Channel) -> Answer:
        """Type a slash command; what the app answers with is shown to the asker."""
        config = self._space.config
        if command not in {each.command for each in config.commands}:
            raise SlackError("unknown_command")
        payload: Json = {
            "token": "verification-token",
            "team_id": config.team_id,
            "team_domain": config.team_domain,
            "channel_id": channel.id,
            "channel_name": _NAMED.get(channel.kind, channel.name),
            "user_id": user,
            "user_name": self._space.people[user].name,
            "command": command,
            "text": text,
            "api_app_id": config.app_id,
            "is_enterprise_install": "false",
            "response_url": self._hooks.issue(user, channel.id),
            "trigger_id": self._views.triggers.issue(user),
        }
        answer = await self._delivery.ask(Kind.COMMAND, payload)
        said = {"text": answer} if isinstance(answer, str) else answer or {}
        if said.get("text") or said.get("blocks"):
            self._hooks.say(said, user=user, channel=channel.id)
        return Answer(answer)

    async def suggest(self, view: View, action_id: str, typed: str) -> list[Json]:
        """Ask the app for the options of an external menu, as the client does while somebody types."""
        block, element = find_element(view.blocks, action_id)
        payload = self._base("block_suggestion", view.user) | {
            "container": {"type": "view", "view_id": view.id},
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
            "view": self._views.render(view),
        }
        answer = await self._delivery.ask(Kind.OPTIONS, payload) or {}
        grouped = [each for group in answer.get("option_groups", []) for each in group["options"]]
        return [*answer.get("options", []), *grouped]

    def open_home(self, user: str) -> None:
        """Open the app's Home tab, which is an event and waits for no answer."""
        channel = self._space.direct(user)
        home = self._views.homes.get(user)
        view = self._views.render(home) if home else None
        self._delivery.publish(events.home_opened(user, channel, view=view, space=self._space))


def find_element(blocks: list[Json], action_id: str) -> tuple[Json, Json]:
    """Give an element and its block by the element's id. Raises `LookupError`."""
    for block, element in elements_of(blocks):
        if element["action_id"] == action_id:
            return block, element
    raise LookupError(f"nothing to click with action_id {action_id!r}")


def _unfilled(view: View) -> dict[str, str]:
    found = {}
    for block, element in elements_of(view.blocks):
        value = view.values.get(block["block_id"], {}).get(element["action_id"])
        if value and (wrong := missing(block, value)):
            found[block["block_id"]] = wrong
    return found
