"""How far Slack's clock is from ours."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate

import pytest

from bot.slack.api.their_clock import TheirClock

_ANSWERS = [1000.2, 1003.9, 1007.5]  # by our clock; each came a tenth of a second after it was asked for


def _after(ahead: float, answers: Sequence[float] = _ANSWERS) -> TheirClock:
    moment = [0.0]
    clock = TheirClock(lambda: moment[0])
    for moment[0] in answers:
        clock.heard(formatdate(moment[0] - 0.05 + ahead, usegmt=True), asked_at=moment[0] - 0.1)
    return clock


@pytest.mark.parametrize("ahead", [0, 0.9, -0.9])
def test_clocks_that_go_together_are_taken_as_one(ahead: float) -> None:
    assert not _after(ahead).ahead


@pytest.mark.parametrize("ahead", [30, 3.5, -3.5, -3600])
def test_of_clocks_that_differ_it_is_known_by_how_much_at_most(ahead: float) -> None:
    assert ahead <= _after(ahead).ahead.total_seconds() <= ahead + 1.1


def test_a_clock_that_was_set_is_measured_anew() -> None:
    moment = [1000.5]
    clock = TheirClock(lambda: moment[0])
    clock.heard(formatdate(1000.45, usegmt=True), asked_at=1000.4)
    moment[0] = 940.9  # set back by a minute
    clock.heard(formatdate(1000.85, usegmt=True), asked_at=940.8)
    assert 60 <= clock.ahead.total_seconds() <= 61.1


def test_a_date_that_is_none_tells_nothing() -> None:
    clock = TheirClock(lambda: 1000.0)
    clock.heard("i går", asked_at=999.9)
    assert not clock.ahead
