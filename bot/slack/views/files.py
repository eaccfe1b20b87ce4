"""What is said of files that stand beside somebody's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.slack.views.split import short
from handlers.annex.shape import MAX_TEXT
from handlers.talk.enclosed import Enclosed
from templates import say

_MOST = 5
_NAME = 80


def left_out(carried: Enclosed) -> Iterator[str]:
    """Say of what a remark's messages carry that it does not come into the notat."""
    if carried.files:
        yield _of(carried.files, "left_out")
    if carried.shares:
        yield say("slack/files.j2", "share_left_out")


def stayed(carried: Enclosed) -> Iterator[str]:
    """Say of the files of a message of which we show a copy that they stand where it was written."""
    if carried.files:
        yield _of(carried.files, "stayed")


def withheld(name: str, *, size: int) -> str:
    """Say that a private person's file is not shown, and nothing in its stead."""
    return say("slack/files.j2", "withheld", name=short(name, _NAME), size=size)


def text_instead(text: str, *, size: int) -> str:
    """Say that what a file says is shown in its stead; not its name, which could be a link there."""
    return say("slack/files.j2", "text_instead", size=size, cut=len(text) >= MAX_TEXT)


def _of(names: Sequence[str], phrase: str) -> str:
    shown = [short(name, _NAME) for name in names[:_MOST]]
    return say("slack/files.j2", phrase, names=shown, more=len(names) - len(shown))
