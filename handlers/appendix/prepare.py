"""Prepare the files of an appendix: each is pressed into sheets in a worker process with limits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handlers.annex import kinds
from handlers.appendix import office, record
from handlers.appendix.press.kinds import PDF, PRESSED
from handlers.appendix.shape import Enclosure
from handlers.appendix.sheets import Pressed, Unshown, Why

log = logging.getLogger(__name__)

Load = Callable[[str], Awaitable[bytes]]
"""Gives the bytes that are kept under a SHA-256."""

_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "MALLOC_ARENA_MAX": "1"}
_FOR_SIZE = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGKILL, signal.SIGXFSZ})
_LONGEST_ANSWER = 64_000_000  # bytes: the tags of a long document, and the words on its painted pages


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take; `memory` is of a worker with its libraries."""

    workers: int = 2
    seconds: float = 60.0
    file_bytes: int = 200_000_000
    memory: int = 1_200_000_000


async def prepare(
    files: Iterable[Enclosure], *, load: Load, folder: Path, limits: Limits | None = None
) -> dict[str, Pressed | Unshown]:
    """Give what comes of each file, by SHA-256; the sheets lie in `folder`, which outlives them."""
    limits = limits or Limits()
    different = {file.sha256: file for file in files}
    fit = {name: file for name, file in different.items() if file.size <= limits.file_bytes}
    found: dict[str, Pressed | Unshown] = dict.fromkeys(different.keys() - fit.keys(), Unshown(Why.TOO_LARGE))
    kind_of = {name: kind async for name, kind in _laid_out(fit, load=load, folder=folder)}
    texts = {name: kind for name, kind in kind_of.items() if kind in office.CONVERTED}
    converted = await office.convert({name: folder / name for name in texts}, kinds=texts, folder=folder)
    kind_of |= dict.fromkeys(converted, PDF)
    found |= {name: Unshown(Why.UNKNOWN) for name, kind in kind_of.items() if kind not in PRESSED}
    jobs = iter([(name, kind) for name, kind in kind_of.items() if kind in PRESSED])
    async with asyncio.TaskGroup() as group:
        for _ in range(limits.workers):
            group.create_task(_press(jobs, found, folder=folder, limits=limits))
    return found


async def _laid_out(
    files: Mapping[str, Enclosure], *, load: Load, folder: Path
) -> AsyncIterator[tuple[str, str]]:
    """Write the bytes of each file to `folder` under its name; give the name and what kind of file it is."""
    for name, file in files.items():
        payload = await load(name)
        kind = kinds.kind(payload, content_type=file.content_type, name=file.name)
        if kind in PRESSED or kind in office.CONVERTED:
            await asyncio.to_thread((folder / name).write_bytes, payload)
        yield name, kind


async def _press(
    jobs: Iterator[tuple[str, str]], found: dict[str, Pressed | Unshown], *, folder: Path, limits: Limits
) -> None:
    """Do what is left to do, file by file; a worker that dies of one is followed by another."""
    worker: _Worker | None = None
    try:
        for name, kind in jobs:
            worker = worker if worker and worker.is_fit else await _Worker.started(limits)
            found[name] = await worker.press(folder / name, kind=kind, to=folder / f"{name}.pdf")
    finally:
        if worker:
            await worker.end()


class _Worker:
    """One process of `handlers.appendix.press`."""

    def __init__(self, process: asyncio.subprocess.Process, *, seconds: float) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._process, self._to, self._from = process, process.stdin, process.stdout
        self._seconds = seconds
        self.is_fit = True

    @classmethod
    async def started(cls, limits: Limits) -> _Worker:
        """Start a process that has nothing of ours but what it needs: no settings, no secrets."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "handlers.appendix.press", str(limits.memory), str(limits.seconds),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            cwd="/", env=_ENVIRONMENT, start_new_session=True, limit=_LONGEST_ANSWER,
        )  # fmt: skip
        log.info("press %s started", process.pid)
        return cls(process, seconds=limits.seconds)

    async def press(self, file: Path, *, kind: str, to: Path) -> Pressed | Unshown:
        """Have a file pressed; a worker that takes too long, or dies of it, is no longer fit."""
        try:
            async with asyncio.timeout(self._seconds):
                asked = {"kind": kind, "file": str(file), "to": str(to)}
                self._to.write(json.dumps(asked).encode("ascii") + b"\n")
                await self._to.drain()
                return record.load(json.loads(await self._from.readline()), path=to)
        except TimeoutError:
            await self.end()
            log.warning("press %s was too slow", self._process.pid)
            return Unshown(Why.TOO_SLOW)
        except (ConnectionError, ValueError, LookupError, TypeError):
            code = await self.end()
            log.warning("press %s ended with %s", self._process.pid, code)
            return Unshown(_why(code))

    async def end(self) -> int:
        """End the process now; what it ended with, should it have ended by itself before."""
        self.is_fit = False
        self._to.close()
        with contextlib.suppress(ProcessLookupError):
            # Not by `kill()` of the process: that looks for its end too, and then nobody learns what it was.
            os.kill(self._process.pid, signal.SIGKILL)
        return await self._process.wait()


def _why(code: int) -> Why:
    """Say why a worker died. Libraries that are left without memory abort."""
    if code == -signal.SIGXCPU:
        return Why.TOO_SLOW
    return Why.TOO_LARGE if -code in _FOR_SIZE else Why.DAMAGED
