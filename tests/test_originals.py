"""What Slack does not show of a private person's files, an operator can hand to who may see it."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from bot.originals import write_files
from bot.settings import Settings
from storage.database import Database
from tests.handlers.building import applied, letter, mailed, received


async def test_the_files_of_a_submission_are_written_as_they_came_and_stay_in_their_folder(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await applied(database)
    message = letter("Se billedet.")
    message.add_attachment(b"JPEG", maintype="image", subtype="jpeg", filename="../vej.jpg")
    message.add_attachment(b"JPEG2", maintype="image", subtype="jpeg", filename="v" * 300 + ".jpg")
    await received(database, mailed(message))
    told = Console(file=io.StringIO(), width=200)
    settings = Settings(database_url=database_url)
    assert await write_files("plan", 1, folder=tmp_path / "ud", settings=settings, out=told, err=told)
    written = sorted((tmp_path / "ud").iterdir())
    assert [each.read_bytes() for each in written] == [b"JPEG", b"JPEG2"]
    assert written[0].name.endswith("vej.jpg")
    assert not await write_files("plan", 9, folder=tmp_path, settings=settings, out=told, err=told)
