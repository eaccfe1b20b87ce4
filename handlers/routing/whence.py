"""In which of a submission's files a passage stands, when its sender did not write it in the mail itself."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.routing.danish import clean


def whence(passage: str, own: str, files: Iterable[tuple[str, str]]) -> str:
    """The name of the first file (name, text) in which a passage stands; empty when the text has it itself.

    Passages are as `handlers.routing.suggest` gives them: on one line, "…" where they were cut.
    """
    if stands_in(passage, own):
        return ""
    return next((name for name, text in files if stands_in(passage, text)), "")


def stands_in(passage: str, text: str) -> bool:
    """Whether a text has a passage."""
    said = passage.removeprefix("…").removesuffix("…").strip()
    return said in " ".join(clean(text).split())
