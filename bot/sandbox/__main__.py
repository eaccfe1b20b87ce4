"""Runs the sandbox by itself: `python -m bot.sandbox --port 3000`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

from bot.sandbox import Config, Sandbox
from bot.sandbox.config import read_toml


def parser() -> argparse.ArgumentParser:
    """Give the command line."""
    made = argparse.ArgumentParser(
        prog="python -m bot.sandbox", description="A Slack look-alike on this machine."
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    made.add_argument("--port", type=int, default=3000, help="port of the API and the page (%(default)s)")
    made.add_argument("--workspace", type=Path, metavar="FILE.toml", help="people, channels and tokens")
    made.add_argument("--public-url", help="how the app reaches this, when not by --host and --port")
    made.add_argument("--allow-host", action="append", default=[], help="another host name to answer to")
    made.add_argument("--mail-port", type=int, help="port where mail is taken (any free one)")
    made.add_argument("--smtp", metavar="HOST:PORT", help="where the citizen's form sends its mail")
    made.add_argument("--hearing-address", action="append", help="an address the citizen may write to")
    return made


def config(options: argparse.Namespace) -> Config:
    """Give what the command line and the workspace file say; the command line wins."""
    values: dict[str, Any] = read_toml(options.workspace) if options.workspace else {}
    if options.public_url:
        values["public_url"] = options.public_url
    if options.mail_port is not None:
        values["mail_port"] = options.mail_port
    if options.smtp:
        host, _, port = options.smtp.rpartition(":")
        values |= {"smtp_host": host, "smtp_port": int(port)}
    if options.hearing_address:
        values["hearing_addresses"] = tuple(options.hearing_address)
    values["allowed_hosts"] = frozenset(values.get("allowed_hosts", ())) | set(options.allow_host)
    return Config(**values)


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is asked to end."""
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with Sandbox(config(options)).running(host=options.host, port=options.port) as sandbox:
        sys.stdout.write(f"page {sandbox.url}/  api {sandbox.api_url}  mail port {sandbox.mail_port}\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """Run the command line."""
    made = parser()
    options = made.parse_args()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options))
    except (ValueError, OSError) as error:
        made.error(str(error))


if __name__ == "__main__":
    main()
