"""An hour in which Slack is out of reach, as the service counts time; nobody sleeps that long."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.sandbox import How, Message, Sandbox, Unanswered
from bot.slack import app
from tests.slack.bench import ABOUT_BIKES, HOME, in_mode
from tests.slack.lives import Lives, hurried, lives
from tests.slack.threads import ANSWER, OTHER
from tests.world import TEKNIK, Town, key_of, mail, open_hearing, shown

TICK = "white_check_mark"
_APART = 120.0  # seconds between tries
_CONFIG = replace(HOME, ack_seconds=3.0, retry_delays=(0.0,))


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator sees, without the values."""
    seen = (record for record in caplog.records if record.levelno >= logging.WARNING)
    return [record.getMessage().partition(" (")[0] for record in seen]


async def _sweep(service: Lives) -> None:
    while await service.alive.sweep.next():
        pass
    await service.quiet()


async def _approved_answer(town: Town, service: Lives) -> tuple[Message, Message]:
    """A card, and an answer under it that was approved; all of it was looked at."""
    await service.take_in(mail(ABOUT_BIKES).as_bytes())
    await service.quiet()
    [card] = town.cards(TEKNIK)
    answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
    await town.person("tove").react(answer, TICK)
    await service.quiet()
    await _sweep(service)
    return card, answer


async def _most_tries(service: Lives) -> int:
    async with service.database.begin() as store:
        found = await store.session.execute(text("SELECT max(attempts) FROM procrastinate_jobs"))
        return int(found.scalar_one())


async def _an_hour(service: Lives, clock: list[float]) -> None:
    """Whatever is owed is tried again as often as in an hour."""
    for _ in range(30):
        clock[0] += _APART
        await service.try_all_again()
    assert await _most_tries(service) >= 30


@pytest.mark.parametrize("how", list(How))
async def test_after_an_hour_without_slack_all_is_found_and_all_is_posted_once(
    database_url: str, how: How, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hurried(monkeypatch)
    for wait in ("_FIRST_WAIT", "_LONGEST_WAIT", "_WATCHES_EVERY"):
        monkeypatch.setattr(app, wait, 0.2)
    async with Sandbox(in_mode(_CONFIG)).running() as sandbox, lives(sandbox, database_url) as service:
        await open_hearing(service.database)
        town, clock = Town(sandbox), [0.0]
        card, answer = await _approved_answer(town, service)
        service.alive.door.board.silence.clock = lambda: clock[0]
        with sandbox.outage(how):
            tim, tove = town.person("tim"), town.person("tove")
            await service.take_in(
                mail(f"{ABOUT_BIKES} Og mere.", number=2, sender="b@borger.example").as_bytes()
            )
            await tim.edit(answer, OTHER)
            await tove.react(await tim.say(TEKNIK, "Stien får lys.", thread=card), TICK)
            with pytest.raises(Unanswered):
                await tim.click(card, "write_remark")
            await sandbox.until(lambda: not sandbox.unacknowledged)  # Slack has given up
            await _an_hour(service, clock)
        await service.quiet()
        await sandbox.until(lambda: "Slack answers again" in caplog.text)
        await _sweep(service)
        drafts = [shown(each) for each in town.ours(card, "draft")]
        assert [OTHER in drafts[0], "Ændret efter godkendelse" in drafts[0]] == [True, True]
        assert ["Stien får lys." in drafts[1], "Godkendt til notatet af" in drafts[1]] == [True, True]
        assert len(town.cards(TEKNIK)) == 2
        keys = Counter(key_of(each) for each in sandbox.channel(TEKNIK).kept.values())
        del keys[""]
        assert set(keys.values()) == {1}
    assert _told(caplog) == ["Slack does not answer", "Slack answers again"]
