"""Text documents to PDF by LibreOffice, where it is: in a profile of its own, without a network."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path

log = logging.getLogger(__name__)

_OPEN_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONVERTED = {
    "application/msword": "doc",
    f"{_OPEN_XML}.document": "docx",
    f"{_OPEN_XML}.template": "dotx",
    "application/vnd.ms-word.document.macroenabled.12": "docm",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "ott",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
}
"""The kinds that are converted, with the ending that LibreOffice knows each by."""

_NOWHERE = asyncio.subprocess.DEVNULL
_AT_ONCE = 25  # documents: to start takes longer than to convert one
_START, _EACH = 40.0, 12.0  # seconds
_TAGGED = json.dumps({"UseTaggedPDF": {"type": "boolean", "value": "true"}})
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop>'
    "</item>"
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + _ITEM.format("Common/Security/Scripting", "MacroSecurityLevel", 3)
    + _ITEM.format("Common/Security/Scripting", "DisableMacrosExecution", "true")
    + _ITEM.format("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true")
    + _ITEM.format("Common/Security/Scripting", "DisableActiveContent", "true")
    + _ITEM.format("Writer/Content/Update", "Link", 0)
    + "</oor:items>"
)


async def convert(files: Mapping[str, Path], *, kinds: Mapping[str, str], folder: Path) -> set[str]:
    """Put a PDF in place of each document that can be converted; the names of those that were."""
    if not files or shutil.which("soffice") is None:
        return set()
    source, made, home = folder / "office", folder / "office-made", folder / "office-home"
    for each in (source, made, home / "user"):
        each.mkdir(parents=True, exist_ok=True)
    (home / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    for name, path in files.items():
        path.rename(source / f"{name}.{CONVERTED[kinds[name]]}")
    waiting = iter(files)
    while batch := list(islice(waiting, _AT_ONCE)):
        await _run([source / f"{name}.{CONVERTED[kinds[name]]}" for name in batch], made=made, home=home)
        left = [name for name in batch if not (made / f"{name}.pdf").exists()]
        if len(batch) > 1:  # one that brings LibreOffice down takes the others with it
            for name in left:
                await _run([source / f"{name}.{CONVERTED[kinds[name]]}"], made=made, home=home)
    done = {name for name in files if (made / f"{name}.pdf").exists()}
    for name in done:
        (made / f"{name}.pdf").rename(files[name])
    return done


async def _run(documents: list[Path], *, made: Path, home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *_alone(), "soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore",
        "--convert-to", f"pdf:writer_pdf_Export:{_TAGGED}", "--outdir", str(made), *map(str, documents),
        stdin=_NOWHERE, stdout=_NOWHERE, stderr=_NOWHERE,
        env={"HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        cwd=home, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_START + _EACH * len(documents)):
            code = await process.wait()
        if code:
            log.warning("LibreOffice ended with %s over %s documents", code, len(documents))
    except TimeoutError:
        log.warning("LibreOffice took too long over %s documents", len(documents))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it starts another process, which does the work
        await process.wait()


@cache
def _alone() -> tuple[str, ...]:
    """The command that runs another without a network, where this system lets us (Linux namespaces)."""
    return ("unshare", "--map-root-user", "--net", "--") if _may_unshare() else ()


def _may_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "--map-root-user", "--net", "--", "true"],  # noqa: S607
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return tried.returncode == 0
