"""What can be done in a workspace, by people and apps alike; each deed is told to the app."""

from __future__ import annotations

import asyncio
import mimetypes
import time
import uuid
from typing import TYPE_CHECKING, Any

from bot.sandbox import events, render
from bot.sandbox.blockkit import with_ids
from bot.sandbox.reach import links
from bot.sandbox.wire import Json, SlackError
from bot.sandbox.workspace import Channel, Draft, Ephemeral, File, Message

if TYPE_CHECKING:
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.workspace import Workspace


class Talk:
    """Posting, editing, reacting, joining and sharing, with Slack's refusals."""

    def __init__(self, space: Workspace, delivery: Delivery) -> None:
        self.space = space
        self._delivery = delivery

    def _fresh_id(self) -> str:
        return uuid.uuid4().hex[:5]

    def open_to(self, user: str, channel: Channel) -> None:
        """Check that somebody may write here. Raises `is_archived` or `not_in_channel`."""
        if channel.archived:
            raise SlackError("is_archived")
        if user not in channel.members:
            raise SlackError("not_in_channel")

    def post(self, channel: Channel, draft: Draft, *, by: str) -> Message:
        """Post a message. Raises `is_archived`, `not_in_channel` or `thread_not_found`."""
        if not draft.guest:
            self.open_to(by, channel)
        one = self._message(channel, draft, by)
        channel.keep(one)
        self._delivery.publish(events.posted(one, channel, self.space), channel)
        if not one.by_bot and f"<@{self.space.config.bot_user}>" in one.text:
            self._delivery.publish(events.mentioned(one, channel, self.space), channel)
        return one

    def _message(self, channel: Channel, draft: Draft, by: str) -> Message:
        by_bot = by == self.space.config.bot_user
        return Message(
            ts=self.space.clock.ts(),
            channel=channel.id,
            user=by,
            text=draft.text,
            blocks=with_ids(draft.blocks, self._fresh_id),
            attachments=draft.attachments,
            thread_ts=self._root(channel, draft.thread_ts) if draft.thread_ts else None,
            by_bot=by_bot,
            subtype="thread_broadcast" if draft.broadcast and draft.thread_ts else None,
            client_msg_id=None if by_bot else str(uuid.uuid4()),
            metadata=draft.metadata,
            files=draft.files,
            flags=draft.flags,
        )

    def _root(self, channel: Channel, thread_ts: str) -> str:
        """Give the thread's first message; a reply to a reply stands in the same thread."""
        parent = channel.kept.get(thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        return parent.thread_ts or parent.ts

    def edit(self, one: Message, *, by: str, **fields: Any) -> None:
        """Change fields of a message; it counts as edited when its words or blocks change."""
        before = render.message(one, self.space)
        spoken = (one.text, one.blocks)
        for name, value in fields.items():
            setattr(one, name, with_ids(value, self._fresh_id) if name == "blocks" else value)
        if (one.text, one.blocks) != spoken:
            one.edited = {"user": by, "ts": f"{int(time.time())}.000000"}
        self._changed(one, before)

    def _changed(self, one: Message, before: Json) -> None:
        channel = self.space.channels[one.channel]
        after = render.message(one, self.space)
        self._delivery.publish(events.changed(before, after, channel, self.space), channel)

    def unfurl(self, one: Message) -> bool:
        """Unfold a message's links, as Slack does some moments later; tell whether there was any.

        The message changes, but nobody edited it.
        """
        before = render.message(one, self.space)
        found = sorted(links(one))
        one.attachments = [_unfolded(n, url) for n, url in enumerate(found, 1)]
        if found:
            self._changed(one, before)
        return bool(found)

    def touch(self, one: Message) -> None:
        """Tell the app that a message changed though nothing did, as Slack does for thread counters."""
        self._changed(one, render.message(one, self.space))

    def delete(self, one: Message) -> None:
        """Take a message away; the first of a thread with replies is changed into a tombstone.

        The tombstone goes with the thread's last reply.
        """
        channel = self.space.channels[one.channel]
        if len(channel.thread(one.ts)) > 1:
            before = render.message(one, self.space)
            one.subtype, one.text, one.blocks, one.files, one.reactions = "tombstone", "", [], [], {}
            one.attachments, one.edited = [], None
            self._changed(one, before)
            return
        self._forget(one, channel)
        parent = channel.kept.get(one.thread_ts or "")
        if parent and parent.subtype == "tombstone" and len(channel.thread(parent.ts)) == 1:
            self._forget(parent, channel)

    def _forget(self, one: Message, channel: Channel) -> None:
        before = render.message(one, self.space)
        channel.forget(one)
        self._delivery.publish(events.deleted(before, channel, self.space), channel)

    def react(self, one: Message, name: str, *, user: str) -> None:
        """Add a reaction. Raises `already_reacted`."""
        users = one.reactions.setdefault(name, [])
        if user in users:
            raise SlackError("already_reacted")
        users.append(user)
        self._reacted("reaction_added", one, name=name, user=user)

    def unreact(self, one: Message, name: str, *, user: str) -> None:
        """Take one's own reaction back. Raises `no_reaction`."""
        users = one.reactions.get(name, [])
        if user not in users:
            raise SlackError("no_reaction")
        users.remove(user)
        if not users:
            del one.reactions[name]
        self._reacted("reaction_removed", one, name=name, user=user)

    def _reacted(self, kind: str, one: Message, *, name: str, user: str) -> None:
        event = events.reaction(kind, one, name=name, user=user, space=self.space)
        self._delivery.publish(event, self.space.channels[one.channel])

    def join(self, user: str, channel: Channel, *, inviter: str = "") -> None:
        """Make somebody a member; nothing happens when they are."""
        if channel.archived:
            raise SlackError("is_archived")
        if user not in channel.members:
            channel.members.append(user)
            event = events.membership(
                "member_joined_channel", channel, user=user, inviter=inviter, space=self.space
            )
            self._delivery.publish(event, channel)

    def leave(self, user: str, channel: Channel) -> None:
        """End somebody's membership; the app hears of its own leaving too."""
        if user in channel.members:
            event = events.membership("member_left_channel", channel, user=user, inviter="", space=self.space)
            self._delivery.publish(event, channel)
            channel.members.remove(user)

    def archive(self, channel: Channel, *, by: str, archived: bool = True) -> None:
        """Archive a channel, or take it back into use."""
        channel.archived = archived
        kind = "channel_archive" if archived else "channel_unarchive"
        self._delivery.publish(events.archived(kind, channel, user=by, space=self.space), channel)

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel a new name."""
        channel.name = name
        self._delivery.publish(events.renamed(channel, self.space), channel)

    def whisper(self, channel: Channel, draft: Draft, *, to: str) -> Ephemeral:
        """Show something to one person only."""
        blocks = with_ids(draft.blocks, self._fresh_id)
        one = Ephemeral(self.space.clock.ts(), channel.id, to, draft.text, blocks, draft.thread_ts)
        self.space.ephemerals.append(one)
        self.space.changes.tell()
        return one

    def new_file(self, user: str, name: str, *, length: int) -> File:
        """Make room for a file whose bytes come later."""
        guess = mimetypes.guess_type(name)[0] or "application/octet-stream"
        one = File(
            self.space.numbers.take("F"),
            name,
            name,
            user,
            b"",
            guess,
            created=int(time.time()),
            length=length,
        )
        self.space.files[one.id] = one
        return one

    def share(self, channel: Channel, draft: Draft) -> Message:
        """Show a draft's files in a channel as one message of who uploaded them."""
        one = self.post(channel, draft, by=draft.files[0].user)
        for each in draft.files:
            each.shares.setdefault(channel.id, []).append(one.ts)
            self._delivery.publish(events.file_shared(each, channel, self.space), channel)
        return one

    async def share_later(self, channel: Channel, draft: Draft) -> None:
        """Show files a moment later, as Slack does after an upload by an app."""
        await asyncio.sleep(self.space.config.share_delay)
        self.share(channel, draft)


def _unfolded(number: int, url: str) -> Json:
    said = dict.fromkeys(("from_url", "original_url", "fallback", "title", "title_link"), url)
    return {"id": number, **said}
