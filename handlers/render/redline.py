"""Two Word files as one, in which Word shows what was taken out and put in as tracked changes."""

from __future__ import annotations

from datetime import UTC, datetime

from python_redlines import DocxodusEngine  # type: ignore[import-untyped]


def redline(old: bytes, new: bytes, *, author: str, at: datetime) -> bytes:
    """The new file with its changes against the old one tracked, as by `author` at a moment.

    It takes a second or two, in a program of its own that is unpacked into the user's cache the first time.

    Raises:
        OSError, ImportError, subprocess.CalledProcessError: the program cannot run here, or not on these.
    """
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    tracked, _, _ = DocxodusEngine().run_redline(author, old, new, date_time=moment)
    return bytes(tracked)
