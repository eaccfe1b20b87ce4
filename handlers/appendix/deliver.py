"""Owe the coordinators an appendix that is kept."""

from __future__ import annotations

from handlers.owe import Priority, owe_post
from storage.compiled import Appendix
from storage.models import PostKind
from storage.store import Store


def owe_appendix(appendix: Appendix, store: Store, *, channel: str) -> None:
    """Owe its file to a channel, in the transaction that keeps it."""
    owe_post(
        f"appendix:{appendix.key}", PostKind.APPENDIX, hearing_id=appendix.hearing_id, channel=channel,
        priority=Priority.NOTAT, now=appendix.compiled_at, store=store,
        detail={"appendix": str(appendix.id)},
    )  # fmt: skip
