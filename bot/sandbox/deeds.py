"""What a person may do on the page: each deed takes the page's JSON to the driver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.interactions import Answer
    from bot.sandbox.people import Key, Person
    from bot.sandbox.server import Sandbox
    from bot.sandbox.views import View
    from bot.sandbox.workspace import Ephemeral, Message

Deed = Callable[["Sandbox", "Person", Json], Awaitable[Json]]


def _message(sandbox: Sandbox, body: Json) -> Message:
    return sandbox.channel(body["channel"]).message(body["ts"])


def _target(sandbox: Sandbox, person: Person, body: Json) -> Message | Ephemeral | View:
    """Give what was clicked in: an open view, something only this person sees, or a message."""
    for view in (person.modal(), person.home()):
        if view and view.id == body.get("view"):
            return view
    for each in person.ephemerals(body["channel"]):
        if each.ts == body["ts"]:
            return each
    return _message(sandbox, body)


def _values(body: Json) -> dict[Key, object]:
    return {(row["block_id"], row["action_id"]): row["value"] for row in body.get("values", [])}


def _modal(person: Person) -> View:
    view = person.modal()
    if view is None:
        raise SlackError("not_found")
    return view


def _told(answer: Answer) -> Json:
    return {"errors": answer.errors}


async def say(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Write in a channel or a thread."""
    one = await person.say(
        sandbox.channel(body["channel"]),
        body["typed"],
        thread=body.get("thread") or None,
        broadcast=bool(body.get("broadcast")),
        plain=bool(body.get("plain")),
    )
    return {"ts": one.ts}


async def edit(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Rewrite one's own message."""
    await person.edit(_message(sandbox, body), body["typed"])
    return {}


async def delete(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Delete one's own message."""
    await person.delete(_message(sandbox, body))
    return {}


async def react(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Add a reaction, or take it back when it is there."""
    one = _message(sandbox, body)
    if person.id in one.reactions.get(body["name"], []):
        await person.unreact(one, body["name"])
    else:
        await person.react(one, body["name"])
    return {}


async def click(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Press a button or choose in a menu."""
    target = _target(sandbox, person, body)
    action = (body["block_id"], body["action_id"])
    choose = body.get("choose")
    return _told(await person.click(target, action, choose=choose, values=_values(body)))


async def shortcut(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Use a message shortcut."""
    return _told(await person.shortcut(_message(sandbox, body), body["callback_id"]))


async def submit(_sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Send the open modal's form."""
    return _told(await person.submit(_modal(person), _values(body)))


async def close(_sandbox: Sandbox, person: Person, _body: Json) -> Json:
    """Close the open modal."""
    return _told(await person.close(_modal(person)))


async def options(_sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Ask for the options of an external menu."""
    return {"options": await person.options(_modal(person), body["action_id"], body["typed"])}


async def command(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Type a slash command."""
    name, _, text = body["typed"].partition(" ")
    return _told(await person.command(name, text.strip(), channel=sandbox.channel(body["channel"])))


async def join(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Join a channel."""
    await person.join(sandbox.channel(body["channel"]))
    return {}


async def archive(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Archive a channel, or take it back into use."""
    channel = sandbox.channel(body["channel"])
    await person.archive(channel, archived=not channel.archived)
    return {}


async def rename(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Give a channel a new name."""
    await person.rename(sandbox.channel(body["channel"]), str(body["name"]).strip().lstrip("#") or "kanal")
    return {}


async def bot(sandbox: Sandbox, person: Person, body: Json) -> Json:
    """Bring the app's bot into a channel, or throw it out."""
    channel, user = sandbox.channel(body["channel"]), sandbox.space.config.bot_user
    await (person.kick if user in channel.members else person.invite)(user, channel)
    return {}


async def open_home(_sandbox: Sandbox, person: Person, _body: Json) -> Json:
    """Open the app's Home tab."""
    await person.open_home()
    return {}


DEEDS: dict[str, Deed] = {
    each.__name__: each
    for each in (
        say,
        edit,
        delete,
        react,
        click,
        shortcut,
        submit,
        close,
        options,
        command,
        join,
        archive,
        rename,
        bot,
        open_home,
    )
}
