"""The sandbox sends the keys that Slack sends: none besides, and none missing."""

from __future__ import annotations

from bot.sandbox.api.desk import METHODS
from bot.sandbox.config import EVENTS
from tests.sandbox import keys
from tests.sandbox.recording import record


async def test_everything_the_sandbox_says_has_slacks_keys() -> None:
    found = await record()
    wrong = {
        name: differences
        for name, bodies in found.items()
        if (
            differences := sorted(
                {each for body in bodies for each in keys.differences(body, keys.ALL[name])}
            )
        )
    }
    assert wrong == {}
    assert found.keys() == keys.ALL.keys()


def test_every_method_and_event_is_held_to_its_keys() -> None:
    assert METHODS.keys() == keys.ANSWERS.keys()
    heard = {each.partition(".")[0] for each in EVENTS}
    assert heard == {each.partition(".")[0] for each in keys.EVENTS}


def test_a_stray_and_a_missing_key_are_both_found() -> None:
    assert keys.differences({"ok": True, "colour": 1}, keys.ANSWERS["chat.getPermalink"]) == [
        "extra colour",
        "missing channel",
        "missing permalink",
    ]
