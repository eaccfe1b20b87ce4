"""Whatever people, Slack and kills do: nothing is in the notat that was not approved, and all that was.

Hypothesis draws how Slack reaches the service, what happens in which order, and a seed for whoever chooses
within that. It draws no more than this: it wants the same choices after the same beginning, and which draft
there is to say yes to hangs on how far a living service has come. Nor does it look for a shorter walk that
fails, for the same steps again are another walk.

The same walks come each time; with HYPOTHESIS_PROFILE=ci there are more, and longer ones. SEED=7 takes
others. One that failed says how it went.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from bot.sandbox import Mode, Sandbox
from bot.sandbox.config import GroupSpec
from handlers.hearing.plan import HearingPlan
from tests.slack.bench import ABOUT_BIKES, HOME
from tests.slack.deeds import Deeds
from tests.slack.lives import hurried, lives
from tests.slack.walk import MISHAPS, Walk
from tests.world import BOERN, Town, mail, open_hearing, plan

_WALKS, _STEPS = (6, 40) if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else (3, 20)
_SOMEBODY_ACTS, _KILLED_OR_BEGUN = "somebody acts", "killed or begun"
_CALM, _STORM = _ALL_IS_WELL = "all is well, then calm", "all is well, then a storm"
_HAPPENS = (*6 * [_SOMEBODY_ACTS], *MISHAPS, *2 * [_KILLED_OR_BEGUN], *2 * [_CALM], *2 * [_STORM])
_WAITS = 0.3  # how often people who have acted in calm wait until all is shown
_CHIEFS = GroupSpec(id="S0TEKNIK", name="Teknikchefer", handle="teknikchefer", members=("U0TOVE",))
_NAMED = {BOERN: "#boern"}
_CONFIG = replace(HOME, ack_seconds=2.0, retry_delays=(0.05, 0.1, 0.2), groups=(_CHIEFS,))


class Walks(RuleBasedStateMachine):
    """A town, its people and a service that may be killed, in a loop of their own."""

    emptied: ClassVar[Callable[[], str]]
    exact: ClassVar[int] = 0
    walk: Walk

    def __init__(self) -> None:
        super().__init__()
        self._loop, self._stack = asyncio.Runner(), AsyncExitStack()
        self._well = False

    @initialize(mode=st.sampled_from(Mode), chance=st.integers(0, 2**32), stormy=st.booleans())
    def it_begins(self, mode: Mode, chance: int, stormy: bool) -> None:
        self._loop.run(self._begin(mode, chance))
        self.walk.told.append(f"{mode}, {chance}")
        self._rest(stormy=stormy)

    async def _begin(self, mode: Mode, chance: int) -> None:
        town = Sandbox(replace(_CONFIG, mode=mode), seed=chance)
        sandbox = await self._stack.enter_async_context(town.running())
        service = await self._stack.enter_async_context(lives(sandbox, Walks.emptied()))
        await open_hearing(service.database, _plan())
        self.walk = Walk(Deeds(Town(sandbox), random.Random(chance)), service)  # noqa: S311  drawn
        await service.take_in(*_mails())

    @rule(what=st.sampled_from(_HAPPENS))
    def something_happens(self, what: str) -> None:
        """One rule for all: of several Hypothesis leaves some out of a walk, and we can afford few walks."""
        if what in _ALL_IS_WELL:
            self._rest(stormy=what == _STORM)
        elif what == _SOMEBODY_ACTS:
            self._do(self.walk.act())
            if not self.walk.deeds.stormy and self.walk.chance.random() < _WAITS:
                self._rest(stormy=False)
        elif self.walk.deeds.stormy:
            self._do(self.walk.kill() if what == _KILLED_OR_BEGUN else self.walk.mishap(what))

    def _rest(self, *, stormy: bool) -> None:
        self._do(self.walk.rest())
        self.walk.begin(stormy=stormy)

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        self._well = False
        try:
            self._loop.run(what)
        except BaseException:
            print(*self.walk.told, *map(str, self.walk.acts), sep="\n")  # noqa: T201  for whoever looks into it
            raise
        self._well = True

    def teardown(self) -> None:
        try:
            if self._well:
                self._do(self.walk.rest())
                Walks.exact += self.walk.exact
        finally:
            self._loop.run(self._stack.aclose())
            self._loop.close()


@pytest.mark.timeout(900)
def test_whatever_happens_the_notat_says_what_was_approved(
    emptied: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    monkeypatch.setattr(Walks, "exact", 0)
    monkeypatch.setattr(Walks, "emptied", staticmethod(emptied), raising=False)
    chosen = os.environ.get("SEED")
    run_state_machine_as_test(
        seed(int(chosen))(Walks) if chosen else Walks,
        settings=settings(
            max_examples=_WALKS, stateful_step_count=_STEPS, derandomize=not chosen, deadline=None,
            phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Walks.exact, "of no remark it was ever beyond doubt what must stand in the notat"


def _plan() -> HearingPlan:
    """With a deputy everywhere, so that two may say yes at once; a group approves, a channel goes by name."""
    wanted = plan()
    technical, *others = (replace(each, deputies=("U0KAREN",)) for each in wanted.departments)
    technical = replace(technical, approvers=(_CHIEFS.id,))
    others = [replace(each, channel=_NAMED.get(each.channel, each.channel)) for each in others]
    return replace(wanted, departments=(technical, *others))


def _mails() -> list[bytes]:
    texts = (ABOUT_BIKES, "Der mangler en legeplads ved skolevej.", "Vi savner belysning og dagtilbud.")
    return [
        mail(text, number=number, sender=f"borger-{number}@borger.example").as_bytes()
        for number, text in enumerate(texts, 1)
    ]
