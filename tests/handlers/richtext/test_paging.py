"""A text longer than a message is shown in several, and nothing of it is left out."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.content import Content, Item, Listing, Note, Para, Run
from handlers.richtext.paging import PAGE, pages
from handlers.richtext.rich_text import rich_text

WORDS = "Ordene 👍 står her. " * 60


def _listing(count: int, words: str, *, ordered: bool = True) -> Listing:
    return Listing(tuple(Item((Run(f"{words}{n}"),), ordered=ordered) for n in range(count)))


@pytest.mark.parametrize(
    "content",
    [
        (Para((Run(WORDS * 12),)),),
        tuple(Para((Run(WORDS.strip()),), quote=number % 2 == 0) for number in range(15)),
        (Para((Run("Før:"),)), _listing(20, WORDS), Para((Run("Efter."),))),
        (Listing((Item((Run(WORDS * 12),)), Item((Run("kort"),)))),),
        (Para((Run(WORDS.strip()), Note((Run(WORDS.strip()),)), Run(WORDS.strip(), bold=True))),) * 6,
    ],
)
def test_every_word_stands_on_some_page_and_no_page_is_too_long(content: Content) -> None:
    found = pages(content)
    assert len(found) > 1
    shown = "".join("".join(_texts(each)) for each in found)
    assert shown == "".join(_texts(rich_text(content)))
    assert all(len("".join(_texts(each)).encode("utf-16-le")) // 2 <= PAGE for each in found)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value["text"]] if "text" in value else _texts(value["elements"])


def test_a_count_goes_on_on_the_next_page() -> None:
    first, second, *_ = pages((_listing(20, WORDS),))
    [before], [after] = first["elements"], second["elements"]
    assert before.get("offset", 0) == 0
    assert after["offset"] == len(before["elements"])


def test_a_short_text_is_one_page_just_as_it_was() -> None:
    content = (Para((Run("Ja."),)), _listing(3, "nr. "))
    assert list(pages(content)) == rich_text(content)
    assert pages(()) == ()
