"""Whatever people, Slack and kills do: nothing is in the notat that was not approved, and all that was.

With HYPOTHESIS_PROFILE=ci there are more walks, and longer ones. One that failed says how it went, and
`WALKS=7-7 ROUNDS=20` takes it again: the same people do the same; only how long things take may differ.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from bot.sandbox import Sandbox
from handlers.hearing.plan import HearingPlan
from tests.slack.bench import ABOUT_BIKES, HOME, in_mode
from tests.slack.deeds import Deeds
from tests.slack.lives import hurried, lives
from tests.slack.walk import Walk
from tests.world import Town, mail, open_hearing, plan

_WALKS, _ROUNDS = ("1-8", "12") if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else ("3-4", "6")
_FIRST, _LAST = (int(each) for each in os.environ.get("WALKS", _WALKS).split("-"))
_MANY = int(os.environ.get("ROUNDS", _ROUNDS))
_CONFIG = replace(HOME, ack_seconds=2.0, retry_delays=(0.05, 0.1, 0.2))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(_FIRST, _LAST + 1))
async def test_whatever_happens_the_notat_says_what_was_approved(
    database_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    async with (
        Sandbox(in_mode(_CONFIG), seed=seed).running() as sandbox,
        lives(sandbox, database_url) as service,
    ):
        await open_hearing(service.database, _plan())
        deeds = Deeds(Town(sandbox), random.Random(seed))  # noqa: S311  the same walk each time
        walk = Walk(deeds, service)
        try:
            await service.take_in(*_mails())
            await walk.rest()
            for _ in range(_MANY):
                await walk.round()
        except BaseException:
            how = [f"WALKS={seed}-{seed} ROUNDS={_MANY}", *walk.told, *map(str, walk.acts)]
            print(*how, sep="\n")  # noqa: T201  for whoever walks it again
            raise
        assert walk.exact, "of no remark it was ever beyond doubt what must stand in the notat"


def _plan() -> HearingPlan:
    """With a deputy everywhere, so that two may say yes at once."""
    wanted = plan()
    departments = tuple(replace(each, deputies=("U0KAREN",)) for each in wanted.departments)
    return replace(wanted, departments=departments)


def _mails() -> list[bytes]:
    texts = (ABOUT_BIKES, "Der mangler en legeplads ved skolevej.", "Vi savner belysning og dagtilbud.")
    return [
        mail(text, number=number, sender=f"borger-{number}@borger.example").as_bytes()
        for number, text in enumerate(texts, 1)
    ]
