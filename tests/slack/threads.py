"""A talk under a card: what Tim answered, what stands marked and approved, and who was told what."""

from __future__ import annotations

import asyncio
import time

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.sandbox import Message
from handlers.talk.progress import standing
from storage.remarks import RemarkFacts
from tests.slack.bench import Bench
from tests.world import TEKNIK, words

ANSWER = "Forvaltningen er enig, og stien bliver bredere."
OTHER = "Stien bliver anlagt i 2031."


async def remarks(town: Bench) -> list[RemarkFacts]:
    """All remarks of the first submission."""
    async with town.database.begin() as store:
        submission = await store.submissions.by_number(town.hearing.id, 1)
        assert submission is not None
        referrals = await store.submissions.referrals(submission.id)
        return await store.remarks.of_referrals([each.id for each in referrals])


async def approved(town: Bench) -> list[str]:
    """The texts that stand approved."""
    approvals = [standing(each).approval for each in await remarks(town)]
    return [words(each.content) for each in approvals if each is not None]


async def answered(town: Bench, text: str = ANSWER) -> tuple[Message, Message]:
    """A card, and Tim's answer in its thread."""
    card = await town.one_card()
    answer = await town.person("tim").say(TEKNIK, text, thread=card)
    await town.heard()
    return card, answer


async def marked(town: Bench) -> tuple[Message, Message, Message]:
    """A card, Tim's answer, and the draft of it."""
    card, answer = await answered(town)
    await town.person("tim").shortcut(answer, "use_as_remark")
    await town.settle()
    [draft] = town.ours(card, "draft")
    return card, answer, draft


async def next_second() -> None:
    """Wait until Slack, which gives edits in whole seconds, gives another one."""
    await asyncio.sleep(1.0 - time.time() % 1.0)


def told(town: Bench, name: str, channel: str = TEKNIK) -> list[str]:
    return [each.text for each in town.person(name).ephemerals(channel)]


async def hears_late(town: Bench, kind: str, on: Message, *, put: float, by: str = "U0TOVE") -> None:
    """Slack tells only now of a ✅ that was put, or taken away, at a moment."""
    item = {"type": "message", "channel": on.channel, "ts": on.ts}
    event = {"type": kind, "user": by, "reaction": "white_check_mark", "item": item, "event_ts": f"{put:.6f}"}
    body = {"type": "event_callback", "event_id": f"Ev{kind}{put}", "event": event}
    await town.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await town.settle()
