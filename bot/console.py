"""What every command has in common: where it prints, its settings, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import sys
import tomllib
from collections.abc import Coroutine
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.exc import OperationalError

from bot.app import Misconfigured
from bot.settings import PREFIX, NotThere, Settings, settings
from storage.embedded import Unsafe, Unusable

_FAILED = 1
_WIDTH = None if sys.stdout.isatty() else 160  # columns of a table that nobody's window bounds
out, err = Console(width=_WIDTH), Console(width=_WIDTH, stderr=True)


def set_up() -> Settings:
    """The settings, or the end of the command with a sentence for each that is wrong."""
    try:
        found = settings()
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            say(f"{PREFIX}{name}: {problem['msg'].removeprefix('Value error, ')}")
        raise typer.Exit(_FAILED) from None
    except NotThere as problem:
        say(str(problem))
        raise typer.Exit(_FAILED) from None
    except (tomllib.TOMLDecodeError, OSError) as error:
        say(f"The settings cannot be read: {error}")
        raise typer.Exit(_FAILED) from None
    logging.getLogger().setLevel(found.log_level)
    return found


def do(work: Coroutine[Any, Any, bool]) -> None:
    """Run to the end; a sentence instead of a trace for what an operator can mend."""
    try:
        well = asyncio.run(work)
    except (Misconfigured, Unsafe, Unusable) as problem:
        say(str(problem))
        raise typer.Exit(_FAILED) from None
    except OperationalError as error:
        say(f"The database does not answer: {error.orig}")
        raise typer.Exit(_FAILED) from None
    if not well:
        raise typer.Exit(_FAILED)


def say(sentence: str) -> None:
    """Tell the operator, word for word."""
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
