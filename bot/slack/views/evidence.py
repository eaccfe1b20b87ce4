"""The passages that speak for asking a department, each with the file it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.slack.views import blocks
from handlers.annex.pointing import MAX_SPOKEN, spoken
from handlers.discretion import Veil
from handlers.routing.suggest import Routing, among
from handlers.routing.whence import stands_in, whence
from storage.dossier import Filed
from storage.hearings import Seat
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Sources:
    """A submission's own text and those of its files, as they came, with the `veil` that lies over them."""

    text: str
    files: tuple[tuple[str, str], ...]
    over: Veil

    def route(self, seats: Sequence[Seat]) -> Routing:
        """Whom it speaks to, as it is asked when it is laid before them."""
        return among(spoken(self.text, (text for _, text in self.files)), seats)

    def cite(self, passages: Sequence[str]) -> list[str]:
        """The passages as they may be shown; of one that stands in a file, in which."""
        beginnings = [(name, text[:MAX_SPOKEN]) for name, text in self.files]
        return [
            blocks.words(
                "passage", passage=self.over.over(passage),
                file=self.over.over(whence(passage, self.text, beginnings)),
            )
            for passage in passages
        ]  # fmt: skip

    def evidence(self, routing: Routing) -> Mapping[str, Sequence[str]]:
        """What speaks for each department, by its key."""
        return {each.department: self.cite(each.passages) for each in routing.suggestions}


async def cited(passages: Sequence[str], filed: Filed, over: Veil, *, store: Store) -> list[str]:
    """Passages of a submission as they may be shown; its files are read only when they must be."""
    text = filed.submission.text
    if all(stands_in(passage, text) for passage in passages):
        return Sources(text, (), over).cite(passages)
    return (await sources(filed, over, store=store)).cite(passages)


async def sources(filed: Filed, over: Veil, *, store: Store) -> Sources:
    """What a submission as it came says, with its files."""
    read = await store.files.read_texts([file.blob_sha256 for file in filed.attachments])
    texts = [
        (file.name, read[file.blob_sha256].text) for file in filed.attachments if file.blob_sha256 in read
    ]
    return Sources(filed.submission.text, tuple(texts), over)
