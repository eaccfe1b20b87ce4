"""A PostgreSQL of our own, from a wheel, that lives in a data directory and dies with this process.

Who gets in: the cluster folder is 0700 and holds the socket too, there is no TCP, and the kernel names the
peer (`peer` authentication), so only the user who runs us connects, without any password to keep.

PostgreSQL refuses to run as root. As root we give the server a user id that has no name and no other
process. No parent folder is opened up for it: it starts with the cluster as its working directory and knows
it as /proc/self/cwd, which asks nothing of the folders above.

The end of a pipe that only we hold is the signal for a fast shutdown, so `kill -9` stops the server as
orderly as closing does.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from storage.embedded_home import Home, Unsafe, Unusable, explained, open_home

__all__ = ["Unsafe", "Unusable", "embedded", "shared"]

_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100  # bytes: macOS takes 103, Linux 107
_STOP_WITHIN = 60.0  # seconds a fast shutdown may take before we stop the server at once
_READY_WITHIN = 600.0  # seconds: after a power cut PostgreSQL first repeats its log
_ORPHAN_WITHIN = 15.0  # seconds an earlier server may take to end

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


@asynccontextmanager
async def embedded(data_dir: Path, *, durable: bool = True) -> AsyncIterator[str]:
    """Run a PostgreSQL that belongs to this process; yield its `postgresql+psycopg://` URL for SQLAlchemy.

    The cluster is made on the first use, with UTF-8 and the C.UTF-8 collation that is the same on every
    system. Without `durable` a power cut may lose it: for test suites only.
    Raises Unsafe or Unusable with a sentence for the operator.
    """
    with ExitStack() as held:
        home = open_home(data_dir)
        held.enter_context(_alone(home))
        lock = held.enter_context(_opened(home.folder / "server.lock"))
        await _wait_for_orphan(home, lock)
        if not home.cluster.exists():
            await _create(home, durable=durable)
        home.check_cluster()
        host = held.enter_context(_address(home.cluster))
        server = _launch(home, lock=lock, durable=durable)
        try:
            await _ready(home, server)
            yield _url(host)
        finally:
            await _stop(server)


@asynccontextmanager
async def shared(data_dir: Path, *, durable: bool = True) -> AsyncIterator[str]:
    """Yield the URL of the PostgreSQL that another process of ours runs there, else of our own.

    For commands that are given while the service runs. Raises as `embedded` does.
    """
    home = open_home(data_dir)
    with _opened(home.folder / "owner.lock") as fd:
        in_use = not _locks(fd)
    if in_use:
        with _address(home.cluster) as host:
            yield _url(host)
    else:
        async with embedded(data_dir, durable=durable) as url:
            yield url


def _url(host: Path) -> str:
    url = URL.create(
        "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(host)}
    )
    return url.render_as_string(hide_password=False)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)  # the shell in between uses the low ones
    except OSError as error:
        raise explained(str(error), path.parent) from error
    os.close(fd)
    try:
        yield high
    finally:
        os.close(high)


def _locks(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with _opened(home.folder / "owner.lock") as fd:
        if not _locks(fd):
            raise Unusable(
                f"Another hoeringsbot is running on {home.folder}: stop it first, "
                "or give this one a HOERING_DATA_DIR of its own."
            )
        yield


async def _wait_for_orphan(home: Home, lock: int) -> None:
    """Wait until no process of an earlier server is left: each of them holds the lock that it inherited.

    Its lock files are then stale for certain, and must go: their number may be another process by now.
    """
    pid_file = home.cluster / "postmaster.pid"
    if not await _until(lambda: _locks(lock), within=_ORPHAN_WITHIN):
        pid = _words(pid_file)[0]
        home.run(["/bin/sh", "-c", 'kill -QUIT "$1"', "sh", pid], cwd=home.cluster).wait()
        if not await _until(lambda: _locks(lock), within=_ORPHAN_WITHIN):
            raise Unusable(
                f"An earlier PostgreSQL is still running on {home.folder} (process {pid}): "
                "stop that process and start again."
            )
    for stale in (pid_file, home.cluster / f"{_SOCKET}.lock"):
        stale.unlink(missing_ok=True)


def _words(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return [line.strip() for line in path.read_text().split("\n")]
    return [""]


async def _until(done: Callable[[], bool], *, within: float) -> bool:
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not done():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.01)
    return True


async def _create(home: Home, *, durable: bool) -> None:
    try:
        staging, uid = home.staging()
        with _log(home) as log:
            initdb = home.run(_initdb(home, staging, durable=durable), output=log, cwd=staging, uid=uid)
        await _finished(initdb)
        if initdb.returncode:
            raise explained(_account(home), home.folder)
        home.keep(staging)
    except OSError as error:
        raise explained(str(error), home.folder) from error


def _initdb(home: Home, staging: Path, *, durable: bool) -> list[str]:
    return [
        str(home.binaries / "initdb"),
        f"--pgdata={home.pgdata(staging)}",
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth=peer",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]


async def _finished(process: subprocess.Popen[bytes]) -> None:
    try:
        await _until(lambda: process.poll() is not None, within=_READY_WITHIN)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def _address(cluster: Path) -> Iterator[Path]:
    """Yield a path to the cluster that is short enough for a client's socket address."""
    if len(os.fsencode(cluster / _SOCKET)) <= _SOCKET_PATH_LIMIT:
        yield cluster
        return
    where = min(tempfile.gettempdir(), "/tmp", key=len)  # noqa: S108  # a private folder is made in it
    with tempfile.TemporaryDirectory(prefix="hoering-", dir=where) as folder:
        link = Path(folder) / "pg"
        link.symlink_to(cluster)
        yield link


def _log(home: Home) -> IO[bytes]:
    path = home.folder / "start.log"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    return os.fdopen(fd, "wb")


def _account(home: Home) -> str:
    """Return what initdb or the server said last of why it did not start."""
    logs = sorted((home.cluster / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
    fatal = [line for log in logs[-1:] for line in _words(log) if "FATAL:" in line or "PANIC:" in line]
    return "\n".join([*_words(home.folder / "start.log"), *fatal[-1:]]).strip()


def _launch(home: Home, *, lock: int, durable: bool) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | dict.fromkeys(_DURABILITY, "on" if durable else "off")
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    postgres = [str(home.binaries / "postgres"), "-D", home.pgdata(home.cluster), *options]
    try:
        home.write_access()
        with _log(home) as log:
            return home.run(_guarded(postgres), output=log, cwd=home.cluster, keep=(lock,), pipe=True)
    except OSError as error:
        raise explained(str(error), home.folder) from error


def _guarded(command: Sequence[str]) -> list[str]:
    return ["/bin/sh", "-c", _DIE_WITH_US, "postgres", *command]


async def _ready(home: Home, server: subprocess.Popen[bytes]) -> None:
    def decided() -> bool:
        return server.poll() is not None or "ready" in _words(home.cluster / "postmaster.pid")

    if not await _until(decided, within=_READY_WITHIN) or server.poll() is not None:
        raise explained(_account(home), home.folder)


async def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, however often we are cancelled meanwhile: the pipe is closed before the first wait."""
    if server.stdin:
        server.stdin.close()
    await asyncio.shield(asyncio.ensure_future(_ended(server)))


async def _ended(server: subprocess.Popen[bytes]) -> None:
    if not await _until(lambda: server.poll() is not None, within=_STOP_WITHIN):
        server.send_signal(signal.SIGQUIT)
        await _until(lambda: server.poll() is not None, within=_STOP_WITHIN)
