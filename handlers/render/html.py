"""The notat as one self-contained page that reads well aloud, on a phone, on a desk and on paper."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

import templates
from handlers.notat.shape import Notat
from handlers.render.layout import layout
from handlers.render.words import TEMPLATES

_CONTENTS_LEVELS = 2


def html(notat: Notat) -> str:
    """A whole HTML document without scripts and without anything fetched; the notat's text is only text."""
    printed = layout(notat)
    entries = [part for part in printed.sections if part.heading and part.level <= _CONTENTS_LEVELS]
    return templates.render("notat/notat.html.j2", it=printed, entries=entries, style=_style())


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "notat.css").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
