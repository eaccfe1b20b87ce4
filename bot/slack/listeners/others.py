"""Whatever else Slack tells us counts as read, so that it is not delivered again."""

import re

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack.door import SlackDoor

_ANY = re.compile(r".*")


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen last: Bolt gives a payload to the first listener that fits."""

    async def pass_over(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        async with door.reading(context):
            pass

    app.event(_ANY)(pass_over)
    app.action(_ANY)(pass_over)
    app.shortcut(_ANY)(pass_over)
    app.view(_ANY)(pass_over)
    app.view_closed(_ANY)(pass_over)
