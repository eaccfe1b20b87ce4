"""The process of the embedded PostgreSQL: bound to our life, watched, and stopped."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from storage.embedded_home import Home, Unusable, died, explained

READY_WITHIN = 600.0  # seconds: after a power cut PostgreSQL first repeats its log
_STOP_WITHIN = 60.0  # seconds a fast shutdown may take before we stop the server at once
_LOOKS_EVERY = 0.25  # seconds until we know that the server has ended

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One file a weekday, overwritten a week later.
    "log_checkpoints": "off",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    # Citizens' words may stand in statements, parameters and the details of errors: none of them is logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")

# The watcher is a grandchild, so that the postmaster has no child that it does not know.
_DIE_WITH_US = """
exec 3<&0 </dev/null
( ( read -r _ <&3; kill -INT $$ ) >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""


def launch(home: Home, *, lock: int, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server, which holds `lock` as long as any process of it lives. Raises Unusable."""
    settings = _SETTINGS | dict.fromkeys(_DURABILITY, "on" if durable else "off")
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    postgres = [str(home.binaries / "postgres"), "-D", home.pgdata(home.cluster), *options]
    try:
        home.write_access()
        with start_log(home) as log:
            return home.run(_guarded(postgres), output=log, cwd=home.cluster, keep=(lock,), pipe=True)
    except OSError as error:
        raise explained(str(error), home.folder) from error


def _guarded(command: Sequence[str]) -> list[str]:
    return ["/bin/sh", "-c", _DIE_WITH_US, "postgres", *command]


async def ready(home: Home, server: subprocess.Popen[bytes]) -> None:
    """Wait until it takes connections. Raises Unusable when it ends before that."""

    def decided() -> bool:
        return server.poll() is not None or "ready" in words(home.cluster / "postmaster.pid")

    if not await until(decided, within=READY_WITHIN) or server.poll() is not None:
        raise explained(account(home), home.folder)


@asynccontextmanager
async def watched(
    home: Home, server: subprocess.Popen[bytes], on_death: Callable[[Unusable], None] | None
) -> AsyncIterator[None]:
    """Call `on_death`, with a sentence for the operator, when the server ends while the body runs."""
    if on_death is None:
        yield
        return
    watching = asyncio.create_task(_watch(home, server, on_death))
    try:
        yield
    finally:
        watching.cancel()


async def _watch(home: Home, server: subprocess.Popen[bytes], on_death: Callable[[Unusable], None]) -> None:
    while (status := server.poll()) is None:  # noqa: ASYNC110  a process tells nobody of its end
        await asyncio.sleep(_LOOKS_EVERY)
    on_death(died(home.folder, status))


async def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, however often we are cancelled meanwhile: the pipe is closed before the first wait."""
    if server.stdin:
        server.stdin.close()
    await asyncio.shield(asyncio.ensure_future(_ended(server)))


async def _ended(server: subprocess.Popen[bytes]) -> None:
    if not await until(lambda: server.poll() is not None, within=_STOP_WITHIN):
        server.send_signal(signal.SIGQUIT)
        await until(lambda: server.poll() is not None, within=_STOP_WITHIN)


def words(path: Path) -> list[str]:
    """Read a small file's lines; one empty line when there is none."""
    with contextlib.suppress(OSError):
        return [line.strip() for line in path.read_text().split("\n")]
    return [""]


async def until(done: Callable[[], bool], *, within: float) -> bool:
    """Look until it is so, for some seconds at most; whether it was."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not done():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.01)
    return True


def start_log(home: Home) -> IO[bytes]:
    """Open, empty, the file that takes what a start says."""
    path = home.folder / "start.log"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    return os.fdopen(fd, "wb")


def account(home: Home) -> str:
    """Return what initdb or the server said last of why it did not start."""
    logs = sorted((home.cluster / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
    fatal = [line for log in logs[-1:] for line in words(log) if "FATAL:" in line or "PANIC:" in line]
    return "\n".join([*words(home.folder / "start.log"), *fatal[-1:]]).strip()
