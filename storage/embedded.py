"""A PostgreSQL of our own, from a wheel, that lives in a data directory and dies with this process.

Who gets in: the cluster folder is 0700 and holds the socket too, there is no TCP, and the kernel names the
peer (`peer` authentication), so only the user who runs us connects, without any password to keep.

PostgreSQL refuses to run as root. As root we give the server a user id that has no name and no other
process. No parent folder is opened up for it: it starts with the cluster as its working directory and knows
it as /proc/self/cwd, which asks nothing of the folders above.

The end of a pipe that only we hold is the signal for a fast shutdown, so `kill -9` stops the server as
orderly as closing does.
"""

import fcntl
import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import URL

from storage.embedded_home import Home, Unsafe, Unusable, explained, open_home
from storage.embedded_server import (
    READY_WITHIN,
    account,
    launch,
    ready,
    start_log,
    stop,
    until,
    watched,
    words,
)

__all__ = ["Unsafe", "Unusable", "embedded", "shared"]

_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100  # bytes: macOS takes 103, Linux 107
_ORPHAN_WITHIN = 15.0  # seconds an earlier server may take to end


@asynccontextmanager
async def embedded(
    data_dir: Path, *, durable: bool = True, on_death: Callable[[Unusable], None] | None = None
) -> AsyncIterator[str]:
    """Run a PostgreSQL that belongs to this process; yield its `postgresql+psycopg://` URL for SQLAlchemy.

    The cluster is made on the first use, with UTF-8 and the C.UTF-8 collation that is the same on every
    system. Without `durable` a power cut may lose it: for test suites only. `on_death` is called when the
    server ends before it is asked to, with a sentence for the operator.
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
        server = launch(home, lock=lock, durable=durable)
        try:
            await ready(home, server)
            async with watched(home, server, on_death):
                yield _url(host)
        finally:
            await stop(server)


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
    if not await until(lambda: _locks(lock), within=_ORPHAN_WITHIN):
        pid = words(pid_file)[0]
        home.run(["/bin/sh", "-c", 'kill -QUIT "$1"', "sh", pid], cwd=home.cluster).wait()
        if not await until(lambda: _locks(lock), within=_ORPHAN_WITHIN):
            raise Unusable(
                f"An earlier PostgreSQL is still running on {home.folder} (process {pid}): "
                "stop that process and start again."
            )
    for stale in (pid_file, home.cluster / f"{_SOCKET}.lock"):
        stale.unlink(missing_ok=True)


async def _create(home: Home, *, durable: bool) -> None:
    try:
        staging, uid = home.staging()
        with start_log(home) as log:
            initdb = home.run(_initdb(home, staging, durable=durable), output=log, cwd=staging, uid=uid)
        await _finished(initdb)
        if initdb.returncode:
            raise explained(account(home), home.folder)
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
        await until(lambda: process.poll() is not None, within=READY_WITHIN)
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
