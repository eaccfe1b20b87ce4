"""views.*: modals and App Home."""

from __future__ import annotations

from typing import Any

from bot.sandbox.api.call import TIER_4, Call, Method
from bot.sandbox.wire import Json


def _view(call: Call) -> Any:
    return call.structure("view", "invalid_arguments")


def _shown(call: Call, view: Any) -> Json:
    return {"view": call.room.views.render(view)}


async def open_modal(call: Call) -> Json:
    """Open a modal."""
    return _shown(call, call.room.views.open(call.needed("trigger_id"), _view(call)))


async def push(call: Call) -> Json:
    """Put a modal on top of the open one."""
    return _shown(call, call.room.views.push(call.needed("trigger_id"), _view(call)))


async def update(call: Call) -> Json:
    """Change an open view, found by its id or external id."""
    found = call.room.views.find(view_id=call.text("view_id"), external_id=call.text("external_id"))
    return _shown(call, call.room.views.update(found, _view(call), wanted_hash=call.text("hash")))


async def publish(call: Call) -> Json:
    """Set a person's Home tab."""
    user = call.needed("user_id")
    return _shown(call, call.room.views.publish(user, _view(call), wanted_hash=call.text("hash")))


METHODS = {
    "views.open": Method(open_modal, (), TIER_4),
    "views.push": Method(push, (), TIER_4),
    "views.update": Method(update, (), TIER_4),
    "views.publish": Method(publish, (), TIER_4),
}
