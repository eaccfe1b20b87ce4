"""Two Word files as one, in which Word shows what was taken out and put in as tracked changes."""

from __future__ import annotations

import os
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from python_redlines import DocxodusEngine  # type: ignore[import-untyped]

# It is a .NET program, and ends at once where the libraries of world-wide sorting are not installed.
_WITHOUT_ICU = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
_LONGEST = 120  # seconds; two notats of a thousand submissions take forty


class RedlineError(Exception):
    """The program that compares Word files cannot run here, or not on these; it says why to an operator."""


def redline(old: bytes, new: bytes, *, author: str, at: datetime) -> bytes:
    """The new file with its changes against the old one tracked, as by `author` at a moment.

    It takes a second or two, in a program of its own that is unpacked into the user's cache the first time.

    Raises:
        RedlineError: there is no such file to be had. It never quotes what stands in the two.
    """
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        program = DocxodusEngine().extracted_binaries_path
        with tempfile.TemporaryDirectory(prefix="hoeringsbot-") as folder:
            was, is_, made = (Path(folder) / f"{name}.docx" for name in ("old", "new", "made"))
            was.write_bytes(old)
            is_.write_bytes(new)
            _run([program, str(was), str(is_), str(made), f"--author={author}", f"--date-time={moment}"])
            return made.read_bytes()
    except ImportError:
        raise RedlineError("The program that compares Word files does not run on this machine.") from None
    except OSError as fault:
        raise RedlineError(f"The program that compares Word files cannot be started: {fault}") from None


def _run(command: list[str]) -> None:
    try:
        subprocess.run(  # noqa: S603  our own program and our own files
            command, check=True, timeout=_LONGEST, env=os.environ | _WITHOUT_ICU,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.CalledProcessError as ended:
        raise RedlineError(
            f"The program that compares Word files could not compare these (status {ended.returncode})."
        ) from None
    except subprocess.TimeoutExpired:
        raise RedlineError(
            f"The program that compares Word files was not done with these in {_LONGEST} seconds."
        ) from None
