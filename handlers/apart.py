"""Work in a thread, or in a fresh process whose memory goes back to the system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import TypeVar

Made = TypeVar("Made")


async def made(work: Callable[[], Made], *, apart: bool) -> Made:
    """What `work` gives; `apart`, in a process of its own, it and what it gives must be picklable."""
    if not apart:
        return await asyncio.to_thread(work)
    # A signal to all of the foreground's processes is ours to answer, not the child's.
    pool = ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN)
    )
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
