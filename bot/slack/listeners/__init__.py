"""What people do in Slack: each listener parses, calls one step and says what came of it."""

from slack_bolt.app.async_app import AsyncApp

from bot.slack.door import SlackDoor
from bot.slack.listeners import (
    buttons,
    commands,
    coordinating,
    doubts,
    editing,
    ending,
    home,
    mentions,
    messages,
    others,
    reactions,
    shortcuts,
    strays,
    waiving,
    writing,
)


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Tie every listener to the app."""
    for part in (
        strays,
        messages,
        mentions,
        reactions,
        shortcuts,
        buttons,
        writing,
        coordinating,
        doubts,
        editing,
        ending,
        commands,
        waiving,
        home,
        others,
    ):
        part.register(app, door)
