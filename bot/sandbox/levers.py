"""The page's levers: what somebody playing by hand, or a program from outside, lets go wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.sandbox.config import SCOPES
from bot.sandbox.faults import Fault, written
from bot.sandbox.outage import How

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.wire import Json

Lever = Callable[["Sandbox", "Json"], Awaitable[None]]


def standing(sandbox: Sandbox) -> Json:
    """Give how the levers stand, and what may be chosen."""
    return {
        "plans": [written(each) for each in sandbox.faults.plans],
        "struck": len(sandbox.faults.struck),
        "down": str(sandbox.down or ""),
        "dead_tokens": sorted(set(sandbox.space.dead_tokens.values())),
        "scopes": sorted(sandbox.scopes),
        "all_scopes": sorted(SCOPES | sandbox.granted),
        "faults": [str(each) for each in Fault],
        "connections": sandbox.connections,
        "unacknowledged": sandbox.unacknowledged,
    }


async def plan(sandbox: Sandbox, body: Json) -> None:
    """Plan a fault: `target`, `fault`, `times` (0 for always), `seconds`, and for `refused` an `error`."""
    target, times = str(body.get("target") or "*"), int(body.get("times", 1))
    fault = Fault(body["fault"])
    if fault is Fault.REFUSED:
        sandbox.faults.refuse(target, str(body.get("error") or "internal_error"), times=times or None)
    elif times:
        sandbox.faults.next(target, fault, times=times, seconds=float(body.get("seconds", 1)))
    else:
        sandbox.faults.at_rate(target, fault, rate=1.0, seconds=float(body.get("seconds", 1)))


async def clear(sandbox: Sandbox, _body: Json) -> None:
    """Let everything go well again: no plans, no outage, live tokens, all scopes, held events sent."""
    sandbox.faults.clear()
    sandbox.come_back()
    sandbox.reinstate()
    sandbox.release()
    sandbox.scopes = sandbox.granted


async def outage(sandbox: Sandbox, body: Json) -> None:
    """Go down, `how` being broken or unavailable; come back when it is empty."""
    if how := body.get("how"):
        sandbox.go_down(How(how))
    else:
        sandbox.come_back()


async def tokens(sandbox: Sandbox, body: Json) -> None:
    """Let the bot's token answer `error`; let it live when that is empty."""
    sandbox.reinstate()
    if error := body.get("error"):
        sandbox.revoke(error=str(error))


async def scopes(sandbox: Sandbox, body: Json) -> None:
    """Give the bot's token other scopes."""
    sandbox.scopes = frozenset(str(each) for each in body["scopes"])


async def disconnect(sandbox: Sandbox, body: Json) -> None:
    """End the websockets: with a warning (`warning`), politely (`refresh_requested`), or `cut`."""
    match body.get("reason", "refresh_requested"):
        case "warning":
            await sandbox.warn()
        case "cut":
            sandbox.cut()
        case reason:
            await sandbox.disconnect(str(reason))


async def unfurl(sandbox: Sandbox, body: Json) -> None:
    """Let Slack unfold a message's links."""
    sandbox.unfurl(sandbox.channel(body["channel"]).message(body["ts"]))


async def touch(sandbox: Sandbox, body: Json) -> None:
    """Let Slack tell of a change that is none."""
    sandbox.touch(sandbox.channel(body["channel"]).message(body["ts"]))


async def repeat(sandbox: Sandbox, body: Json) -> None:
    """In HTTP mode send the last request again, as it was or forged (`secret`, `age` in seconds)."""
    if sandbox.requests:
        age = float(body.get("age") or 0)
        await sandbox.send_again(sandbox.requests[-1], secret=str(body.get("secret", "")), age=age)


LEVERS: dict[str, Lever] = {
    each.__name__: each for each in (plan, clear, outage, tokens, scopes, disconnect, unfurl, touch, repeat)
}
