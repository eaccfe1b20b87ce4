"""What one person alone is told: a sentence, or a window that opens at once and is filled when it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.webhook import WebhookResponse

from bot.slack.api.board import Board, Picture, Window
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.app import client
from bot.slack.payloads import Place
from bot.slack.telling import Telling
from bot.slack.views.windows import reading
from handlers.rules import Refusal, Why
from tests.world import TEKNIK, words

TIM, AT_HOME = Place("U0TIM", TEKNIK, "1.2"), Place("U0TIM", "")
SHOWN = reading("Svaret", "Her er det.")
NOT_OPENED = "Kom der ikke et vindue frem? Så prøv igen."


@dataclass(slots=True)
class Room(Board):
    """A workspace in which one person looks; `slow` when Slack takes a trigger for too old."""

    slow: bool = False
    lost: bool = False
    closed: str = ""
    seen: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    async def open(self, trigger: str, view: dict[str, Any]) -> Window:
        if self.slow:
            raise RefusedError("views.open", "expired_trigger_id")
        self.seen.append(words(view["blocks"]))
        if self.lost:
            raise UnknownOutcomeError("views.open: TimeoutError")
        return Window("V1", f"hash of {trigger}")

    async def fill(self, window: Window, view: dict[str, Any]) -> None:
        if self.slow and not window.id:
            raise RefusedError("views.update", "not_found")
        if self.closed:
            raise RefusedError("views.update", self.closed)
        self.hashes.append(window.hash or window.trigger)
        self.seen.append(words(view["blocks"]).strip())

    async def whisper(self, channel: str, person: str, text: str, **_about: object) -> None:
        if not person:
            raise RefusedError("chat.postEphemeral", "user_not_in_channel")
        self.seen.append(f"{channel}: {text}")


def room(**about: Any) -> Room:
    return Room(client("http://127.0.0.1:9/api/", "xoxb-made-up"), **about)


async def opened(there: Room, outcome: Any, place: Place = TIM) -> list[str]:
    """What the person sees of a window whose content comes to this."""

    async def fill() -> Any:
        assert there.slow or there.seen[0].startswith("Henter")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    await Telling(there).window("7.8", fill, place=place)
    return [each for each in there.seen if not each.startswith("Henter")]


async def test_a_window_opens_before_what_it_shows_is_read_and_is_filled_by_its_hash() -> None:
    there = room()
    assert await opened(there, SHOWN) == ["Her er det."]
    assert there.hashes == ["hash of 7.8"]


async def test_a_window_whose_opening_slack_did_not_answer_is_filled_by_its_trigger() -> None:
    there = room(lost=True)
    assert await opened(there, SHOWN) == ["Her er det."]
    assert there.hashes == ["7.8"]


async def test_a_no_stands_in_the_window() -> None:
    no = Refusal(Why.NOT_A_COORDINATOR)
    assert await opened(room(), no) == ["Det kan kun høringens koordinatorer gøre."]
    assert await opened(room(slow=True), no) == [f"{TEKNIK}: Det kan kun høringens koordinatorer gøre."]


async def test_a_failure_is_a_sentence_in_the_window_and_is_not_swallowed() -> None:
    there = room()
    with pytest.raises(ValueError, match="away"):
        await opened(there, ValueError("away"))
    assert there.seen[1:] == ["Luk vinduet, og prøv igen om lidt."]
    late = room(slow=True)
    with pytest.raises(ValueError, match="away"):
        await opened(late, ValueError("away"))
    assert late.seen == []


async def test_whoever_waits_for_a_window_that_came_too_late_is_told() -> None:
    assert await opened(room(slow=True), SHOWN) == [f"{TEKNIK}: {NOT_OPENED}"]
    assert await opened(room(slow=True), SHOWN, AT_HOME) == []
    assert await opened(room(slow=True), None) == []  # the same click was read before
    assert await opened(room(closed="hash_conflict"), SHOWN) == [f"{TEKNIK}: {NOT_OPENED}"]


async def test_who_closed_the_window_meanwhile_is_told_nothing() -> None:
    assert await opened(room(closed="not_found"), SHOWN) == []


async def test_a_whisper_that_slack_refuses_undoes_nothing() -> None:
    await Telling(room()).whisper("Psst", Place("", TEKNIK))


class Answering(AsyncRespond):
    """An address to answer at, which Slack gives, and which may have been used up."""

    def __init__(self, status: int | Exception) -> None:
        super().__init__(response_url="https://hooks.example/1")
        self.status = status

    async def __call__(self, *_told: object, **_about: object) -> WebhookResponse:
        if isinstance(self.status, Exception):
            raise self.status
        return WebhookResponse(url="", status_code=self.status, body="", headers={})


@pytest.mark.parametrize("status", [200, 404, TimeoutError(), OSError()])
async def test_an_answer_that_does_not_get_through_is_whispered(status: int | Exception) -> None:
    there = room()
    await Telling(there).reply(Answering(status), Picture("1 høringssvar", ()), TIM)
    assert there.seen == ([] if status == 200 else [f"{TEKNIK}: 1 høringssvar"])
