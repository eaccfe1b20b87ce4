"""What changed between two versions of a notat, as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from markupsafe import Markup

import templates
from handlers.notat.changed import Changes
from handlers.render.words import TEMPLATES
from storage.models import Hearing


def changes_page(changes: Changes, *, hearing: Hearing, names: Mapping[str, str]) -> str:
    """A whole HTML document without scripts; `names` are people's by their ids, as far as they are known."""
    return templates.render(
        "notat/changes.html.j2", changes=changes, hearing=hearing, names=names, style=_style()
    )


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "notat.css").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
