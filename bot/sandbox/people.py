"""People at their Slack client: the driver that tests, the demo and the page share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.blockkit import elements_of
from bot.sandbox.filling import all_options, filled
from bot.sandbox.interactions import Answer, Interactions, find_element
from bot.sandbox.views import View, Views, state_key
from bot.sandbox.wire import Json, SlackError, escaped
from bot.sandbox.workspace import Channel, Draft, Ephemeral, Message
from bot.sandbox.writing import compose, pasted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.talk import Talk

Key = str | tuple[str, str]
_TOLD = ("text", "value", "style", "url", "confirm", "placeholder", "initial_option")


@dataclass(frozen=True, slots=True)
class Counter:
    """What a person's client reaches: the workspace's deeds, the app's surfaces, and the views."""

    talk: Talk
    interactions: Interactions
    views: Views


class Person:
    """One person. What Slack would refuse raises `SlackError`; an app that is silent raises `Unanswered`."""

    def __init__(self, user: str, counter: Counter) -> None:
        self.id = user
        self._talk = counter.talk
        self._interactions = counter.interactions
        self._views = counter.views

    def _channel(self, where: str | Channel) -> Channel:
        return where if isinstance(where, Channel) else self._talk.space.channel(where)

    def _said(self, typed: str, blocks: list[Json] | None, *, plain: bool) -> tuple[list[Json], str]:
        made, text = compose(typed)
        if not made and not blocks:
            raise SlackError("no_text")
        if plain:
            return [], escaped(typed)
        return (made if blocks is None else blocks), text

    async def say(
        self,
        channel: str | Channel,
        typed: str = "",
        *,
        thread: str | Message | None = None,
        blocks: list[Json] | None = None,
        broadcast: bool = False,
        plain: bool = False,
    ) -> Message:
        """Write a message; `typed` is Markdown-ish, `blocks` replace what would be made of it.

        `plain` is how old messages and other clients come: `text` alone, without blocks.
        """
        made, text = self._said(typed, blocks, plain=plain)
        draft = Draft(text=text, blocks=made, thread_ts=_ts(thread), broadcast=broadcast)
        return self._talk.post(self._channel(channel), draft, by=self.id)

    async def reply(
        self, to: Message, typed: str = "", *, broadcast: bool = False, plain: bool = False
    ) -> Message:
        """Answer in a message's thread; `broadcast` shows it in the channel too."""
        return await self.say(to.channel, typed, thread=to, broadcast=broadcast, plain=plain)

    async def paste(
        self, channel: str | Channel, text: str, *, thread: str | Message | None = None
    ) -> Message:
        """Paste text from elsewhere: nothing in it is read as markup."""
        draft = Draft(text=escaped(text), blocks=pasted(text), thread_ts=_ts(thread))
        return self._talk.post(self._channel(channel), draft, by=self.id)

    async def mention(
        self, channel: str | Channel, typed: str = "", *, thread: str | Message | None = None
    ) -> Message:
        """Call upon the app's bot, with some words."""
        bot = self._talk.space.config.bot_user
        return await self.say(channel, f"<@{bot}> {typed}".rstrip(), thread=thread)

    async def edit(
        self, message: Message, typed: str = "", *, blocks: list[Json] | None = None, plain: bool = False
    ) -> None:
        """Rewrite one's own message."""
        self._own(message)
        made, text = self._said(typed, blocks, plain=plain)
        self._talk.edit(message, by=self.id, text=text, blocks=made)

    async def delete(self, message: Message) -> None:
        """Delete one's own message."""
        self._own(message)
        self._talk.delete(message)

    def _own(self, message: Message) -> None:
        if message.user != self.id:
            raise SlackError("cant_update_message")

    async def react(self, message: Message, name: str) -> None:
        """Add a reaction, named as in Slack (`white_check_mark`)."""
        self._talk.open_to(self.id, self._channel(message.channel))
        self._talk.react(message, name, user=self.id)

    async def unreact(self, message: Message, name: str) -> None:
        """Take one's own reaction back."""
        self._talk.unreact(message, name, user=self.id)

    async def join(self, channel: str | Channel) -> None:
        """Join a channel."""
        self._talk.join(self.id, self._channel(channel))

    async def leave(self, channel: str | Channel) -> None:
        """Leave a channel."""
        self._talk.leave(self.id, self._channel(channel))

    async def invite(self, user: str, channel: str | Channel) -> None:
        """Bring somebody, or the app's bot, into a channel."""
        self._talk.join(user, self._channel(channel), inviter=self.id)

    async def kick(self, user: str, channel: str | Channel) -> None:
        """Take somebody, or the app's bot, out of a channel."""
        self._talk.leave(user, self._channel(channel))

    async def archive(self, channel: str | Channel, *, archived: bool = True) -> None:
        """Archive a channel, or take it back into use."""
        self._talk.archive(self._channel(channel), by=self.id, archived=archived)

    async def rename(self, channel: str | Channel, name: str) -> None:
        """Give a channel a new name."""
        self._talk.rename(self._channel(channel), name)

    async def upload(
        self,
        channel: str | Channel,
        name: str,
        content: bytes,
        *,
        typed: str = "",
        thread: str | Message | None = None,
    ) -> Message:
        """Share a file with some words."""
        made, text = compose(typed)
        file = self._talk.new_file(self.id, name, length=len(content))
        file.content, file.uploaded, file.complete = content, True, True
        draft = Draft(text=text, blocks=made, thread_ts=_ts(thread), files=[file])
        return self._talk.share(self._channel(channel), draft)

    async def click(
        self,
        target: Message | Ephemeral | View,
        action: Key,
        *,
        value: str | None = None,
        choose: Any = None,
        values: Mapping[Key, Any] | None = None,
        sure: bool = True,
    ) -> Answer:
        """Press a button or choose in a menu, and wait for the app's acknowledgement.

        `action` is an action_id, or (block_id, action_id); `value` picks one of several such buttons;
        `choose` is what is chosen in a menu, as in `filled`; `values` is what was filled in before the click,
        in a view. `sure` is what the person says when asked to confirm; then nothing is sent on a no.
        """
        if isinstance(target, View):
            self.fill(target, values or {})
        block, element = _button(target.blocks, action, value)
        if "confirm" in element and not sure:
            return Answer()
        did = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
        did |= {key: element[key] for key in _TOLD if key in element}
        did |= self._chosen(block, element, choose, target)
        return await self._interactions.act(self.id, target, did)

    def _chosen(self, block: Json, element: Json, choose: Any, target: Message | Ephemeral | View) -> Json:
        if element["type"] == "button":
            return {}
        if element["type"] == "overflow":
            return {"selected_option": next(each for each in all_options(element) if each["value"] == choose)}
        state = filled(element, choose)
        if isinstance(target, View):
            target.values.setdefault(block["block_id"], {})[element["action_id"]] = state
        else:
            place = {"block_id": block["block_id"], "action_id": element["action_id"]}
            self._interactions.choose(self.id, target, place, state=state)
        return {key: held for key, held in state.items() if key != "type"}

    async def shortcut(self, message: Message, callback_id: str) -> Answer:
        """Use a message shortcut on a message."""
        return await self._interactions.shortcut(self.id, message, callback_id)

    def fill(self, view: View, values: Mapping[Key, Any]) -> None:
        """Fill a view in; keys are (block_id, action_id) or an action_id alone."""
        for key, value in values.items():
            block, element = _named(view.blocks, key)
            state = view.values.setdefault(block["block_id"], {})
            state[element["action_id"]] = filled(element, value)

    async def submit(self, view: View, values: Mapping[Key, Any] | None = None) -> Answer:
        """Fill a modal in and send it; `Answer.errors` says what must be put right, block by block."""
        self.fill(view, values or {})
        return await self._interactions.submit(view)

    async def close(self, view: View) -> Answer:
        """Close a modal without sending it."""
        return await self._interactions.close(view)

    async def options(self, view: View, action_id: str, typed: str) -> list[Json]:
        """Type in a menu whose options come from the app, and give them."""
        return await self._interactions.suggest(view, action_id, typed)

    async def command(self, command: str, text: str = "", *, channel: str | Channel) -> Answer:
        """Type a slash command; its answer is among `ephemerals`."""
        return await self._interactions.command(self.id, command, text, channel=self._channel(channel))

    async def open_home(self) -> None:
        """Open the app's Home tab."""
        self._interactions.open_home(self.id)

    def home(self) -> View | None:
        """Give the app's Home tab as it stands."""
        return self._views.homes.get(self.id)

    def modal(self) -> View | None:
        """Give the topmost open modal."""
        stack = self._views.stacks.get(self.id)
        return stack[-1] if stack else None

    def ephemerals(self, channel: str | Channel) -> list[Ephemeral]:
        """Give what only this person sees in a channel, oldest first."""
        place = self._channel(channel).id
        return [each for each in self._talk.space.ephemerals if (each.to, each.channel) == (self.id, place)]

    def filled_in(self, view: View, key: Key) -> Any:
        """Give what stands in an input: a text, an option, a list, or None."""
        block, element = _named(view.blocks, key)
        state = view.values[block["block_id"]][element["action_id"]]
        return state.get(state_key(element["type"]) or "")


def _ts(thread: str | Message | None) -> str | None:
    return thread.ts if isinstance(thread, Message) else thread


def _named(blocks: list[Json], key: Key) -> tuple[Json, Json]:
    if isinstance(key, str):
        return find_element(blocks, key)
    within = [each for each in blocks if each["block_id"] == key[0]]
    return find_element(within, key[1])


def _button(blocks: list[Json], key: Key, value: str | None) -> tuple[Json, Json]:
    if value is None:
        return _named(blocks, key)
    name = key if isinstance(key, str) else key[1]
    for block, element in elements_of(blocks):
        if element["action_id"] == name and element.get("value") == value:
            return block, element
    raise LookupError(f"nothing to click with action_id {name!r} and value {value!r}")
