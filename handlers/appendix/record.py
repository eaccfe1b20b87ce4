"""What a worker tells of the file it pressed, as JSON values and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlers.appendix.sheets import Anchor, Look, Mark, Pressed, Sheet, Tag, Unshown, Why


def dump(found: Pressed | Unshown) -> dict[str, Any]:
    """What came of a file as JSON values."""
    if isinstance(found, Unshown):
        return {"why": found.why.value}
    return {
        "path": str(found.path),
        "sheets": [[sheet.width, sheet.height, sheet.look.value, sheet.words] for sheet in found.sheets],
        "tags": [_dump(tag) for tag in found.tags],
    }


def load(values: dict[str, Any], *, path: Path) -> Pressed | Unshown:
    """What `dump` gave, from a worker that wrote its sheets to `path`.

    Raises:
        KeyError, TypeError, ValueError: a file took the worker over, and it gives something else.
    """
    if "why" in values:
        return Unshown(Why(values["why"]))
    sheets = tuple(
        Sheet(float(width), float(height), Look(look), str(words))
        for width, height, look, words in values["sheets"]
    )
    return Pressed(path, sheets, tuple(_tag(value) for value in values["tags"]))


def _dump(kid: Tag | Mark | Anchor) -> dict[str, Any] | list[Any]:
    if isinstance(kid, Mark):
        return [kid.sheet, kid.mcid]
    if isinstance(kid, Anchor):
        return [kid.sheet, list(kid.box), kid.address]
    told = {"alt": kid.alt, "actual": kid.actual, "expansion": kid.expansion, "language": kid.language}
    kids = [_dump(each) for each in kid.kids]
    return {"kind": kid.kind, "kids": kids, "cell": dict(kid.cell or {})} | {
        k: v for k, v in told.items() if v
    }


def _tag(value: dict[str, Any]) -> Tag:
    told = {name: str(value.get(name, "")) for name in ("alt", "actual", "expansion", "language")}
    return Tag(str(value["kind"]), tuple(_kid(kid) for kid in value["kids"]), cell=value["cell"], **told)


def _kid(value: dict[str, Any] | Sequence[Any]) -> Tag | Mark | Anchor:
    if isinstance(value, dict):
        return _tag(value)
    if len(value) == 2:
        return Mark(int(value[0]), int(value[1]))
    left, bottom, right, top = map(float, value[1])
    return Anchor(int(value[0]), (left, bottom, right, top), str(value[2]))
