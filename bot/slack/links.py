"""The address of a message, made without asking Slack for each."""

from __future__ import annotations

from storage.posts import Stands


def address(there: Stands | None, *, url: str) -> str:
    """Where a post of ours stands in the workspace at `url`; empty when either is not known.

    It is what chat.getPermalink answers; a reply also needs its thread.
    """
    if there is None or not url:
        return ""
    thread = f"?thread_ts={there.thread}&cid={there.channel}" if there.thread else ""
    return f"{url.rstrip('/')}/archives/{there.channel}/p{there.ts.replace('.', '')}{thread}"
