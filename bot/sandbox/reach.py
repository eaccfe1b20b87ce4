"""How far a message reaches: whom it calls upon, and which of its links Slack would unfold.

Source: https://docs.slack.dev/messaging/formatting-message-text and
https://docs.slack.dev/messaging/unfurling-links-in-messages
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.workspace import Message

_CALLED = re.compile(r"<(?:!(channel|here|everyone)|!subteam\^(S\w+)|@([UW]\w+))(?:\|[^>]*)?>")
_BARE = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
_LINK = re.compile(r"https?://[^\s<>|]+")
_NAMED = {"broadcast": "range", "usergroup": "usergroup_id", "user": "user_id"}


def mentions(one: Message) -> frozenset[str]:
    """Give who is called: `channel`, `here`, `everyone`, ids of people and user groups.

    A bare `@channel` calls in the words of a message only where the app asked for it (`link_names`,
    `parse=full`), but in mrkdwn of blocks unless that is `verbatim`.
    """
    found = set(_called(one.text, bare=one.flags.link_names or one.flags.parse == "full"))
    for node in _nodes(one.blocks):
        if node.get("type") in _NAMED:
            found.add(str(node[_NAMED[node["type"]]]))
        if node.get("type") == "mrkdwn":
            found.update(_called(node["text"], bare=not node.get("verbatim")))
    return frozenset(found)


def links(one: Message) -> frozenset[str]:
    """Give the links that Slack would unfold: none where the app said no to it."""
    if one.flags.unfurl_links is False:
        return frozenset()
    found = set() if one.blocks else set(_LINK.findall(one.text))
    for node in _nodes(one.blocks):
        if node.get("type") == "link":
            found.add(str(node["url"]))
        if node.get("type") == "mrkdwn":
            found.update(_LINK.findall(node["text"]))
    return frozenset(found)


def _called(text: str, *, bare: bool) -> Iterator[str]:
    for found in _CALLED.finditer(text):
        yield next(filter(None, found.groups()))
    if bare:
        yield from _BARE.findall(text)


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _nodes(each)
