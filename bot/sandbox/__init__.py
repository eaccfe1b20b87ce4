"""A Slack look-alike on this machine: Web API, Socket Mode, signed events, people, and a page to look at."""

from bot.sandbox.config import (
    ChannelSpec,
    CommandSpec,
    Config,
    GroupSpec,
    Mode,
    Pace,
    PersonSpec,
    ShortcutSpec,
)
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.interactions import Answer
from bot.sandbox.mail import Mail
from bot.sandbox.outage import How
from bot.sandbox.people import Person
from bot.sandbox.reach import links, mentions
from bot.sandbox.server import Sandbox
from bot.sandbox.views import View
from bot.sandbox.wire import SlackError, Unanswered
from bot.sandbox.workspace import Channel, Ephemeral, File, Flags, Message

__all__ = [
    "Answer",
    "Channel",
    "ChannelSpec",
    "CommandSpec",
    "Config",
    "Ephemeral",
    "Fault",
    "Faults",
    "File",
    "Flags",
    "GroupSpec",
    "How",
    "Mail",
    "Message",
    "Mode",
    "Pace",
    "Person",
    "PersonSpec",
    "Sandbox",
    "ShortcutSpec",
    "SlackError",
    "Unanswered",
    "View",
    "links",
    "mentions",
]
