"""The files that came with a submission, in a folder: for whoever may see what Slack does not show."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from bot.app import opened
from bot.settings import Settings
from handlers.nfc import nfc
from storage import blobs


async def write_files(
    hearing: str, number: int, *, folder: Path, settings: Settings, out: Console, err: Console
) -> bool:
    """Write each under its place among them and its name; False when there is no such submission."""
    async with opened(settings) as database, database.begin() as store:
        found = await store.hearings.by_key(hearing)
        submission = await store.submissions.by_number(found.id, number) if found else None
        if submission is None:
            err.print(f"{hearing} has no submission {number}", markup=False, highlight=False)
            return False
        for file in await store.submissions.all_attachments(submission.id):
            payload = await blobs.fetch(file.blob_sha256, session=store.session)
            path = folder / f"{file.position}-{_safe(file.name)}"
            await asyncio.to_thread(_write, path, payload)
            out.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return True


def _safe(name: str) -> str:
    """A name that stays in its folder and fits there."""
    bare = nfc(name).replace("/", "_").replace("\\", "_").replace("\0", "_")
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:60]}{dot}{ending[:10]}" if dot else bare[:60]


def _write(path: Path, payload: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
