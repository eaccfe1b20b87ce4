"""What a message carries besides its words: a notat holds text, so none of it comes along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.talk import Reply


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The names of files, each once, and whether other messages were shared in it."""

    files: tuple[str, ...] = ()
    shares: bool = False

    def __bool__(self) -> bool:
        return bool(self.files) or self.shares


def enclosed(parts: Iterable[Reply]) -> Enclosed:
    """What these messages carry; those that are gone carry nothing."""
    alive = [part.raw for part in parts if not part.deleted]
    files = (str(file.get("name", "")) for raw in alive for file in raw.get("files", ()))
    hung = (each for raw in alive for each in raw.get("attachments", ()) if isinstance(each, dict))
    return Enclosed(tuple(dict.fromkeys(files)), shares=any(each.get("is_share") for each in hung))
