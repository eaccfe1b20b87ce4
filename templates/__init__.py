"""All the Danish: what citizens, caseworkers and readers of the notat see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HERE = Path(__file__).parent
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@cache
def environment() -> Environment:
    """One environment for all: unknown names are errors, HTML is escaped, the rest is plain text."""
    made = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html.j2", "html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters["copenhagen"] = lambda moment: moment.astimezone(COPENHAGEN)
    made.filters["slack"] = lambda text: escape_slack(str(text))
    made.filters["listed"] = join
    made.filters["number"] = number
    return made


def escape_slack(text: str) -> str:
    """Text that mrkdwn shows as it is written, without mentions or links.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def genitive(name: str) -> str:
    """A name's genitive: an apostrophe after s, x, z; apostrophe and s after initials, figures and signs."""
    if name[-1:].isalpha() and not _is_short(name):
        return name + (_APOSTROPHE if name[-1].lower() in {"s", "x", "z"} else "s")
    return f"{name}{_APOSTROPHE}s"


def genitives(name: str) -> tuple[str, ...]:
    """Give a name and all that people write as its genitive."""
    return name, genitive(name), f"{name}s", f"{name}{_APOSTROPHE}", f"{name}{_APOSTROPHE}s"


def _is_short(name: str) -> bool:
    """Whether its last word is initials, as in SOF, or a single letter."""
    return name.rsplit(maxsplit=1)[-1].isupper()


def number(count: int) -> str:
    """How many there are: 999, 1.000, 1.234.567. What something is numbered has no such points."""
    return f"{count:,}".replace(",", ".")


def join(names: Iterable[str]) -> str:
    """Names as a list in a sentence: "A", "A og B", "A, B og C"."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} og {last}" if most else last


def say(template: str, phrase: str, /, **values: Any) -> str:
    """One phrase (a macro) of a template as plain text, with its line ends trimmed at both ends."""
    macro = getattr(environment().get_template(template).module, phrase)
    return str(macro(**values)).strip()


def render(template: str, /, **values: Any) -> str:
    """A whole template."""
    return environment().get_template(template).render(**values)
