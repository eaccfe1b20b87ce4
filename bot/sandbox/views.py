"""Modals and App Home: which views each person has on the screen, and what they filled in."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.blockkit import check_view, elements_of, with_ids
from bot.sandbox.wire import Json, SlackError, complaints

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

MOST_STACKED = 3
_LARGEST = 250_000


@dataclass(slots=True)
class View:
    """A modal or a Home tab as it stands before one person; `values` is its state, block → action → value."""

    id: str
    user: str
    source: Json
    blocks: list[Json]
    root: str
    previous: str | None = None
    hash: str = ""
    values: Json = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Give modal or home."""
        return str(self.source["type"])

    @property
    def title(self) -> str:
        """Give the words at its top."""
        return str(self.source.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """Give the name the app knows it by."""
        return str(self.source.get("callback_id", ""))


class Triggers:
    """Trigger ids: each opens one modal, and only for some seconds."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._issued: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        """Give a trigger for something that a person just did."""
        trigger = f"{time.time_ns() // 1_000_000}.{self._space.config.team_id}.{uuid.uuid4().hex}"
        self._issued[trigger] = (user, time.monotonic())
        return trigger

    def exchange(self, trigger: str) -> str:
        """Use a trigger up and give who it was. Raises Slack's three errors about triggers."""
        if trigger in self._used:
            raise SlackError("exchanged_trigger_id")
        if trigger not in self._issued:
            raise complaints("invalid_arguments", ["[ERROR] invalid `trigger_id`"])
        user, issued = self._issued.pop(trigger)
        self._used.add(trigger)
        if time.monotonic() - issued > self._space.config.trigger_seconds:
            raise SlackError("expired_trigger_id")
        return user


class Views:
    """Everybody's stack of modals and everybody's Home tab."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self.triggers = Triggers(space)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def open(self, trigger: str, source: Any) -> View:
        """Show a modal to the person behind a trigger, in place of what they had open."""
        _accept(source, "modal")
        user = self.triggers.exchange(trigger)
        view = self._new(user, source)
        self.stacks[user] = [view]
        self._space.changes.tell()
        return view

    def push(self, trigger: str, source: Any) -> View:
        """Show a modal on top of the one the trigger came from."""
        _accept(source, "modal")
        return self.push_to(self.triggers.exchange(trigger), source)

    def push_to(self, user: str, source: Any) -> View:
        """Show a modal on top of a person's others. Raises `push_limit_reached`."""
        _accept(source, "modal")
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MOST_STACKED:
            raise SlackError("push_limit_reached")
        view = self._new(user, source)
        view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        self._space.changes.tell()
        return view

    def update(self, view: View, source: Any, *, wanted_hash: str = "") -> View:
        """Change a view in place; what was filled in stays where block and action are the same."""
        _accept(source, view.kind)
        if wanted_hash and wanted_hash != view.hash:
            raise SlackError("hash_conflict")
        view.source, view.blocks = source, self._blocks(source)
        self._fill(view)
        self._space.changes.tell()
        return view

    def publish(self, user: str, source: Any, *, wanted_hash: str = "") -> View:
        """Set a person's Home tab."""
        _accept(source, "home")
        if user not in self._space.people:
            raise complaints("invalid_arguments", ["[ERROR] invalid `user_id`"])
        if user in self.homes:
            return self.update(self.homes[user], source, wanted_hash=wanted_hash)
        self.homes[user] = self._new(user, source)
        self._space.changes.tell()
        return self.homes[user]

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """Give an open view. Raises `not_found`."""
        for view in [*(each for stack in self.stacks.values() for each in stack), *self.homes.values()]:
            if view.id == view_id or (external_id and view.source.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def drop(self, view: View) -> None:
        """Take one modal off the screen."""
        self.stacks[view.user] = [each for each in self.stacks.get(view.user, []) if each is not view]
        self._space.changes.tell()

    def clear(self, user: str) -> None:
        """Take all of a person's modals off the screen."""
        self.stacks.pop(user, None)
        self._space.changes.tell()

    def _new(self, user: str, source: Json) -> View:
        external = source.get("external_id")
        if external and any(each.source.get("external_id") == external for each in self._all()):
            raise SlackError("duplicate_external_id")
        name = self._space.numbers.take("V")
        view = View(name, user, source, self._blocks(source), root=name)
        self._fill(view)
        return view

    def _all(self) -> list[View]:
        return [each for stack in self.stacks.values() for each in stack] + list(self.homes.values())

    def _blocks(self, source: Json) -> list[Json]:
        return with_ids(source["blocks"], lambda: uuid.uuid4().hex[:5])

    def _fill(self, view: View) -> None:
        """Set the state: what was filled in before, else what the app put there, else nothing."""
        before, view.values = view.values, {}
        for block, element in elements_of(view.blocks):
            start = initial(element)
            if start is not None:
                kept = before.get(block["block_id"], {}).get(element["action_id"], start)
                view.values.setdefault(block["block_id"], {})[element["action_id"]] = kept
        content = json.dumps([view.source, time.time_ns()]).encode()
        view.hash = f"{int(time.time())}.{hashlib.sha256(content).hexdigest()[:8]}"

    def render(self, view: View) -> Json:
        """Give the view as Slack writes it in answers and payloads."""
        config = self._space.config
        return {
            "id": view.id,
            "team_id": config.team_id,
            "type": view.kind,
            "blocks": view.blocks,
            **{key: view.source.get(key) for key in ("title", "submit", "close")},
            **{key: view.source.get(key, "") for key in ("private_metadata", "callback_id", "external_id")},
            "state": {"values": view.values},
            "hash": view.hash,
            "clear_on_close": bool(view.source.get("clear_on_close")),
            "notify_on_close": bool(view.source.get("notify_on_close")),
            "root_view_id": view.root,
            "previous_view_id": view.previous,
            "app_id": config.app_id,
            "app_installed_team_id": config.team_id,
            "bot_id": config.bot_id,
        }


def _accept(source: Any, kind: str) -> None:
    if wrong := check_view(source, kind=kind):
        raise complaints("invalid_arguments", wrong)
    if len(json.dumps(source).encode()) > _LARGEST:
        raise SlackError("view_too_large")


_STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}


def state_key(kind: str) -> str | None:
    """Give the key under which an element's value stands in the state; None for buttons."""
    return _STATE_KEYS[kind][0] if kind in _STATE_KEYS else None


def initial(element: Json) -> Json | None:
    """Give an element's first value as the state has it; None for what holds no value."""
    kind = element["type"]
    if kind not in _STATE_KEYS:
        return None
    key, start = _STATE_KEYS[kind]
    several = kind.startswith("multi_") or kind in {"checkboxes", "file_input"}
    return {"type": kind, key: element.get(start, [] if several else None)}
