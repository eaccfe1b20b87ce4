"""What changed in a text is shown word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.content import paragraphs, plain
from handlers.talk.difference import Fate, difference

SIGNS = {Fate.STAYED: "{}", Fate.GONE: "[-{}-]", Fate.NEW: "[+{}+]"}


def marked(old: str, new: str) -> str:
    return "".join(
        SIGNS[each.fate].format(each.text) for each in difference(paragraphs(old), paragraphs(new))
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Vi planter lind.", "Vi planter lind.", ""),
        ("Vi planter lind i maj.", "Vi planter eg i maj.", "Vi planter [-lind -][+eg +]i maj."),
        ("Vi er enige.", "Vi er ikke enige.", "Vi er [+ikke +]enige."),
        ("Vi er ikke enige.", "Vi er enige.", "Vi er [-ikke -]enige."),
        ("Ja.", "Nej.", "[-Ja.-][+Nej.+]"),
        ("Ja.", "", "[-Ja.-]"),
        ("Ja.", "Ja.\n\nOg mere.", "Ja.[+\n\nOg mere.+]"),
        ("ja " * 20 + "lind", "ja " * 20 + "eg", "… " + "ja " * 12 + "[-lind-][+eg+]"),
        ("lind " + "ja " * 20, "eg " + "ja " * 20, "[-lind -][+eg +]" + "ja " * 12 + "… "),
        ("a " + "x " * 30 + "b", "c " + "x " * 30 + "d",
         "[-a -][+c +]" + "x " * 12 + "… " + "x " * 12 + "[-b-][+d+]"),
    ],
)  # fmt: skip
def test_a_change_stands_among_the_words_around_it(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


@given(st.text(alphabet="ab \n", max_size=30), st.text(alphabet="ab \n", max_size=30))
def test_what_stayed_and_is_new_is_the_new_text_and_what_stayed_and_is_gone_the_old(
    old: str, new: str
) -> None:
    stretches = difference(paragraphs(old), paragraphs(new))
    for text, left_out in ((new, Fate.GONE), (old, Fate.NEW)):
        said = "".join(each.text for each in stretches if each.fate != left_out)
        assert said in (plain(paragraphs(text)), "") or "…" in said


@pytest.mark.timeout(20)  # it would take minutes if it took longer for each sign
def test_two_long_texts_without_a_word_in_common_are_told_apart_in_good_time() -> None:
    marked(" ".join(f"a{n}" for n in range(9_000)), " ".join(f"b{n}" for n in range(9_000)))
