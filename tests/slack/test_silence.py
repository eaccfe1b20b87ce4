"""A Slack that takes calls and never answers: given up in time, looked after, done once, and told once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from bot.sandbox import Fault, Sandbox
from bot.slack import app
from bot.slack.api import calls
from bot.slack.api.silence import Silence
from tests.slack.bench import ABOUT_BIKES, HOME, in_mode
from tests.slack.lives import Lives, hurried, lives
from tests.slack.threads import ANSWER
from tests.world import TEKNIK, Town, key_of, mail, open_hearing, shown

_CONFIG = replace(HOME, ack_seconds=3.0)
_FOR_EVER = 600.0
_GIVES_UP_AFTER = 0.8
_METHODS = ("chat.postMessage", "chat.update", "conversations.replies", "files.completeUploadExternal")


def _nothing_stands_twice(town: Town) -> None:
    channels = town.sandbox.space.channels.values()
    keys = Counter(key_of(each) for channel in channels for each in channel.kept.values())
    del keys[""]
    assert set(keys.values()) == {1}


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator sees, without the values."""
    seen = (record for record in caplog.records if record.levelno >= logging.WARNING)
    return [record.getMessage().partition(" (")[0] for record in seen]


@asynccontextmanager
async def _service(
    database_url: str, patch: pytest.MonkeyPatch, *, gives_up_after: float
) -> AsyncIterator[tuple[Town, Lives]]:
    hurried(patch)
    patch.setattr(app, "_GIVES_UP_AFTER", gives_up_after)
    async with Sandbox(in_mode(_CONFIG)).running() as sandbox, lives(sandbox, database_url) as service:
        await open_hearing(service.database)
        yield Town(sandbox), service


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_AFTER])
async def test_whatever_slack_does_not_answer_is_done_once_and_told_once(
    database_url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with _service(database_url, monkeypatch, gives_up_after=_GIVES_UP_AFTER) as (town, service):
        for method in _METHODS:
            town.sandbox.faults.next(method, fault, seconds=_FOR_EVER)
        await service.take_in(mail(ABOUT_BIKES, files=(("kort.pdf", b"%PDF"),)).as_bytes())
        await service.quiet()
        [card] = town.cards(TEKNIK)
        reply = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        await town.person("tove").react(reply, "white_check_mark")
        await service.quiet()
        assert {method for method, _ in town.sandbox.faults.struck} == set(_METHODS)
        [draft] = town.ours(card, "draft")
        assert "Godkendt til notatet af" in shown(draft)
        assert "Godkendt" in shown(card)
        assert [file.name for each in town.thread(card) for file in each.files] == ["kort.pdf"]
        _nothing_stands_twice(town)
    assert _told(caplog) == ["Slack does not answer", "Slack answers again"]


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_AFTER])
async def test_whoever_waits_for_a_modal_is_told_in_time_and_may_try_again(
    database_url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(calls._WITHIN, "views.open", _GIVES_UP_AFTER)  # noqa: SLF001  a person's time
    async with _service(database_url, monkeypatch, gives_up_after=30) as (town, service):
        await service.take_in(mail(ABOUT_BIKES).as_bytes())
        await service.quiet()
        [card] = town.cards(TEKNIK)
        town.sandbox.faults.next("views.open", fault, seconds=_FOR_EVER)
        tim = town.person("tim")
        await tim.click(card, "write_remark")
        if fault is Fault.HANG:
            await town.told("tim", TEKNIK, "Kom der ikke et vindue frem?")
            assert tim.modal() is None
            await tim.click(card, "write_remark")
        await tim.submit(await town.window(tim), {"text": ANSWER})
        await service.quiet()
        [draft] = town.ours(card, "draft")
        assert ANSWER in shown(draft)
    assert _told(caplog) == ["a window may not have opened: views.open: TimeoutError"]


@dataclass(slots=True)
class _Clock:
    time: float = 0.0

    def __call__(self) -> float:
        return self.time


def test_that_some_calls_are_answered_does_not_end_the_silence_of_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, ended = _Clock(), list[float]()
    silence = Silence(lambda: ended.append(clock.time), clock)
    for clock.time in range(0, 3600, 120):
        silence.noted("chat.postMessage", "chat.postMessage: TimeoutError")
        silence.answered("conversations.replies")
    assert _told(caplog) == ["Slack does not answer"]
    silence.answered("chat.postMessage")
    silence.answered("conversations.replies")
    assert _told(caplog) == ["Slack does not answer", "Slack answers again"]
    assert ended == [clock.time]


def test_a_call_that_nobody_makes_any_more_ends_no_silence_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    clock = _Clock()
    silence = Silence(clock=clock)
    silence.noted("pins.add", "pins.add: TimeoutError")
    clock.time = 301
    silence.answered("chat.postMessage")
    assert _told(caplog)[-1] == "Slack answers again"


def test_a_flickering_slack_is_told_of_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock, ended = _Clock(), list[float]()
    silence = Silence(lambda: ended.append(clock.time), clock)
    for clock.time in range(100):
        silence.noted("chat.postMessage", "chat.postMessage: 503")
        silence.answered("chat.postMessage")
    assert _told(caplog) == ["Slack does not answer", "Slack answers again"] * 2
    assert ended == []
