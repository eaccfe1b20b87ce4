"""Extract the texts of files in worker processes with limits, and keep what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from handlers.annex import kinds
from handlers.annex.shape import MAX_TEXT, READER, Extracted
from handlers.letter.shape import File
from storage import blobs
from storage.models import FileText
from storage.store import Store
from storage.words import Outcome

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "MALLOC_ARENA_MAX": "1"}
_PIECE = 262_144  # bytes handed to a worker at once
_MOST_BYTES = 4 * MAX_TEXT  # of an answer: a worker that a file took over is not to be believed
_FOR_MEMORY = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGKILL})


@dataclass(frozen=True, slots=True)
class Limits:
    """What files may take: seconds of the clock, bytes, and at most so many workers at once, one at least.

    `mail_seconds` is for all files of one mail together. `memory` is of one worker with its libraries, which
    take some 50 MB of it. An idle worker ends after `idle_seconds`.
    """

    workers: int = 2
    file_seconds: float = 5.0
    mail_seconds: float = 10.0
    file_bytes: int = 40_000_000
    memory: int = 280_000_000
    idle_seconds: float = 60.0


class Extractor:
    """The workers, which start when they are needed. An asynchronous context manager; at its end all end."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._slots: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._idle: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        for _ in range(self._limits.workers):
            self._slots.put_nowait(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._idle:
            self._idle.cancel()
        for worker in self._retire():
            await worker.gone()

    async def texts(self, files: Sequence[File]) -> dict[str, Extracted]:
        """Give what comes of each file of one mail, by the SHA-256 of its bytes in hex.

        Files that the mail's time does not suffice for are TOO_SLOW; waiting for a worker is not counted.
        """
        return await self.named({blobs.name_of(file.payload): file for file in files})

    async def named(self, files: Mapping[str, File]) -> dict[str, Extracted]:
        """Give what comes of each file of one mail, by the names that they have here."""
        found: dict[str, Extracted] = {}
        left = self._limits.mail_seconds
        for name, file in files.items():
            found[name], spent = await self._text(file, seconds=min(left, self._limits.file_seconds))
            left -= spent
        return found

    async def _text(self, file: File, *, seconds: float) -> tuple[Extracted, float]:
        """Give what comes of a file, and the seconds that it took."""
        kind = kinds.kind(file.payload, content_type=file.content_type, name=file.name)
        if not kinds.holds_text(kind):
            return Extracted(Outcome.UNKNOWN), 0.0
        if len(file.payload) > self._limits.file_bytes:
            return Extracted(Outcome.TOO_LARGE), 0.0
        if seconds <= 0:
            return Extracted(Outcome.TOO_SLOW), 0.0
        worker = await self._slots.get()
        try:
            worker = worker if worker and worker.is_fit else await _Worker.started(self._limits)
            clock = asyncio.get_running_loop().time
            begun = clock()
            return await worker.read(file, kind=kind, seconds=seconds), clock() - begun
        finally:
            self._slots.put_nowait(worker if worker and worker.is_fit else None)
            self._wait_anew()

    def _wait_anew(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(self._limits.idle_seconds, self._retire)

    def _retire(self) -> list[_Worker]:
        """Let the workers that have nothing to do end."""
        free = [self._slots.get_nowait() for _ in range(self._slots.qsize())]
        for worker in free:
            self._slots.put_nowait(None)
            if worker:
                worker.close()
        return [worker for worker in free if worker]


class _Worker:
    """One process of `handlers.annex`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._process, self._to, self._from = process, process.stdin, process.stdout
        self.is_fit = True

    @classmethod
    async def started(cls, limits: Limits) -> Self:
        """Start a process that has nothing of ours but what it needs: no settings, no secrets."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "handlers.annex", str(limits.memory), str(limits.file_seconds),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            cwd="/", env=_ENVIRONMENT, start_new_session=True,  # a Ctrl-C in our terminal is for us
        )  # fmt: skip
        log.info("annex worker %s started", process.pid)
        return cls(process)

    async def read(self, file: File, *, kind: str, seconds: float) -> Extracted:
        """Have a file read; a worker that takes too long, or dies of it, is no longer fit."""
        try:
            async with asyncio.timeout(seconds):
                return await self._read(file, kind=kind)
        except asyncio.CancelledError:
            await self._kill()
            raise
        except TimeoutError:
            await self._kill()
            log.warning("annex worker %s was too slow", self._process.pid)
            return Extracted(Outcome.TOO_SLOW)
        except (EOFError, ConnectionError, asyncio.LimitOverrunError, ValueError, LookupError):
            code = await self._kill()
            # Ended by a signal it fell to a file; with a status of its own, the fault is ours.
            level = logging.ERROR if code > 0 else logging.WARNING
            log.log(level, "annex worker %s ended with %s", self._process.pid, code)
            return Extracted(_outcome(code))

    async def _read(self, file: File, *, kind: str) -> Extracted:
        asked = {"kind": kind, "name": file.name, "size": len(file.payload)}
        self._to.write(json.dumps(asked).encode("ascii") + b"\n")
        view = memoryview(file.payload)
        for at in range(0, len(view), _PIECE):
            self._to.write(view[at : at + _PIECE])
            await self._to.drain()
        answer = json.loads(await self._from.readuntil(b"\n"))
        text = await self._from.readexactly(min(int(answer["size"]), _MOST_BYTES))
        if answer["last"]:
            self.close()
        return Extracted(Outcome(answer["outcome"]), text.decode("utf-8"))

    def close(self) -> None:
        """Say that nothing more comes, whereupon the process ends."""
        self.is_fit = False
        self._to.close()

    async def gone(self) -> int:
        """Wait for the end of the process; its exit status, or the signal that ended it below zero."""
        return await self._process.wait()

    async def _kill(self) -> int:
        """End the process now; what it ended with, should it have ended by itself before."""
        self.close()
        with contextlib.suppress(ProcessLookupError):
            # Not by `kill()` of the process: that looks for its end too, and then nobody learns what it was.
            os.kill(self._process.pid, signal.SIGKILL)
        return await self.gone()


def _outcome(code: int) -> Outcome:
    """Say why a worker died. Libraries that are left without memory abort."""
    if code == -signal.SIGXCPU:
        return Outcome.TOO_SLOW
    return Outcome.TOO_LARGE if -code in _FOR_MEMORY else Outcome.DAMAGED


async def extract(
    mails: AsyncIterable[Sequence[Sequence[File]]], *, extractor: Extractor, store: Store
) -> dict[str, Extracted]:
    """Give what comes of the files of mails, by SHA-256, from what we remember or else by reading them.

    The mails come some at a time; what came is read while more are awaited. New texts are kept, for which
    the bytes must be among the blobs when the transaction ends. A file that was too slow is tried again when
    it comes again: the machine may have been busy.
    """
    found, seen, reading = dict[str, Extracted](), set[str](), list[asyncio.Task[dict[str, Extracted]]]()
    try:
        async for some in mails:
            named = [{blobs.name_of(file.payload): file for file in files} for files in some]
            known = await store.files.read_texts({name for files in named for name in files} - seen)
            found |= {name: Extracted(row.outcome, row.text) for name, row in known.items() if _stands(row)}
            seen |= found.keys()
            reading += [asyncio.create_task(extractor.named(files)) for files in _unread(named, seen)]
        new = {name: each for task in reading for name, each in (await task).items()}
    except BaseException:
        await _end(reading)
        raise
    rows = [
        FileText(blob_sha256=name, outcome=each.outcome, text=each.text, reader=READER)
        for name, each in new.items()
    ]
    await store.files.keep_texts(rows)
    return found | new


async def _end(reading: Sequence[asyncio.Task[dict[str, Extracted]]]) -> None:
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)


def _stands(row: FileText) -> bool:
    return row.reader >= READER and row.outcome != Outcome.TOO_SLOW


def _unread(mails: Sequence[Mapping[str, File]], seen: set[str]) -> Iterator[dict[str, File]]:
    """Leave each file to the first mail that has it: many may send the same."""
    for files in mails:
        left = {name: file for name, file in files.items() if name not in seen}
        seen |= left.keys()
        if left:
            yield left
