"""Judges blocks and views as Slack's Block Kit does: known types, needed keys, limits."""

from bot.sandbox.blockkit.blocks import check_blocks
from bot.sandbox.blockkit.views import check_view
from bot.sandbox.blockkit.walk import elements_of, with_ids

__all__ = ["check_blocks", "check_view", "elements_of", "with_ids"]
