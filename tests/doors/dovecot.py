"""A Dovecot of the tests' own, where it is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.doors.mailservers import PASSWORD

MISSING = "Dovecot is not installed (Debian: dovecot-core dovecot-imapd)"

_DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


def has_dovecot() -> bool:
    return _dovecot() is not None


def _dovecot() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def dovecot(*, prefix: str = "", separator: str = "/") -> Iterator[int]:
    """The port of a private Dovecot that lets any user in with the password."""
    program = _dovecot()
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="dovecot") as folder:
        port = _free_port()
        conf = Path(folder) / "dovecot.conf"
        me = pwd.getpwuid(os.getuid())
        is_root = me.pw_uid == 0
        mails = pwd.getpwnam("nobody") if is_root else me
        home = Path(folder) / "home"
        home.mkdir()
        Path(folder).chmod(0o755)
        os.chown(home, mails.pw_uid, mails.pw_gid)
        conf.write_text(_DOVECOT.format(
            folder=folder, port=port, password=PASSWORD, prefix=prefix, separator=separator,
            internal="dovecot" if is_root else me.pw_name, login="dovenull" if is_root else me.pw_name,
            group="dovecot" if is_root else me.pw_gid, uid=mails.pw_uid, gid=mails.pw_gid,
        ), "utf-8")  # fmt: skip
        with subprocess.Popen([program, "-F", "-c", str(conf)]) as process:  # noqa: S603
            try:
                _await_greeting(port)
                yield port
            finally:
                process.terminate()
                process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port: int = chosen.getsockname()[1]
    return port


def _await_greeting(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                if line.recv(4):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError("Dovecot does not answer")
