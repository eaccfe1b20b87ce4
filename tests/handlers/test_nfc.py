"""Accents are composed with their letters, in pieces that part no letter from its marks."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from handlers.nfc import nfc

_PIECES = st.sampled_from(
    ["å", "a\u030a", "e\u0301\u0323", "\u1112\u1161\u11ab", "ord ", "\u0915\u093c", "\n"]
)


@given(st.lists(_PIECES, min_size=100, max_size=600).map("".join))
def test_a_text_is_composed_as_the_standard_says_wherever_it_is_cut(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


@given(st.text())
def test_any_text_keeps_what_it_means(text: str) -> None:
    assert unicodedata.normalize("NFD", nfc(text)) == unicodedata.normalize("NFD", text)


def test_a_heap_of_marks_is_kept_and_costs_little() -> None:
    heap = "a" + "\u0301\u0323" * 500_000
    assert len(nfc(heap)) >= 999_000
